"""No function has a right that it does not use, and none uses a right that it does not have.

The functions run on an AWS that refuses nothing and notes all calls. The rights that they used are compared
with their policies. A new function is compared, too: its calls belong into the story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from local import invoke_api
from local.http_server import Scope
from local.policies import IamRequest, Policies, Statement, is_allowed
from local.resolver import ACCOUNT, REGION
from local.stack import make_stack
from local.template import FUNCTION, Template
from tests.fake_feature_server import fake_feature_server
from tests.fake_portal import USER, serve_portal
from tests.template.conftest import PATH
from tests.template.iam_recorder import IamRecorder, serve_recorder
from tests.template.rights_story import Story, serve_project, write_project
from tests.webhook_receiver import serve_webhook
from tests.wire.conftest import Site

OF_A_QUEUE = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
OF_A_STREAM = tuple(
    f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
)
"""Rights that Lambda uses in the name of a function to read its queue or stream
(docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html, …/services-ddb-create-trigger.html)."""

RARE: dict[tuple[str, str], str] = {}
"""Rights that the story does not use, by function and action, and why they are needed all the same."""

FUNCTIONS = [function.name for function in Template.read(PATH).of_type(FUNCTION)]


@dataclass(frozen=True)
class Told:
    """The rights of the functions, those they used, and those that Lambda uses for their triggers."""

    policies: Policies
    used: Mapping[str, Sequence[IamRequest]]
    triggers: Mapping[str, Sequence[IamRequest]]
    recorder: IamRecorder


@pytest.fixture(scope="module")
def told(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with (
        serve_webhook() as receiver,
        fake_feature_server() as far,
        serve_portal() as portal,
        serve_recorder() as (recorder, endpoint),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        project = write_project(tmp_path_factory.mktemp("project"), f"{receiver.url}/hook")
        patch.setattr(invoke_api, "read_invocation", note_invocations(recorder))
        with serve_project(project, endpoint, receiver, far, portal) as cloud:
            Story(Site(cloud.url), endpoint, recorder, receiver, far).tell()
        stack = make_stack(template, {"PortalUrl": portal.url, "PortalUser": USER}, endpoint)
        triggers: dict[str, list[IamRequest]] = {name: [] for name in FUNCTIONS}
        for queue in stack.queue_triggers:
            triggers[queue.function] += [IamRequest(action, queue.queue_arn, {}) for action in OF_A_QUEUE]
        for stream in stack.stream_triggers:
            triggers[stream.function] += [IamRequest(action, stream.stream_arn, {}) for action in OF_A_STREAM]
            if stream.destination:
                triggers[stream.function].append(
                    IamRequest("sqs:SendMessage", queue_arn(stream.destination), {})
                )
        yield Told(stack.policies, recorder.used, triggers, recorder)


def note_invocations(recorder: IamRecorder) -> Callable[[Scope], tuple[str, str]]:
    """Return the reader of invocations, which do not go by the recorder, and have it note them there."""
    read = invoke_api.read_invocation

    def read_and_note(scope: Scope) -> tuple[str, str]:
        signer, name = read(scope)
        recorder.used[signer].append(invoke_api.invoke_request(name))
        return signer, name

    return read_and_note


def queue_arn(url: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


def single_rights(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield a statement for each pair of an action and a resource."""
    for statement in statements:
        if statement["Effect"] == "Allow":
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    yield {**statement, "Action": action, "Resource": resource}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def show(statement: Statement) -> tuple[Any, Any]:
    return statement["Action"], statement["Resource"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_uses_no_right_that_it_does_not_have(function: str, told: Told) -> None:
    missing = [
        request
        for request in [*told.used.get(function, ()), *told.triggers[function]]
        if not is_allowed(request, told.policies[function])
    ]
    assert missing == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_has_no_right_that_it_does_not_use(function: str, told: Told) -> None:
    used = [*told.used.get(function, ()), *told.triggers[function]]
    idle = [
        show(right)
        for right in single_rights(told.policies[function])
        if not any(is_allowed(request, [right]) for request in used)
        and (function, right["Action"]) not in RARE
    ]
    assert idle == []


def test_rare_rights_are_not_used_in_the_story(told: Told) -> None:
    used = {(function, request.action) for function, requests in told.used.items() for request in requests}
    assert used.isdisjoint(RARE)


def test_every_call_was_understood(told: Told) -> None:
    assert [call for call in told.recorder.unknown if call.partition(":")[0] in FUNCTIONS] == []
