"""A built template on an emulator: its tables, queues and buckets are there; no function is running."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.predeploy.ports import find_free_port, wait_for_answer
from local import stack
from local.queues import build_sqs_event
from local.resources import make_client
from local.stack import Stack
from local.template import Template

PARAMETERS = {"PublishConformance": "true"}
"""Parameters of every template that is tried out."""

_OPERATED = "ReaperFunction"  # operators invoke it themselves
_REGISTERS = "RegistrationFunction"  # its trigger is off without a portal
_ITEMS_TABLE = "-ItemsTable"
_INVOKED = "FetchFunction"  # other functions invoke it themselves
_START_SECONDS = 180
_MOST_MESSAGES = 10  # of one ReceiveMessage


def make_stack(template: Path, endpoint: str) -> Stack:
    """Make the stack of a built template.

    Args:
        template: The file of the template.
        endpoint: URL of the AWS.
    """
    return stack.make_stack(Template.read(template), {**PARAMETERS, "AwsEndpointUrl": endpoint}, endpoint)


def find_receiver(stack: Stack, event: Mapping[str, Any]) -> str:
    """Find the function that takes an event.

    Args:
        stack: The stack.
        event: The event.

    Raises:
        LookupError: No function takes it, or several do.
    """
    if "requestContext" in event:
        match = stack.match(event["requestContext"]["http"]["method"], event["rawPath"])
        names = [match.route.function] if match else []
    elif "Records" in event:
        (source,) = {_drop_stream_time(record["eventSourceARN"]) for record in event["Records"]}
        sources = [(trigger.queue_arn, trigger.function) for trigger in stack.queue_triggers]
        sources += [
            (_drop_stream_time(trigger.stream_arn), trigger.function) for trigger in stack.stream_triggers
        ]
        names = [function for arn, function in sources if arn == source]
        if not names and source.endswith(_ITEMS_TABLE):
            names = [_REGISTERS]
    elif "delete" in event:
        names = [_OPERATED]
    elif "request" in event:
        names = [_INVOKED]
    else:
        names = [name for name in stack.functions if f"-{name}" in event["resources"][0]]
    if len(names) != 1:
        raise LookupError(f"{len(names)} functions take the event")
    return names[0]


def _drop_stream_time(arn: str) -> str:
    """Drop the last part of a stream's ARN, which is the time when it was made."""
    return arn.partition("/stream/")[0]


def take_events(stack: Stack, function: str) -> list[dict[str, Any]]:
    """Take the messages off a function's queue; return one event for each.

    Args:
        stack: The stack.
        function: Logical id of the function.
    """
    (trigger,) = (each for each in stack.queue_triggers if each.function == function)
    sqs = make_client("sqs", stack.endpoint)
    most = {"AttributeNames": ["All"], "MaxNumberOfMessages": _MOST_MESSAGES, "WaitTimeSeconds": 5}
    messages = sqs.receive_message(QueueUrl=trigger.queue_url, **most).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=trigger.queue_url, ReceiptHandle=message["ReceiptHandle"])
    return [build_sqs_event([message], trigger.queue_arn) for message in messages]


@contextmanager
def emulator(host: str = "127.0.0.1") -> Iterator[str]:
    """Run moto at an address of this machine; yield its URL.

    Raises:
        ChildProcessError: It does not start.
    """
    port = find_free_port(host)
    command = [sys.executable, "-P", "-m", "moto.server", "--host", host, "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as moto:
        try:
            if not wait_for_answer(f"http://{host}:{port}/moto-api/", moto, _START_SECONDS):
                raise ChildProcessError(f"moto does not start: {' '.join(command)}")
            yield f"http://{host}:{port}"
        finally:
            moto.terminate()
