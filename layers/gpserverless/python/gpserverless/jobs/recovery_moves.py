"""Moves of the reaper and of the dead letters, all on the row exactly as it was read."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.jobs import transitions
from gpserverless.jobs.job import Job
from gpserverless.jobs.job_usage import usage_without_worker
from gpserverless.jobs.keys import new_fence
from gpserverless.jobs.ledger_base import LedgerBase
from gpserverless.jobs.messages import (
    describe_outcome,
    describe_usage,
    warning,
)
from gpserverless.jobs.move import Change, Move
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.status import Status
from gpserverless.toolkit.run import Message


@dataclass(frozen=True)
class RecoveryMoves(LedgerBase):
    """Moves for jobs that nobody works on, and for hidden ones."""

    def reap(self, move: Move, seen: Job, why: Message) -> MoveResult:
        """T4, T14, T15, T17, T19 or T20: end a job that nobody works on.

        Args:
            move: The move.
            seen: The job as it was read; nothing happens if it has changed since.
            why: Message for the caller.
        """
        now = self.clock.now()
        usage = usage_without_worker(seen, now)
        messages = [why, describe_usage(usage)]
        if move.target is Status.CANCELLED:
            messages.reverse()
        elif move.target is not None:
            messages.append(describe_outcome(move.target, now, seen.started_at))
        return self._end(
            move,
            seen.id,
            f"{move.writer.value} {new_fence()}",
            usage,
            messages,
            rev=seen.rev,
            now=now,
            max_attempts=self.rules.max_attempts,
            reason=why.text,
        )

    def retry(self, seen: Job) -> MoveResult:
        """T16: let another worker take the job of a lost one.

        Args:
            seen: The row as the reaper has read it; the move is refused if it has changed.
        """
        now = self.clock.now()
        return self._move(
            transitions.RETRY,
            seen.id,
            [warning("The worker was lost; the job waits for another.")],
            rev=seen.rev,
            now=now,
            max_attempts=self.rules.max_attempts,
            due_at=now + self.rules.resend_ms,
        )

    def resend(self, seen: Job) -> MoveResult:
        """T18: another message has been sent for a queued job.

        Args:
            seen: The row as the reaper has read it; the move is refused if it has changed.
        """
        return self._move(
            transitions.RESEND, seen.id, rev=seen.rev, due_at=self.clock.now() + self.rules.resend_ms
        )

    def erase(self, seen: Job) -> bool:
        """T21: remove the row of a hidden job, whose objects are gone; return whether there is no row.

        Args:
            seen: The row as the reaper has read it; the move is refused if it has changed.
        """
        return self.table.remove(seen.id, Change(transitions.ERASE, {"rev": seen.rev}))
