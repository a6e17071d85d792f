"""The ledger of jobs: each method makes one move of `transitions`, at a time and by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gpserverless.clock import Clock
from gpserverless.jobs import transitions
from gpserverless.jobs.job import Job, NewJob, Progress, StoredFile, StoredResult
from gpserverless.jobs.job_usage import usage_without_worker
from gpserverless.jobs.keys import DELETED_SHARD, is_job_id, new_fence, shard_of
from gpserverless.jobs.messages import (
    CANCELLED,
    EXECUTING,
    SUBMITTED,
    describe_failure,
    describe_outcome,
    describe_usage,
    error,
    warning,
)
from gpserverless.jobs.ports import JobTable, MoveResult
from gpserverless.jobs.pricing import REJECTION, price
from gpserverless.jobs.rows import make_row
from gpserverless.jobs.rules import OBJECT_DAYS, JobRules
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import NO_USAGE, Usage
from gpserverless.toolkit.run import Message


def _ignore_end(job: Job) -> None:
    """Take the end of a job, and do nothing."""


@dataclass(frozen=True)
class Ledger:
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
        """Return a job, strongly consistent, or None; a malformed id does not reach the table."""
        return self.table.read(job_id) if is_job_id(job_id) else None

    # the API's moves

    def create(self, new: NewJob, token: str, input_bytes: int = 0) -> MoveResult:
        """T1: write the row of a new job, which nobody can see or claim yet.

        Args:
            new: The job.
            token: Secret of the submit.
            input_bytes: Size of the stored inputs.
        """
        now = self.clock.now()
        row = make_row(new, token, input_bytes, now) | {
            "status": Status.NEW.value,
            "queue_deadline": now + self.rules.wait_ms,
            "messages": [asdict(SUBMITTED)],
            "open_shard": shard_of(new.id, self.rules.shards),
            "due_at": now + self.rules.new_ms,
        }
        return self.table.insert(transitions.Change(transitions.CREATE, row))

    def reject(self, new: NewJob, token: str, input_bytes: int = 0) -> MoveResult:
        """T22: write the row of a job whose call is wrong; it has failed, and no worker hears of it.

        Args:
            new: The job with its problem.
            token: Secret of the submit.
            input_bytes: Size of the stored inputs.
        """
        now = self.clock.now()
        why = new.problem[: self.rules.max_message_chars]
        usage = Usage(dollars=price(REJECTION))
        last = (
            describe_failure(new.call.task),
            describe_usage(usage),
            describe_outcome(Status.FAILED, now, None),
        )
        row = make_row(new, token, input_bytes, now) | {
            "status": Status.FAILED.value,
            "queue_deadline": now,
            "submitted_at": now,
            "messages": [asdict(message) for message in (SUBMITTED, error(why), *last)],
            "reason": why,
            **self._outcome(token, usage, now),
        }
        return self._report(self.table.insert(transitions.Change(transitions.REJECT, row)))

    def submit(self, job_id: str, token: str) -> MoveResult:
        """T2: the job is in the queue; from here on it counts."""
        now = self.clock.now()
        return self._move(
            transitions.SUBMIT,
            job_id,
            create_token=token,
            submitted_at=now,
            due_at=now + self.rules.resend_ms,
        )

    def withdraw(self, created: Job, reason: str) -> MoveResult:
        """T3: the job could not be put into the queue."""
        token, usage = created.create_token, usage_without_worker(created, self.clock.now())
        message = error("The job could not be queued.")
        return self._end(
            transitions.WITHDRAW, created.id, token, usage, [message], create_token=token, reason=reason
        )

    def drop(self, seen: Job, by: str) -> MoveResult:
        """T11: cancel a waiting job; its usage leaves out an attempt made since it was read.

        Args:
            seen: The job as it was read.
            by: Token of the caller.
        """
        usage = usage_without_worker(seen, self.clock.now())
        return self._end(transitions.DROP, seen.id, by, usage, [describe_usage(usage), CANCELLED])

    def ask_to_stop(self, job_id: str) -> MoveResult:
        """T12: ask the worker of a running job to stop it."""
        return self._move(transitions.ASK_TO_STOP, job_id, cancel_at=self.clock.now())

    # the worker's moves

    def claim(self, job_id: str, fence: str) -> MoveResult:
        """T5: start an attempt."""
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
        """T6: renew the lease, and write new messages, progress and usage."""
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
    ) -> MoveResult:
        """T7: show the results, which are all stored by now."""
        return self._end(
            transitions.SUCCEED,
            job_id,
            fence,
            usage,
            messages,
            fence=fence,
            results={name: asdict(stored) for name, stored in results.items()},
            files={name: asdict(stored) for name, stored in files.items()},
        )

    def fail(
        self, job_id: str, fence: str, messages: Iterable[Message], reason: str, usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T8: the tool failed, and would fail again."""
        return self._end(transitions.FAIL, job_id, fence, usage, messages, fence=fence, reason=reason)

    def time_out(
        self, job_id: str, fence: str, messages: Iterable[Message], usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T9: the tool ran too long."""
        return self._end(transitions.TIME_OUT, job_id, fence, usage, messages, fence=fence)

    def release(
        self, job_id: str, fence: str, messages: Iterable[Message], usage: Usage = NO_USAGE
    ) -> MoveResult:
        """T10: a store failed, not the tool; the job may be claimed again."""
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
        """T13: the tool was stopped, as asked."""
        return self._end(transitions.STOP, job_id, fence, usage, messages, fence=fence)

    # moves of the reaper and of the dead letters: all on the row exactly as it was read

    def reap(self, move: transitions.Move, seen: Job, why: Message) -> MoveResult:
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
        """T16: let another worker take the job of a lost one."""
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
        """T18: another message has been sent for a queued job."""
        return self._move(
            transitions.RESEND, seen.id, rev=seen.rev, due_at=self.clock.now() + self.rules.resend_ms
        )

    # deletion

    def hide(self, job_id: str) -> MoveResult:
        """T21: hide a finished job."""
        return self._move(transitions.HIDE, job_id, open_shard=DELETED_SHARD, due_at=self.clock.now())

    def erase(self, seen: Job) -> bool:
        """T21: remove the row of a hidden job, whose objects are gone; return whether there is no row."""
        return self.table.remove(seen.id, transitions.Change(transitions.ERASE, {"rev": seen.rev}))

    def _lease(self, now: int) -> dict[str, int]:
        until = now + self.rules.lease_ms
        return {"lease_until": until, "due_at": until}

    def _end(
        self,
        move: transitions.Move,
        job_id: str,
        by: str,
        usage: Usage,
        messages: Iterable[Message],
        **values: Any,
    ) -> MoveResult:
        outcome = self._outcome(by, usage, self.clock.now())
        return self._report(self._move(move, job_id, messages, **outcome, **values))

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

    def _move(
        self, move: transitions.Move, job_id: str, messages: Iterable[Message] = (), **values: Any
    ) -> MoveResult:
        if move.appends:
            values["messages"] = [asdict(message) for message in messages]
        return self.table.move(job_id, transitions.Change(move, values))
