"""The functions of a job in this process, on an emulator of their own, with every call of AWS counted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from dev.benchmarks.emulation import build_event
from dev.benchmarks.site import JOB, SUBMIT
from gpserverless.app.execute import ExecuteFunction
from gpserverless.app.jobs import JobsFunction
from gpserverless.app.worker import WorkerFunction
from gpserverless.jobs.job import Job
from gpserverless.storage import clients
from gpserverless.storage.job_table import DynamoJobTable
from local.queues import build_sqs_event
from local.stack import Stack

REMAINING_MS, EXECUTE_MS = 890_000, 29_000


class CountingFunctions:
    """The functions execute, jobs and worker, called as Lambda calls them.

    Args:
        stack: The stack.

    Attributes:
        calls: Calls of AWS by operation, since this was last cleared.
        dynamodb: The client of the table.
        stack: The stack.
        last: The id of the last job that was submitted.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.last = ""
        self.calls: Counter[str] = Counter()
        environment = {name: function.variables for name, function in stack.functions.items()}
        os.environ.update({k: v for k, v in environment["JobsFunction"].items() if k.startswith("AWS_")})
        # The session of all their clients; whoever makes one later is counted too.
        clients.session().get_component("event_emitter").register("before-call", self._count)
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
        self.last = str(self._request(SUBMIT, form)["jobId"])
        return self.last

    def take_event(self) -> dict[str, Any]:
        """Take the waiting message off the worker's queue; return its event."""
        received = self._sqs.receive_message(QueueUrl=self._queue, WaitTimeSeconds=2, AttributeNames=["All"])
        for each in received["Messages"]:
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=each["ReceiptHandle"])
        return build_sqs_event(received["Messages"], "arn:aws:sqs:us-east-1:123456789012:queue")

    def work(self, event: Mapping[str, Any]) -> None:
        """Let the worker handle the event of a message."""
        if self.worker.handle(event, REMAINING_MS)["batchItemFailures"]:
            raise ValueError("the worker has handed the message back")

    def poll(self, job: str) -> dict[str, Any]:
        """Return the answer to a poll."""
        return self._request(JOB.replace("JOB", job))

    def read_job(self, job: str) -> Job:
        """Read the row of a job."""
        found = self._table.read(job)
        if found is None:
            raise ValueError(f"no job {job}")
        return found

    def run_execute(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer of the function of `execute`."""
        return self.execute.handle(event, EXECUTE_MS)

    def _request(self, path: str, body: bytes = b"") -> dict[str, Any]:
        """Return the JSON answer of the function of jobs."""
        answer = self.jobs.handle(build_event(self.stack, path, body), EXECUTE_MS)
        answered: dict[str, Any] = orjson.loads(answer["body"])
        if "error" in answered:
            raise ValueError(answered["error"])
        return answered

    def _count(self, **details: Any) -> None:
        self.calls[details["model"].name] += 1
