"""The function that looks after jobs that nobody works on."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.app.logs import make_logger
from gpserverless.app.metrics import job_ended, swept
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue, SystemClock
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.sweep import sweep
from gpserverless.settings import ReaperSettings

_RESERVE_MS = 5_000  # one slow write, and the log

logger = make_logger()


class Reaper:
    """Answers the schedule: moves on every open job that is overdue, and counts them.

    Args:
        ledger: The book of jobs.
        queues: Where workers listen, by the name of the worker.
    """

    def __init__(self, ledger: Ledger, queues: Mapping[str, JobQueue]) -> None:
        self._ledger = ledger
        self._queues = queues

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> Reaper:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        from gpserverless.storage.clients import dynamodb_client, sqs_client
        from gpserverless.storage.job_queue import SqsJobQueue
        from gpserverless.storage.job_table import DynamoJobTable

        settings = ReaperSettings.read(environment)
        rules = JobRules.of(retention_hours=settings.retention_hours, lease_seconds=settings.lease_seconds)
        table = DynamoJobTable(dynamodb_client(), settings.table)
        client = sqs_client()
        queues = {worker: SqsJobQueue(client, url) for worker, url in settings.queue_urls.items()}
        return cls(Ledger(table, rules, SystemClock(), job_ended), queues)

    def handle(self, remaining_ms: int) -> dict[str, int]:
        """Sweep once, and return how many jobs met with what.

        Args:
            remaining_ms: How long the function may still take.
        """
        until = self._ledger.clock.now() + remaining_ms - _RESERVE_MS
        found = sweep(self._ledger, self._queues, until)
        counts = dict(found.counts)
        swept(counts, found.oldest_ms)
        logger.info("swept", extra={"counts": counts, "oldest_seconds": found.oldest_ms / 1000})
        return counts
