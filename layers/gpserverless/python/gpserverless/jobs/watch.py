"""The watcher of a job's run: keeps the lease, relays what the tool says, and learns of a cancel."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict

from gpserverless.errors import Cancelled, DeadlinePassed, LeaseLost, StorageError
from gpserverless.jobs.job import Job, MoreMessages, Progress
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import MessageBudget, warning
from gpserverless.jobs.ports import ObjectStore
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage_meter import Meter
from gpserverless.toolkit.run import Message


class JobWatcher:
    """Connects a run to its job's row.

    What the tool says is buffered; `check_cancelled`, called several times a second, does the talking: at
    most one read or write a second. There is no thread, so a run that hangs stops beating when its runner
    gives up.

    Args:
        ledger: The book of jobs.
        job: The job as this worker's claim left it.
        fence: Token of this attempt.
        deadline: When the run must end, in milliseconds since 1970-01-01 UTC.
        meter: Counts what the attempt spends.
    """

    def __init__(self, ledger: Ledger, job: Job, fence: str, deadline: int, meter: Meter) -> None:
        self._ledger = ledger
        self._job_id = job.id
        self._fence = fence
        self._deadline = deadline
        self._meter = meter
        self._lease_until = job.lease_until or 0
        self._budget = MessageBudget(ledger.rules, job.messages)
        self._pending: list[Message] = []
        self._said = len(job.messages)  # messages in the row, as far as is known
        self._is_in_doubt = False
        self._more = MessageBudget(ledger.rules.beyond_the_row)
        self._beyond: list[Message] = []
        self._progress = job.progress
        self._has_news = False
        self._beaten_at = self._asked_at = ledger.clock.now()
        self._written_at = self._beaten_at - ledger.rules.poll_ms + ledger.rules.silent_ms

    def message(self, message: Message) -> None:
        """Take one message, in order."""
        admitted = self._budget.admit(message)
        if admitted is not None:
            self._pending.append(admitted)
            self._meter.said(admitted.text)
            self._has_news = True
        elif (more := self._more.admit(message)) is not None:
            self._beyond.append(more)

    def progress(self, text: str, percent: int | None) -> None:
        """Take the state of the progress bar; it replaces the one before."""
        progress = Progress(text[: self._ledger.rules.max_message_chars], percent)
        self._has_news = self._has_news or progress != self._progress
        self._progress = progress

    def check_cancelled(self) -> None:
        """Raise if the run must stop.

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
        if not self.holds():
            raise LeaseLost(self._job_id)
        if self._ledger.clock.now() >= self._deadline:  # the store may have taken its time
            raise DeadlinePassed("The tool ran longer than it may.")

    def holds(self) -> bool:
        """Return whether the lease holds long enough to write the outcome."""
        return self._ledger.clock.now() < self._lease_until - self._ledger.rules.give_up_ms

    def store_messages(self, objects: ObjectStore, key: str) -> None:
        """Store the messages that the row has no room for; its last words then say where they are.

        An outcome does not wait for them: what cannot be stored counts as not kept.

        Args:
            objects: Where to write.
            key: Key of the object.
        """
        if not self._beyond:
            return
        body = json.dumps([asdict(message) for message in self._beyond], ensure_ascii=False).encode()
        try:
            objects.put(key, body, "application/json")
        except StorageError:
            self._more.dropped += len(self._beyond)
        else:
            count = f"{len(self._beyond):,} more messages."
            self._pending.append(MoreMessages("informative", count, key))
            self._meter.puts += 1

    def unsent_messages(self) -> tuple[Message, ...]:
        """Return the messages that have not been written yet, and how many were left out."""
        if self._is_in_doubt:
            # What it may raise, the outcome itself will meet with.
            with contextlib.suppress(StorageError, Cancelled, LeaseLost):
                self._resolve_doubt()
        if not self._more.dropped:
            return tuple(self._pending)
        return (*self._pending, warning(f"{self._more.dropped:,} more messages were not kept."))

    def _heartbeat(self, now: int) -> None:
        rules = self._ledger.rules

        def is_due(since: int, interval: int) -> bool:
            return abs(now - since) >= interval  # a clock that was set back must not silence a worker

        wants_to_write = self._has_news or is_due(self._beaten_at, rules.beat_ms)
        if wants_to_write and is_due(self._written_at, rules.poll_ms):
            self._written_at = self._asked_at = now
            self._beat(now)
        elif is_due(self._asked_at, rules.poll_ms):
            self._asked_at = now
            self._meter.looks += 1
            self._raise_if_stopped(self._ledger.read(self._job_id))

    def _beat(self, now: int) -> None:
        if self._is_in_doubt:
            self._resolve_doubt()
        self._meter.beats += 1
        usage = self._meter.usage(now)
        self._is_in_doubt = True
        moved = self._ledger.beat(self._job_id, self._fence, self._pending, self._progress, usage)
        self._is_in_doubt = False
        if moved.applied and moved.job is not None:
            self._pending = []
            self._said = len(moved.job.messages)
            self._has_news = False
            self._beaten_at = now
            self._lease_until = moved.job.lease_until or 0
        self._raise_if_stopped(moved.job)

    def _resolve_doubt(self) -> None:
        """Find out what a beat whose answer was lost has written: nobody else says anything meanwhile."""
        self._meter.looks += 1
        job = self._ledger.read(self._job_id)
        if job is not None and job.lease_owner == self._fence:
            del self._pending[: len(job.messages) - self._said]
            self._said = len(job.messages)
        self._is_in_doubt = False
        self._raise_if_stopped(job)

    def _raise_if_stopped(self, job: Job | None) -> None:
        if job is None or job.lease_owner != self._fence:
            raise LeaseLost(self._job_id)
        if job.status is Status.CANCELLING:
            raise Cancelled(self._job_id)
