"""The watcher of a job's run: renews the lease, relays messages, and notices a cancel."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict

from gpserverless.errors import Cancelled, DeadlinePassed, LeaseLost, StorageError
from gpserverless.jobs.job import Job, MoreMessages, Progress
from gpserverless.jobs.job_usage import AttemptUsage
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import warning
from gpserverless.jobs.status import Status
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.toolkit.message_budget import MessageBudget
from gpserverless.toolkit.run import Message
from gpserverless.values.counts import write_count


class JobWatcher:
    """Connects a run to its job's row.

    Messages and progress are buffered. `check_cancelled`, called several times a second, reads or writes
    the row at most once a second. There is no thread: a run that hangs renews no lease once its runner has
    given up.

    Args:
        ledger: The ledger of jobs.
        job: The job as this worker's claim left it.
        fence: Token of this attempt.
        deadline: When the run must end, in milliseconds since 1970-01-01 UTC.
        usage: Adds up the use of the attempt.
    """

    def __init__(self, ledger: Ledger, job: Job, fence: str, deadline: int, usage: AttemptUsage) -> None:
        self._ledger = ledger
        self._job_id = job.id
        self._fence = fence
        self._deadline = deadline
        self._usage = usage
        self._lease_until = job.lease_until or 0
        self._budget = MessageBudget(ledger.rules, job.messages)
        self._pending: list[Message] = []
        self._stored_messages = len(job.messages)  # messages in the row, as far as is known
        self._is_in_doubt = False
        self._overflow_budget = MessageBudget(ledger.rules.overflow)
        self._overflow: list[Message] = []
        self._progress = job.progress
        self._has_news = False
        self._beaten_at = self._read_at = ledger.clock.now()
        self._written_at = self._beaten_at - ledger.rules.poll_ms + ledger.rules.silent_ms

    def message(self, message: Message) -> None:
        """Take one message, in order."""
        admitted = self._budget.admit(message)
        if admitted is not None:
            self._pending.append(admitted)
            self._usage.add_message(admitted.text)
            self._has_news = True
        elif (more := self._overflow_budget.admit(message)) is not None:
            self._overflow.append(more)

    def progress(self, text: str, percent: int | None) -> None:
        """Take the state of the progress bar; it replaces the one before."""
        progress = Progress(text[: self._ledger.rules.max_message_chars], percent)
        self._has_news = self._has_news or progress != self._progress
        self._progress = progress

    def check_cancelled(self) -> None:
        """Renew the lease and relay messages, each when it is due; raise if the run must end.

        Raises:
            Cancelled: The caller asked the job to stop.
            DeadlinePassed: The time is over.
            LeaseLost: Another worker may have the job, or will soon.
        """
        now = self._ledger.clock.now()
        if now >= self._deadline:
            raise DeadlinePassed("The tool ran longer than it may.")
        with contextlib.suppress(StorageError):  # the store may come back before the lease is over
            self._heartbeat(now)
        if not self.has_lease():
            raise LeaseLost(self._job_id)
        if self._ledger.clock.now() >= self._deadline:  # the store may have taken its time
            raise DeadlinePassed("The tool ran longer than it may.")

    def has_lease(self) -> bool:
        """Return whether the lease lasts long enough to write the outcome."""
        return self._ledger.clock.now() < self._lease_until - self._ledger.rules.give_up_ms

    def store_messages(self, objects: ObjectStore, key: str) -> None:
        """Store the messages that the row has no room for; a last message in the row then refers to them.

        The outcome does not wait for them: messages that cannot be stored count as not kept.

        Args:
            objects: Where to write.
            key: Key of the object.
        """
        if not self._overflow:
            return
        body = json.dumps([asdict(message) for message in self._overflow], ensure_ascii=False).encode()
        try:
            objects.put(key, body, "application/json")
        except StorageError:
            self._overflow_budget.dropped += len(self._overflow)
        else:
            count = write_count(len(self._overflow), "more message.", "more messages.")
            self._pending.append(MoreMessages("informative", count, key))
            self._usage.puts += 1

    def unsent_messages(self) -> tuple[Message, ...]:
        """Return the messages that have not been written yet; the last one tells how many were left out."""
        if self._is_in_doubt:
            # Writing the outcome will raise the same errors.
            with contextlib.suppress(StorageError, Cancelled, LeaseLost):
                self._resolve_doubt()
        if not self._overflow_budget.dropped:
            return tuple(self._pending)
        dropped = self._overflow_budget.dropped
        lost = write_count(dropped, "more message was not kept.", "more messages were not kept.")
        return (*self._pending, warning(lost))

    def _heartbeat(self, now: int) -> None:
        rules = self._ledger.rules

        def is_due(since: int, interval: int) -> bool:
            return abs(now - since) >= interval  # a clock that was set back must not silence a worker

        wants_to_write = self._has_news or is_due(self._beaten_at, rules.beat_ms)
        if wants_to_write and is_due(self._written_at, rules.poll_ms):
            self._written_at = self._read_at = now
            self._beat(now)
        elif is_due(self._read_at, rules.poll_ms):
            self._read_at = now
            self._usage.reads += 1
            self._raise_if_stopped(self._ledger.read(self._job_id))

    def _beat(self, now: int) -> None:
        if self._is_in_doubt:
            self._resolve_doubt()
        self._usage.beats += 1
        usage = self._usage.until(now)
        self._is_in_doubt = True
        result = self._ledger.beat(self._job_id, self._fence, self._pending, self._progress, usage)
        self._is_in_doubt = False
        if result.applied and result.job is not None:
            self._pending = []
            self._stored_messages = len(result.job.messages)
            self._has_news = False
            self._beaten_at = now
            self._lease_until = result.job.lease_until or 0
        self._raise_if_stopped(result.job)

    def _resolve_doubt(self) -> None:
        """Find out whether a beat whose answer was lost was written; nobody else adds messages meanwhile."""
        self._usage.reads += 1
        job = self._ledger.read(self._job_id)
        if job is not None and job.lease_owner == self._fence:
            del self._pending[: len(job.messages) - self._stored_messages]
            self._stored_messages = len(job.messages)
        self._is_in_doubt = False
        self._raise_if_stopped(job)

    def _raise_if_stopped(self, job: Job | None) -> None:
        if job is None or job.lease_owner != self._fence:
            raise LeaseLost(self._job_id)
        if job.status is Status.CANCELLING:
            raise Cancelled(self._job_id)
