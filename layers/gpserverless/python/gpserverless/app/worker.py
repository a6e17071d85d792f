"""The function that works on jobs."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gpserverless.app.batch import process_batch
from gpserverless.app.exit_function import exit_function
from gpserverless.app.job_ends import make_end_recorder
from gpserverless.app.job_tools import load_run_tool, run_logged
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.app.stores import open_objects, open_queue, open_table_and_items
from gpserverless.clock import SystemClock
from gpserverless.errors import RequestError, RunEnded, RunError, StorageError
from gpserverless.jobs.hosting import Hosting
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue, RunTool
from gpserverless.jobs.pricing import UNKNOWN, FunctionSize, processor_of
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.transfer import TransferLimits
from gpserverless.jobs.work import AttemptResult, JobWorker
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.settings import Settings
from gpserverless.storage.job_queue import read_job_id
from gpserverless.toolkit.spec import WorkerName

logger = make_logger()


@dataclass(frozen=True)
class WorkerSettings(Settings):
    """Settings of a function that works on jobs."""

    worker: WorkerName
    switched_on: frozenset[str]
    secured: bool
    bucket: str
    table: str
    items_table: str
    hosted_days: int
    queue_url: str
    run_seconds: float
    retention_hours: float
    lease_seconds: float
    fetch_function: str
    portal_url: str
    portal_user: str
    memory: int | None
    megabytes: int


class WorkerFunction:
    """Answers the queue: makes one attempt at each job that a message names.

    Args:
        ledger: The ledger of jobs.
        objects: The store of inputs and outputs.
        queue: The queue of the messages.
        run_tool: Runs the tools.
        function_size: The machine of this function, for the bills of its jobs.
        hosting: Keeps features as hosted services; None where there are none.
        transfer: Tells of results that are cut; None where there are no maps of jobs.
    """

    def __init__(
        self,
        ledger: Ledger,
        objects: ObjectStore,
        queue: JobQueue,
        run_tool: RunTool,
        function_size: FunctionSize = UNKNOWN,
        hosting: Hosting | None = None,
        transfer: TransferLimits | None = None,
    ) -> None:
        self._ledger = ledger
        self._objects = objects
        self._queue = queue
        self._run_tool = run_tool
        self._function_size = function_size
        self._hosting = hosting
        self._transfer = transfer

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> WorkerFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
            AuthoringError: A toolbox is written wrongly.
        """
        settings = WorkerSettings.read(environment)
        catalogue, run_tool = load_run_tool(settings)  # it forks, so nothing may hold credentials before it
        rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
        (table, items), clock = open_table_and_items(settings.table, settings.items_table), SystemClock()
        return cls(
            Ledger(table, rules, clock, make_end_recorder(settings.table)),
            open_objects(settings.bucket),
            open_queue(settings.queue_url),
            run_tool,
            FunctionSize(settings.megabytes, processor_of(platform.machine())),
            Hosting(items, clock, settings.hosted_days, bool(settings.portal_url and settings.portal_user)),
            TransferLimits(catalogue),
        )

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the queue with the messages that should come again.

        Args:
            event: A Lambda event of SQS.
            remaining_ms: Time that is left to the function.
        """
        return process_batch(event, lambda record: self._process(record, remaining_ms))

    def _process(self, record: Mapping[str, Any], remaining_ms: int) -> bool:
        job_id = read_job_id(record["body"])
        if job_id is None:
            logger.error("message not understood", extra={"message_id": record["messageId"]})
            return False
        with log_ids(job=job_id):
            run = partial(run_logged, self._run_tool)
            keeping = self._hosting, self._transfer
            worker = JobWorker(self._ledger, self._objects, run, self._function_size, *keeping)
            result = worker.work(job_id, remaining_ms)
            _log(result)
            if result.hand_back_seconds is not None:
                self._hand_back(record["receiptHandle"], result.hand_back_seconds)
            if isinstance(result.problem, ZygoteGone):  # every later run would fail here, too
                exit_function(result.problem)
        return result.hand_back_seconds is None

    def _hand_back(self, receipt: str, seconds: int) -> None:
        try:
            self._queue.hand_back(receipt, seconds)
        except StorageError as problem:  # the reaper will send another message long before this one returns
            logger.warning("message not handed back", extra={"problem": str(problem)})


def _log(result: AttemptResult) -> None:
    """Log the end of an attempt; of a failure of the tool or the request, its kind alone."""
    extra = {"outcome": result.outcome, "seconds": result.milliseconds / 1000}
    if result.problem is None:
        logger.info("attempt ended", extra=extra)
    elif isinstance(result.problem, (RunError, RequestError, RunEnded)):
        logger.info("attempt ended", extra=extra | {"problem": type(result.problem).__name__})
    else:
        logger.error("attempt ended", extra=extra, exc_info=result.problem)
