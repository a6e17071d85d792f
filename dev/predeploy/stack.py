"""A built template on an emulator: its tables, queues and buckets are there; no function is running."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.predeploy.ports import answers, free_port
from local.functions import Function, add_functions, read_functions
from local.queues import QueueTrigger, read_mappings, sqs_event
from local.resolver import Resolver
from local.resources import client, make_resources
from local.routes import Match, Route, RouteTable, read_routes
from local.streams import read_stream_mappings
from local.template import Template

PARAMETERS = {"PublishConformance": "true"}
"""Of every template that is tried out."""

_OPERATED = "ReaperFunction"  # which operators invoke by themselves
_START_SECONDS = 60
_MOST_MESSAGES = 10  # of one ReceiveMessage


@dataclass(frozen=True)
class Stack:
    """What a template makes, without what runs it.

    Args:
        functions: Its functions by their logical ids.
        routes: The routes of its API.
        mappings: Its queues, with the functions behind them.
        sources: The functions behind queues and tables, by the ARNs of these.
        sqs: A client of its queues.
    """

    functions: Mapping[str, Function]
    routes: tuple[Route, ...]
    mappings: tuple[QueueTrigger, ...]
    sources: Mapping[str, str]
    sqs: Any

    def match(self, method: str, path: str) -> Match | None:
        """Return the route of a request, if there is one."""
        return RouteTable(self.routes).match(method, path)

    def receiver(self, event: Mapping[str, Any]) -> str:
        """Return the logical id of the function that takes an event.

        Raises:
            LookupError: None does.
        """
        if "requestContext" in event:
            match = self.match(event["requestContext"]["http"]["method"], event["rawPath"])
            names = [match.route.function] if match else []
        elif "Records" in event:
            # The last part of a stream's name is when it was made.
            (source,) = {record["eventSourceARN"].partition("/stream/")[0] for record in event["Records"]}
            names = [function for arn, function in self.sources.items() if arn == source]
        elif "delete" in event:
            names = [_OPERATED]
        else:
            names = [name for name in self.functions if f"-{name}" in event["resources"][0]]
        if len(names) != 1:
            raise LookupError(f"{len(names)} functions take the event")
        return names[0]

    def waiting(self, worker: str) -> list[dict[str, Any]]:
        """Return what waits for a worker, one event a message, and take it off its queue."""
        (mapped,) = (each for each in self.mappings if each.function == worker)
        most = {"AttributeNames": ["All"], "MaxNumberOfMessages": _MOST_MESSAGES, "WaitTimeSeconds": 5}
        messages = self.sqs.receive_message(QueueUrl=mapped.queue_url, **most).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=mapped.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [sqs_event([message], mapped.queue_arn) for message in messages]


def make_stack(template: Path, endpoint: str) -> Stack:
    """Make the resources of a template at `endpoint`."""
    read = Template.read(template)
    resolver = Resolver(read, {**PARAMETERS, "AwsEndpointUrl": endpoint})
    add_functions(read, resolver)
    make_resources(read, resolver, endpoint)
    mappings, streams = read_mappings(read, resolver), read_stream_mappings(read, resolver)
    sources = {mapped.queue_arn: mapped.function for mapped in mappings}
    sources |= {mapped.stream_arn.partition("/stream/")[0]: mapped.function for mapped in streams}
    return Stack(
        functions=read_functions(read, resolver),
        routes=tuple(read_routes(read, resolver)),
        mappings=tuple(mappings),
        sources=sources,
        sqs=client("sqs", endpoint),
    )


@contextmanager
def emulator(host: str = "127.0.0.1") -> Iterator[str]:
    """Run moto at an address of this machine, and give its endpoint.

    Raises:
        ChildProcessError: It does not start.
    """
    port = free_port(host)
    command = [sys.executable, "-P", "-m", "moto.server", "--host", host, "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as moto:
        try:
            if not answers(f"http://{host}:{port}/moto-api/", moto, _START_SECONDS):
                raise ChildProcessError(f"moto does not start: {' '.join(command)}")
            yield f"http://{host}:{port}"
        finally:
            moto.terminate()
