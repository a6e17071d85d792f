"""The function that ends the jobs whose messages the queue has given up on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.batch import process_batch
from gpserverless.app.logs import about, make_logger
from gpserverless.app.metrics import job_ended
from gpserverless.clock import SystemClock
from gpserverless.errors import StorageError
from gpserverless.jobs.dead_letter import bury
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.settings import Settings
from gpserverless.storage.job_queue import read_job_id

logger = make_logger()


@dataclass(frozen=True)
class DeadLettersSettings(Settings):
    """Settings of the function that ends jobs whose messages could not be delivered."""

    table: str
    retention_hours: float


class DeadLettersFunction:
    """Answers the queue of dead letters.

    Args:
        ledger: The book of jobs.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> DeadLettersFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        from gpserverless.storage.clients import dynamodb_client
        from gpserverless.storage.job_table import DynamoJobTable

        settings = DeadLettersSettings.read(environment)
        rules = JobRules.of(retention_hours=settings.retention_hours)
        return cls(Ledger(DynamoJobTable(dynamodb_client(), settings.table), rules, SystemClock(), job_ended))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the queue with the messages that should come again.

        Args:
            event: A Lambda event of SQS.
        """
        return process_batch(event, self._done)

    def _done(self, record: Mapping[str, Any]) -> bool:
        job_id = read_job_id(record["body"])
        if job_id is None:  # nobody will ever understand it: told to the log, and gone
            logger.error("dead letter not understood", extra={"message_id": record["messageId"]})
            return True
        with about(job=job_id):
            try:
                failed = bury(self._ledger, job_id)
            except StorageError as problem:
                logger.warning("dead letter kept", extra={"problem": str(problem)})
                return False
            logger.error("dead letter", extra={"failed": failed})
        return True
