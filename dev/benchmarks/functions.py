"""The functions in this process, on an emulator of their own, with every call of AWS counted."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from dev.benchmarks.site import JOB, SUBMIT
from gpserverless.app.execute import ExecuteFunction
from gpserverless.app.jobs import JobsFunction
from gpserverless.app.worker import WorkerFunction
from gpserverless.jobs.job import Job
from gpserverless.storage import clients
from gpserverless.storage.job_table import DynamoJobTable
from local.emulator import Emulator
from local.events import HttpRequest, http_event
from local.functions import add_functions, read_functions
from local.options import ROOT
from local.queues import sqs_event
from local.resolver import Resolver
from local.resources import make_resources
from local.routes import RouteTable, read_routes
from local.template import Template

REMAINING_MS, EXECUTE_MS = 890_000, 29_000


@dataclass(frozen=True)
class Stack:
    """What the template makes: the variables of every function, and the routes to them."""

    variables: Mapping[str, Mapping[str, str]]
    routes: RouteTable

    def event(self, path: str, body: bytes = b"") -> dict[str, Any]:
        """Return the event of a GET, or of a POST of a form."""
        at = urlsplit(path)
        method = "POST" if body else "GET"
        headers = (("content-type", "application/x-www-form-urlencoded"),) if body else ()
        request = HttpRequest(method, at.path, at.query, headers, body, "127.0.0.1", "127.0.0.1")
        match = self.routes.match(method, at.path)
        if match is None:
            raise ValueError(f"no function answers {path}")
        return http_event(request, match)


@contextmanager
def stack() -> Iterator[Stack]:
    """Make the template's resources on an emulator."""
    emulator = Emulator()
    with asyncio.Runner() as runner:
        runner.run(emulator.start())
        try:
            template = Template.read(ROOT / "template.yaml")
            resolver = Resolver(template, {"AwsEndpointUrl": emulator.endpoint})
            add_functions(template, resolver)
            make_resources(template, resolver, emulator.endpoint)
            read = read_functions(template, resolver)
            yield Stack(
                {name: function.variables for name, function in read.items()},
                RouteTable(read_routes(template, resolver)),
            )
        finally:
            runner.run(emulator.stop())


class Functions:
    """Execute, jobs and the worker, called as Lambda calls them.

    Args:
        made: What the template makes.

    Attributes:
        calls: Calls of AWS, by the name of the operation, since `calls` was last cleared.
        dynamodb: The client of the table.
        event: Makes the events of requests.
        last: The id of the job that was submitted last.
    """

    def __init__(self, made: Stack) -> None:
        self.event = made.event
        self.last = ""
        self.calls: Counter[str] = Counter()
        environment = made.variables
        os.environ.update({k: v for k, v in environment["JobsFunction"].items() if k.startswith("AWS_")})
        # The session of all their clients; whoever makes one later is counted too.
        clients.session().events.register("before-call", self._count)
        self.execute = ExecuteFunction.build(environment["ExecuteFunction"])
        self.jobs = JobsFunction.build(environment["JobsFunction"])
        self.worker = WorkerFunction.build(environment["WorkerFunction"])
        self.dynamodb = clients.dynamodb_client()
        self._sqs = clients.sqs_client()
        self._queue = environment["WorkerFunction"]["JOBS_QUEUE_URL"]
        self._table = DynamoJobTable(self.dynamodb, environment["JobsFunction"]["JOBS_TABLE"])
        self.calls.clear()

    def submit(self, form: bytes) -> str:
        """Submit a job and return its id."""
        self.last = str(self._asked(SUBMIT, form)["jobId"])
        return self.last

    def message(self) -> dict[str, Any]:
        """Return the event of the message that waits for the worker."""
        received = self._sqs.receive_message(QueueUrl=self._queue, WaitTimeSeconds=2, AttributeNames=["All"])
        for each in received["Messages"]:
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=each["ReceiptHandle"])
        return sqs_event(received["Messages"], "arn:aws:sqs:us-east-1:123456789012:queue")

    def work(self, event: Mapping[str, Any]) -> None:
        """Have the worker do what a message says."""
        if self.worker.handle(event, REMAINING_MS)["batchItemFailures"]:
            raise ValueError("the worker has handed the message back")

    def poll(self, job: str) -> dict[str, Any]:
        """Return the status of a job as its caller sees it."""
        return self._asked(JOB.replace("JOB", job))

    def row(self, job: str) -> Job:
        """Return the row of a job."""
        found = self._table.read(job)
        if found is None:
            raise ValueError(f"no job {job}")
        return found

    def executed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the function of `execute` answers."""
        return self.execute.handle(event, EXECUTE_MS)

    def _asked(self, path: str, body: bytes = b"") -> dict[str, Any]:
        """Return the JSON that the function of jobs answers a request with."""
        answer = self.jobs.handle(self.event(path, body), EXECUTE_MS)
        told: dict[str, Any] = orjson.loads(answer["body"])
        if "error" in told:
            raise ValueError(told["error"])
        return told

    def _count(self, **told: Any) -> None:
        self.calls[told["model"].name] += 1
