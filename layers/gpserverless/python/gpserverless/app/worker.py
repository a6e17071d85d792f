"""The function that works on jobs."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from gpserverless.app.batch import process_batch
from gpserverless.app.exit_function import end_function
from gpserverless.app.fetching import InputPreparation, inputs_from
from gpserverless.app.load_catalogue import from_tools
from gpserverless.app.logs import about, current_ids, make_logger
from gpserverless.app.metrics import job_ended, tool_stopped
from gpserverless.clock import SystemClock
from gpserverless.errors import RequestError, RunEnded, RunError, StorageError
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue, ObjectStore, RunTool
from gpserverless.jobs.pricing import UNKNOWN, FunctionSize, processor_of
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.work import AttemptResult, work
from gpserverless.sandbox.preparation import CallPreparation
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.settings import Settings
from gpserverless.storage.clients import dynamodb_client, s3_client, sqs_client
from gpserverless.storage.job_queue import SqsJobQueue, job_named_in
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import RunResult, Watcher
from gpserverless.toolkit.spec import WorkerName

logger = make_logger()


@dataclass(frozen=True)
class WorkerSettings(Settings):
    """Settings of a function that works on jobs."""

    worker: WorkerName
    switched_on: frozenset[str]
    bucket: str
    table: str
    queue_url: str
    run_seconds: float
    retention_hours: float
    lease_seconds: float
    fetch_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]
    portal_url: str
    memory: int | None
    megabytes: int


class WorkerFunction:
    """Answers the queue: makes one attempt at each job that a message names.

    Args:
        ledger: The book of jobs.
        objects: Where inputs are and outputs go.
        queue: Where the messages come from.
        run_tool: Runs the tools.
        function_size: The machine of this function, for the bills of its jobs.
    """

    def __init__(
        self,
        ledger: Ledger,
        objects: ObjectStore,
        queue: JobQueue,
        run_tool: RunTool,
        function_size: FunctionSize = UNKNOWN,
    ) -> None:
        self._ledger = ledger
        self._objects = objects
        self._queue = queue
        self._run_tool = run_tool
        self._function_size = function_size

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> WorkerFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
            AuthoringError: A toolbox is written wrongly.
        """
        settings = WorkerSettings.read(environment)
        _, runner = from_tools(settings.switched_on, settings.memory, settings.worker)
        rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
        preparation = InputPreparation(cache(partial(inputs_from, settings)))
        return cls(
            Ledger(DynamoJobTable(dynamodb_client(), settings.table), rules, SystemClock(), job_ended),
            S3ObjectStore(s3_client(), settings.bucket),
            SqsJobQueue(sqs_client(), settings.queue_url),
            partial(_run_for_job, runner, preparation),
            FunctionSize(settings.megabytes, processor_of(platform.machine())),
        )

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the queue with the messages that should come again.

        Args:
            event: A Lambda event of SQS.
            remaining_ms: How long the function may still take.
        """
        return process_batch(event, lambda record: self._done(record, remaining_ms))

    def _done(self, record: Mapping[str, Any], remaining_ms: int) -> bool:
        job_id = job_named_in(record["body"])
        if job_id is None:
            logger.error("message not understood", extra={"message_id": record["messageId"]})
            return False
        with about(job=job_id):
            worked = work(
                job_id,
                ledger=self._ledger,
                objects=self._objects,
                run=self._run,
                remaining_ms=remaining_ms,
                function_size=self._function_size,
            )
            _log(worked)
            if worked.hand_back_seconds is not None:
                self._hand_back(record["receiptHandle"], worked.hand_back_seconds)
            if isinstance(worked.problem, ZygoteGone):  # whatever comes next would fail here, too
                end_function(worked.problem)
        return worked.hand_back_seconds is None

    def _run(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        with about(toolbox=call.service, task=call.task):
            logger.info("attempt started")
            try:
                return self._run_tool(call, watcher, seconds)
            except BaseException as problem:
                tool_stopped(problem, call.service, call.task)
                raise

    def _hand_back(self, receipt: str, seconds: int) -> None:
        try:
            self._queue.hand_back(receipt, seconds)
        except StorageError as problem:  # the reaper will send another message long before this one returns
            logger.warning("message not handed back", extra={"problem": str(problem)})


def _run_for_job(
    runner: Runner, preparation: CallPreparation, call: Call, watcher: Watcher, seconds: float
) -> RunResult:
    """Run a tool with all ordinates: those that a caller does not want are left out when a result is read."""
    return runner(call.with_all_ordinates(), watcher, seconds, preparation, current_ids())


def _log(worked: AttemptResult) -> None:
    """Write the last line about a message; a failure of the tool or the request is told by its kind alone."""
    extra = {"outcome": worked.outcome, "seconds": worked.milliseconds / 1000}
    if worked.problem is None:
        logger.info("attempt ended", extra=extra)
    elif isinstance(worked.problem, (RunError, RequestError, RunEnded)):
        logger.info("attempt ended", extra=extra | {"problem": type(worked.problem).__name__})
    else:
        logger.error("attempt ended", extra=extra, exc_info=worked.problem)
