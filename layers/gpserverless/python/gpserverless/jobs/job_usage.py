"""Adding up the use of a job: by its row, and by the attempt under way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gpserverless.jobs import pricing
from gpserverless.jobs.job import Job
from gpserverless.jobs.pricing import ENDING, LISTING, SUBMIT, UNKNOWN, FunctionSize
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage

_ROW_BYTES = 700  # a row without messages; a message is a map of two texts
_MESSAGE_BYTES = 40


def read_usage(job: Job) -> Usage:
    """Return the usage in a job's row: that of the submit at least.

    Args:
        job: The job.
    """
    return job.usage or Usage(dollars=pricing.price(SUBMIT) + price_listing(job.owner))


def price_listing(owner: str) -> Decimal:
    """Return the price of a job's entry in the list of its owner: that of nobody's job has none.

    Args:
        owner: Name of the owner, "" for nobody.
    """
    return pricing.price(LISTING) if owner else Decimal(0)


def queue_time(job: Job, until: int) -> int:
    """Return how long a job has waited for workers, in milliseconds.

    Args:
        job: The job.
        until: End of the time counted, in milliseconds since 1970-01-01 UTC. The run time in the row is left
            out of it.
    """
    if job.submitted_at is None:
        return 0
    return max(0, until - job.submitted_at - read_usage(job).run_ms)


def usage_without_worker(job: Job, ended_at: int) -> Usage:
    """Return the usage of a job whose outcome no worker writes.

    An attempt whose worker was lost counts up to its last beat; one without a beat counts as nothing.

    Args:
        job: The job as it was read before its outcome is written.
        ended_at: When it ends, in milliseconds since 1970-01-01 UTC.
    """
    usage = read_usage(job)
    if job.status not in (Status.EXECUTING, Status.CANCELLING):
        usage = replace(usage, queue_ms=queue_time(job, ended_at))
    elif job.usage is None and job.started_at is not None:
        usage = replace(usage, queue_ms=queue_time(job, job.started_at))
    return replace(usage, dollars=usage.dollars + pricing.price(ENDING))


class AttemptUsage:
    """Adds up the use of an attempt, on top of the attempts before it.

    Args:
        job: The job as this worker's claim left it.
        claimed_at: When it was claimed, in milliseconds since 1970-01-01 UTC.
        function_at: When the function that claimed it began to work; it is billed from then on.
        function_size: The machine of the function.

    Attributes:
        beats: How often the lease was renewed.
        reads: How often the row was read.
        puts: How many objects and parts were written.
        peak_bytes: Largest resident size of the tool's process.
    """

    def __init__(
        self, job: Job, claimed_at: int, function_at: int, function_size: FunctionSize = UNKNOWN
    ) -> None:
        self._before = read_usage(job)
        self._queue_ms = queue_time(job, claimed_at)
        self._overhead_ms = max(0, claimed_at - function_at)
        self._elapsed_ms = 0
        self._counted_until = claimed_at
        self._function_size = function_size
        self._row_bytes = _ROW_BYTES
        for message in job.messages:
            self.add_message(message.text)
        self.beats = self.reads = self.puts = 0
        self.peak_bytes = self._before.peak_bytes

    def add_message(self, text: str) -> None:
        """Count a message that the row will hold.

        Args:
            text: The text of the message.
        """
        self._row_bytes += _MESSAGE_BYTES + len(text.encode("utf-8", "replace"))

    def add_peak(self, peak_bytes: int | None) -> None:
        """Count the largest resident size of one process, if it is known.

        Args:
            peak_bytes: Bytes; None if it is not known.
        """
        if peak_bytes is not None:
            self.peak_bytes = max(peak_bytes, self.peak_bytes or 0)

    def until(self, now: int) -> Usage:
        """Return the usage of the job if this attempt ends now.

        Time is counted from one call to the next, so a clock that is set back costs one step, and no time is
        negative.

        Args:
            now: Milliseconds since 1970-01-01 UTC.
        """
        self._elapsed_ms += max(0, now - self._counted_until)
        self._counted_until = now
        units = pricing.count_attempt(
            self._overhead_ms + self._elapsed_ms,
            beats=self.beats,
            reads=self.reads,
            puts=self.puts,
            row_bytes=self._row_bytes,
        )
        cost = self._before.dollars + pricing.price(units, self._function_size)
        run_ms = self._before.run_ms + self._elapsed_ms
        return Usage(self._queue_ms, run_ms, self.peak_bytes, cost)
