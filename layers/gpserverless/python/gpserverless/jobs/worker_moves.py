"""Moves of the worker: claim, beat, and the end of an attempt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from gpserverless.items.ports import RowWrite
from gpserverless.jobs import transitions
from gpserverless.jobs.job import Progress, StoredFile, StoredResult
from gpserverless.jobs.ledger_base import LedgerBase
from gpserverless.jobs.messages import (
    EXECUTING,
)
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.usage import NO_USAGE, Usage
from gpserverless.toolkit.run import Message


@dataclass(frozen=True)
class WorkerMoves(LedgerBase):
    """Moves of an attempt. Each but the claim needs the fence of the attempt."""

    def claim(self, job_id: str, fence: str) -> MoveResult:
        """T5: start an attempt.

        Args:
            job_id: Id of the job.
            fence: New token of the attempt.
        """
        now = self.clock.now()
        return self._move(
            transitions.CLAIM,
            job_id,
            [EXECUTING],
            now=now,
            max_attempts=self.rules.max_attempts,
            **self._lease(now),
            lease_owner=fence,
            started_at=now,
            run_deadline=now + self.rules.run_ms,
            progress=asdict(Progress(EXECUTING.text)),
        )

    def beat(
        self,
        job_id: str,
        fence: str,
        messages: Iterable[Message],
        progress: Progress | None,
        usage: Usage | None = None,
    ) -> MoveResult:
        """T6: renew the lease, and write new messages, progress and usage.

        Args:
            job_id: Id of the job.
            fence: Token of the attempt; a write with another one is refused.
            messages: Messages since the last write, oldest first.
            progress: Text and percentage of the progress bar; None for no change.
            usage: Use of all attempts so far; None for no change.
        """
        return self._move(
            transitions.BEAT,
            job_id,
            messages,
            fence=fence,
            lease_owner=fence,
            **self._lease(self.clock.now()),
            progress=asdict(progress) if progress else None,
            usage=usage.to_row() if usage else None,
        )

    def succeed(
        self,
        job_id: str,
        fence: str,
        messages: Iterable[Message],
        results: Mapping[str, StoredResult],
        files: Mapping[str, StoredFile],
        usage: Usage = NO_USAGE,
        *,
        beside: Sequence[RowWrite] = (),
    ) -> MoveResult:
        """T7: show the results, which are all stored by now.

        Args:
            job_id: Id of the job.
            fence: Token of the attempt; a write with another one is refused.
            messages: Messages since the last write, oldest first.
            results: Stored outputs by the name of their parameter.
            files: Stored files by their name.
            usage: Use of all attempts so far.
            beside: Writes of the table of items that are made with the move, or none of them.
        """
        return self._end(
            transitions.SUCCEED,
            job_id,
            fence,
            usage,
            messages,
            beside,
            fence=fence,
            results={name: asdict(stored) for name, stored in results.items()},
            files={name: asdict(stored) for name, stored in files.items()},
        )

    def fail(
        self, job_id: str, fence: str, messages: Iterable[Message], reason: str, usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T8: the tool failed, and would fail again.

        Args:
            job_id: Id of the job.
            fence: Token of the attempt; a write with another one is refused.
            messages: Messages since the last write, oldest first.
            reason: Reason of the failure, for the caller.
            usage: Use of all attempts so far.
        """
        return self._end(transitions.FAIL, job_id, fence, usage, messages, fence=fence, reason=reason)

    def time_out(
        self, job_id: str, fence: str, messages: Iterable[Message], usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T9: the tool ran too long.

        Args:
            job_id: Id of the job.
            fence: Token of the attempt; a write with another one is refused.
            messages: Messages since the last write, oldest first.
            usage: Use of all attempts so far.
        """
        return self._end(transitions.TIME_OUT, job_id, fence, usage, messages, fence=fence)

    def release(
        self, job_id: str, fence: str, messages: Iterable[Message], usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T10: a store failed, not the tool; the job may be claimed again.

        Args:
            job_id: Id of the job.
            fence: Token of the attempt; a write with another one is refused.
            messages: Messages since the last write, oldest first.
            usage: Use of all attempts so far.
        """
        return self._move(
            transitions.RELEASE,
            job_id,
            messages,
            fence=fence,
            max_attempts=self.rules.max_attempts,
            due_at=self.clock.now() + self.rules.backoff_ms,
            usage=usage.to_row(),
        )

    def stop(
        self, job_id: str, fence: str, messages: Iterable[Message], usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T13: the tool was stopped, as asked.

        Args:
            job_id: Id of the job.
            fence: Token of the attempt; a write with another one is refused.
            messages: Messages since the last write, oldest first.
            usage: Use of all attempts so far.
        """
        return self._end(transitions.STOP, job_id, fence, usage, messages, fence=fence)

    def _lease(self, now: int) -> dict[str, int]:
        until = now + self.rules.lease_ms
        return {"lease_until": until, "due_at": until}
