"""The part of the ledger that all its moves share: one conditional write, and the fields of an outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gpserverless.clock import Clock
from gpserverless.items.ports import RowWrite
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import is_job_id
from gpserverless.jobs.move import Change, Move
from gpserverless.jobs.ports import JobTable, MoveResult
from gpserverless.jobs.rules import OBJECT_DAYS, JobRules
from gpserverless.jobs.usage import Usage
from gpserverless.toolkit.run import Message


def _ignore_end(job: Job) -> None:
    """Take the end of a job, and do nothing."""


@dataclass(frozen=True)
class LedgerBase:
    """The table of jobs with the rules and the clock that its moves go by.

    Every method raises `StorageError` when the table cannot be reached; whether the move was made is then
    unknown. A move that lost to another writer is no error: see `MoveResult`.

    Attributes:
        table: The rows.
        rules: The limits and intervals.
        clock: The time.
        on_end: Called once with every job whose outcome this process has written.
    """

    table: JobTable
    rules: JobRules
    clock: Clock
    on_end: Callable[[Job], None] = _ignore_end

    def read(self, job_id: str) -> Job | None:
        """Return a job, strongly consistent, or None; a malformed id does not reach the table.

        Args:
            job_id: Id of the job, as a caller gives it.
        """
        return self.table.read(job_id) if is_job_id(job_id) else None

    def _end(
        self,
        move: Move,
        job_id: str,
        by: str,
        usage: Usage,
        messages: Iterable[Message],
        beside: Sequence[RowWrite] = (),
        **values: Any,
    ) -> MoveResult:
        outcome = self._outcome(by, usage, self.clock.now())
        change = self._make_change(move, messages, **outcome, **values)
        return self._report(self.table.move(job_id, change, beside))

    def _outcome(self, by: str, usage: Usage, now: int) -> dict[str, Any]:
        return {
            "done_by": by,
            "ended_at": now,
            "expires_at": now + self.rules.retention_ms,
            # The row goes last. The store counts an object's days to the next midnight (docs.aws.amazon.com/
            # AmazonS3/latest/userguide/intro-lifecycle-rules.html).
            "ttl_at": now // 1000 + (OBJECT_DAYS + 1) * 86_400,
            "usage": usage.to_row(),
        }

    def _report(self, ended: MoveResult) -> MoveResult:
        if ended.applied and ended.job is not None:
            self.on_end(ended.job)
        return ended

    def _move(self, move: Move, job_id: str, messages: Iterable[Message] = (), **values: Any) -> MoveResult:
        return self.table.move(job_id, self._make_change(move, messages, **values))

    def _make_change(self, move: Move, messages: Iterable[Message], **values: Any) -> Change:
        if move.appends:
            values["messages"] = [asdict(message) for message in messages]
        return Change(move, values)
