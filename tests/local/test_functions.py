"""A function runs as in Lambda: its own process, its own environment, and no longer than it may."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from local.resolver import ACCOUNT, REGION, STACK
from tests.local.stack import Running, eventually, processes_of

INTERNAL_ERROR = b'{"message":"Internal Server Error"}'


def test_environment_has_the_functions_variables_alone(running: Running) -> None:
    variables = running.ask("/echo/x?do=environment").json()["variables"]
    reserved = {name for name in variables if name.startswith(("AWS_", "LAMBDA_", "_"))}
    by_python_itself = {"LC_CTYPE"}
    assert variables.keys() - reserved - by_python_itself == {"GREETING", "LANG", "PATH", "PYTHONPATH", "TZ"}
    assert variables["GREETING"] == f"hello, {REGION}"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == f"{STACK}-EchoFunction"
    assert "AWS_ENDPOINT_URL" not in variables, "this function does not declare it"


def test_layer_can_be_imported(running: Running) -> None:
    assert running.ask("/echo/x?do=word").json() == {"word": "one"}


def test_context_has_the_remaining_time_and_the_function(running: Running) -> None:
    context = running.ask("/echo/x?do=context").json()
    assert 0 < context["left"] <= 2000
    assert context["arn"] == f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}-EchoFunction"


def test_environment_is_reused(running: Running) -> None:
    pids = {running.ask("/echo/x?do=environment").json()["pid"] for _ in range(3)}
    assert len(pids) == 1


@pytest.mark.parametrize(
    ("what", "printed"),
    [
        ("raise", "EchoFunction ValueError: no such thing"),
        ("crash", "EchoFunction Runtime.ExitError: Runtime exited with error: exit status 3"),
        ("hang", "EchoFunction Sandbox.Timedout: Task timed out after 2.00 seconds"),
    ],
)
def test_failure_is_a_500_with_a_line_and_the_next_request_works(
    running: Running, what: str, printed: str
) -> None:
    answer = running.ask(f"/echo/x?do={what}")
    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
    assert printed in running.printed.getvalue()
    assert running.ask("/echo/x?do=word").status == 200


def test_environment_is_killed_with_its_children(running: Running) -> None:
    running.ask("/echo/x?do=hang")
    eventually(lambda: not [each for each in processes_of(running.folder).values() if "sleep" in each])


def test_output_goes_to_the_functions_log(running: Running) -> None:
    running.ask("/echo/x?do=raise")
    log = running.cloud.options.logs / "EchoFunction.log"
    eventually(lambda: "ValueError" in log.read_text())


@pytest.mark.parametrize(
    ("answer", "status", "headers", "body"),
    [
        ({"a": 1}, 200, {"content-type": "application/json"}, b'{"a": 1}'),
        ("text", 200, {"content-type": "application/json"}, b"text"),
        ({"statusCode": 201, "body": "made"}, 201, {"content-type": "text/plain;charset=UTF-8"}, b"made"),
        (
            {"statusCode": 200, "headers": {"X-A": True}, "body": "eA==", "isBase64Encoded": True},
            200,
            {"x-a": "true"},
            b"x",
        ),
        (
            {"statusCode": 303, "headers": {"Location": "/b"}},
            303,
            {"location": "/b", "content-length": "0"},
            b"",
        ),
        ({"statusCode": 204}, 204, {}, b""),
        ({"statusCode": 200, "cookies": ["a=1"]}, 200, {"set-cookie": "a=1"}, b""),
        ({"statusCode": 200, "headers": {"X-A": "a\r\nX-B: b"}}, 500, {}, INTERNAL_ERROR),
        ({"statusCode": "no number"}, 500, {}, INTERNAL_ERROR),
        ({"statusCode": 200, "body": {"no": "string"}}, 500, {}, INTERNAL_ERROR),
        (
            {"statusCode": 200, "body": "?", "isBase64Encoded": True},
            500,
            {},
            INTERNAL_ERROR,
        ),
    ],
)
def test_answer_is_read_as_api_gateway_reads_it(
    running: Running, answer: object, status: int, headers: dict[str, str], body: bytes
) -> None:
    got = running.ask(f"/echo/x?do=answer&answer={quote(json.dumps(answer))}")
    assert (got.status, got.body) == (status, body)
    assert headers.items() <= got.headers.items()
