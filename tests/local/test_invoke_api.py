"""A function invokes another by Lambda's API: if its policies let it, and with the errors of Lambda."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.resolver import REGION, STACK
from local.resources import make_client
from tests.local.stack import Running

ECHO, TICK = f"{STACK}-EchoFunction", f"{STACK}-TickFunction"


def invoke(running: Running, signer: str, function: str, payload: Any = None) -> tuple[str | None, Any]:
    """Return the kind of error of an invocation, and its answer."""
    caller = make_client("lambda", running.cloud.invoke_endpoint, signer)
    told = caller.invoke(FunctionName=function, Payload=json.dumps(payload or {"a": "ß"}))
    return told.get("FunctionError"), json.loads(told["Payload"].read())


@pytest.mark.parametrize("signer", ["local", "TickFunction"])
def test_function_answers_those_who_may_invoke_it(running: Running, signer: str) -> None:
    assert invoke(running, signer, ECHO) == (None, {"a": "ß"})


REFUSED = [
    ("BatchFunction", ECHO, {}, "AccessDeniedException"),
    ("TickFunction", TICK, {}, "AccessDeniedException"),
    ("TickFunction", f"{STACK}-Nothing", {}, "ResourceNotFoundException"),
    ("local", f"{STACK}-Bucket", {}, "ResourceNotFoundException"),
    ("local", "elsewhere", {}, "ResourceNotFoundException"),
    ("TickFunction", ECHO, {"a": "x" * 6 * 2**20}, "RequestTooLargeException"),
]


@pytest.mark.parametrize(("signer", "function", "payload", "code"), REFUSED)
def test_invocation_is_refused(
    running: Running, signer: str, function: str, payload: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as caught:
        invoke(running, signer, function, payload)
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("raise", "ValueError"),
        ("crash", "Runtime.ExitError"),
        ("hang", "Sandbox.Timedout"),
        ("large", "Function.ResponseSizeTooLarge"),
    ],
)
def test_failure_of_a_function_is_its_answer(running: Running, action: str, kind: str) -> None:
    error, answer = invoke(running, "TickFunction", ECHO, {"queryStringParameters": {"do": action}})
    assert (error, answer["errorType"]) == ("Unhandled", kind)


def test_functions_know_where_to_invoke_others(running: Running) -> None:
    _, answer = invoke(running, "local", ECHO, {"queryStringParameters": {"do": "environment"}})
    assert answer["variables"]["AWS_ENDPOINT_URL_LAMBDA"] == running.cloud.invoke_endpoint
    assert answer["variables"]["AWS_REGION"] == REGION
