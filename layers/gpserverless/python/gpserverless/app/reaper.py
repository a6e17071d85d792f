"""The function that looks after jobs that nobody works on, and deletes those that an operator names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.job_ends import make_end_recorder
from gpserverless.app.job_metrics import count_erasures, count_sweep
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.app.stores import open_objects, open_queues, open_table_and_items
from gpserverless.caller import Caller, Role
from gpserverless.clock import SystemClock
from gpserverless.errors import RequestError, StorageError
from gpserverless.items.names import FOLDER
from gpserverless.items.ports import ItemTable
from gpserverless.items.removal import remove_service
from gpserverless.items.sweep import ItemSweep
from gpserverless.jobs.deletion import delete, erase, list_hidden
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.sweep import sweep
from gpserverless.outputs.object_store import ObjectEraser
from gpserverless.settings import Settings

_RESERVE_MS = 5_000  # one slow write, and the log
_SLOW_WRITE_MS = 12_000  # a table or a store that is given up
_ERASING_MS = 20_000  # the least that hidden jobs get of a turn, however many open ones are overdue
_HOSTED = f"{FOLDER}/"
_OPERATOR = Caller("", Role.ADMINISTRATOR)

logger = make_logger()


@dataclass(frozen=True)
class ReaperSettings(Settings):
    """Settings of the function that looks after jobs that nobody works on."""

    bucket: str
    table: str
    items_table: str
    queue_urls: Mapping[str, str]
    retention_hours: float
    lease_seconds: float


class ReaperFunction:
    """Answers the schedule: moves on every open job that is overdue, erases deleted ones, and counts them.

    An operator who may invoke the function can delete jobs that are over, and hosted services:
    `{"delete": ["j…", "Hosted/Parcels", …]}`.

    Args:
        ledger: The ledger of jobs.
        queues: The queues of the workers, by name of the worker.
        objects: The store of inputs, results and files.
        items: The table of hosted services; None where there are none.
    """

    def __init__(
        self,
        ledger: Ledger,
        queues: Mapping[str, JobQueue],
        objects: ObjectEraser,
        items: ItemTable | None = None,
    ) -> None:
        self._ledger = ledger
        self._queues = queues
        self._objects = objects
        self._items = items

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> ReaperFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = ReaperSettings.read(environment)
        rules = JobRules.of(retention_hours=settings.retention_hours, lease_seconds=settings.lease_seconds)
        table, items = open_table_and_items(settings.table, settings.items_table)
        ledger = Ledger(table, rules, SystemClock(), make_end_recorder(settings.table))
        objects = open_objects(settings.bucket, prompt=True)
        return cls(ledger, open_queues(settings.queue_urls), objects, items)

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer the schedule with numbers of jobs, or an operator with the outcome for each job.

        Args:
            event: A Lambda event; only that of an operator has the key "delete".
            remaining_ms: Time that is left to the function.
        """
        end = self._ledger.clock.now() + remaining_ms
        return self._delete(event["delete"], end) if "delete" in event else self._look_after_all(end)

    def _delete(self, named: object, end: int) -> dict[str, Any]:
        deleted: list[str] = []
        refused: dict[str, str] = {}
        for job_id in map(str, named if isinstance(named, list) else [named]):
            with log_ids(job=job_id):
                if problem := self._hide(job_id, end):
                    refused[job_id] = problem
                    logger.warning("not deleted", extra={"problem": problem})
                else:
                    deleted.append(job_id)
                    logger.info("deleted")
        return {"deleted": deleted, "refused": refused}

    def _hide(self, job_id: str, end: int) -> str:
        """Hide a job, or remove a hosted service, and return the problem, "" for none."""
        if self._ledger.clock.now() >= end - _SLOW_WRITE_MS:
            return "There is no time left: name it again."
        try:
            if self._items is not None and job_id.startswith(_HOSTED):
                name, now = job_id.removeprefix(_HOSTED), self._ledger.clock.now()
                remove_service(self._items, name, _OPERATOR, now)
            else:
                delete(self._ledger, job_id)
        except (RequestError, StorageError) as problem:
            return str(problem)
        except Exception as problem:  # a row that nobody can read; the others are named, too
            logger.exception("not understood")
            return f"Its row cannot be read ({type(problem).__name__})."
        return ""

    def _look_after_all(self, end: int) -> dict[str, Any]:
        hidden = self._find_hidden()
        counts = self._sweep(end - (_ERASING_MS if hidden else _RESERVE_MS))
        if hidden:
            more = erase(self._ledger, self._objects, hidden, end - _SLOW_WRITE_MS)
            count_erasures(more)
            logger.info("erased", extra={"counts": dict(more)})
            counts.update(more)
        if self._items is not None:
            kept = ItemSweep(self._items, self._objects, self._ledger.clock).sweep(end - _SLOW_WRITE_MS)
            logger.info("items swept", extra={"counts": dict(kept)})
            counts.update(kept)
        return dict(counts)

    def _find_hidden(self) -> list[str]:
        try:
            return list_hidden(self._ledger)
        except StorageError:  # open jobs are looked after all the same; the next turn asks again
            return []

    def _sweep(self, until: int) -> Counter[str]:
        found = sweep(self._ledger, self._queues, until)
        count_sweep(found.counts, found.oldest_ms)
        logger.info("swept", extra={"counts": dict(found.counts), "oldest_seconds": found.oldest_ms / 1000})
        return found.counts
