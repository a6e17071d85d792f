"""Moves of the API: submit, cancel and delete."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from gpserverless.jobs import transitions
from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.job_usage import price_listing, usage_without_worker
from gpserverless.jobs.keys import DELETED_SHARD, shard_of
from gpserverless.jobs.ledger_base import LedgerBase
from gpserverless.jobs.messages import (
    CANCELLED,
    SUBMITTED,
    describe_failure,
    describe_outcome,
    describe_usage,
    error,
)
from gpserverless.jobs.move import Change
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.pricing import REJECTION, price
from gpserverless.jobs.rows import make_row
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage


@dataclass(frozen=True)
class ApiMoves(LedgerBase):
    """Moves that callers ask for."""

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
        return self.table.insert(Change(transitions.CREATE, row))

    def reject(self, new: NewJob, token: str, input_bytes: int = 0) -> MoveResult:
        """T22: write the row of a job whose call is wrong; it has failed, and no message is sent.

        Args:
            new: The job with its problem.
            token: Secret of the submit.
            input_bytes: Size of the stored inputs.
        """
        now = self.clock.now()
        why = new.problem[: self.rules.max_message_chars]
        usage = Usage(dollars=price(REJECTION) + price_listing(new.origin.owner))
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
        return self._report(self.table.insert(Change(transitions.REJECT, row)))

    def submit(self, job_id: str, token: str) -> MoveResult:
        """T2: the job is in the queue; from here on it counts.

        Args:
            job_id: Id of the job.
            token: Token of the submit, in the row since T1.
        """
        now = self.clock.now()
        return self._move(
            transitions.SUBMIT,
            job_id,
            create_token=token,
            submitted_at=now,
            due_at=now + self.rules.resend_ms,
        )

    def withdraw(self, created: Job, reason: str) -> MoveResult:
        """T3: the job could not be put into the queue.

        Args:
            created: The row as T1 has written it.
            reason: Reason of the failure, for the caller.
        """
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
        """T12: ask the worker of a running job to stop it.

        Args:
            job_id: Id of the job.
        """
        return self._move(transitions.ASK_TO_STOP, job_id, cancel_at=self.clock.now())

    def hide(self, job_id: str) -> MoveResult:
        """T21: hide a finished job.

        Args:
            job_id: Id of the job.
        """
        return self._move(transitions.HIDE, job_id, open_shard=DELETED_SHARD, due_at=self.clock.now())
