"""The meter of an attempt: what it has spent so far, on top of the attempts before it."""

from __future__ import annotations

from decimal import Decimal

from gpserverless.jobs import pricing
from gpserverless.jobs.job import Job
from gpserverless.jobs.pricing import UNKNOWN, FunctionSize
from gpserverless.jobs.usage import Usage, known, waited_until

_ROW_BYTES = 700  # a row without messages; a message is a map of two texts
_MESSAGE_BYTES = 40


class Meter:
    """Counts while a worker works.

    Args:
        job: The job as this worker's claim left it.
        claimed_at: When it was claimed, in milliseconds since 1970-01-01 UTC.
        function_at: When the function began that claimed it; it is billed from then on.
        function_size: The machine of the function.

    Attributes:
        beats: How often the lease was renewed.
        looks: How often the row was read.
        puts: How many objects and parts were written.
        peak_bytes: Most memory that the tool's process had resident.
    """

    def __init__(
        self, job: Job, claimed_at: int, function_at: int, function_size: FunctionSize = UNKNOWN
    ) -> None:
        self._before = known(job)
        self._queue_ms = waited_until(job, claimed_at)
        self._claimed_at = claimed_at
        self._function_at = function_at
        self._function_size = function_size
        self._row_bytes = _ROW_BYTES
        for message in job.messages:
            self.said(message.text)
        self.beats = self.looks = self.puts = 0
        self.peak_bytes = self._before.peak_bytes

    def said(self, text: str) -> None:
        """Count a message that the row will hold."""
        self._row_bytes += _MESSAGE_BYTES + len(text.encode("utf-8", "replace"))

    def had(self, peak_bytes: int | None) -> None:
        """Take the most memory that a process had, if it is known."""
        if peak_bytes is not None:
            self.peak_bytes = max(peak_bytes, self.peak_bytes or 0)

    def usage(self, now: int) -> Usage:
        """Return what the job has spent if this attempt ends now.

        Args:
            now: Milliseconds since 1970-01-01 UTC.
        """
        used = pricing.attempt(
            now - self._function_at,
            beats=self.beats,
            looks=self.looks,
            puts=self.puts,
            row_bytes=self._row_bytes,
        )
        cost: Decimal = self._before.dollars + pricing.dollars(used, self._function_size)
        run_ms = self._before.run_ms + now - self._claimed_at
        return Usage(self._queue_ms, run_ms, self.peak_bytes, cost)
