"""The function that ends the jobs whose messages the queue has given up on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.batch import process_batch
from gpserverless.app.job_ends import make_end_recorder
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.app.stores import open_table
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
        ledger: The ledger of jobs.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> DeadLettersFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = DeadLettersSettings.read(environment)
        rules = JobRules.of(retention_hours=settings.retention_hours)
        record_end = make_end_recorder(settings.table)
        return cls(Ledger(open_table(settings.table), rules, SystemClock(), record_end))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the queue with the messages that should come again.

        Args:
            event: A Lambda event of SQS.
        """
        return process_batch(event, self._process)

    def _process(self, record: Mapping[str, Any]) -> bool:
        job_id = read_job_id(record["body"])
        if job_id is None:  # nobody will ever understand it
            logger.error("dead letter not understood", extra={"message_id": record["messageId"]})
            return True
        with log_ids(job=job_id):
            try:
                failed = bury(self._ledger, job_id)
            except StorageError as problem:
                logger.warning("dead letter kept", extra={"problem": str(problem)})
                return False
            logger.error("dead letter", extra={"failed": failed})
        return True
