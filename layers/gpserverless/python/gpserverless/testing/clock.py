"""A clock that tests turn by hand."""

from __future__ import annotations


class VirtualClock:
    """A clock that stands still until somebody sleeps or sets `time`.

    Attributes:
        time: Milliseconds since 1970-01-01 UTC.
    """

    def __init__(self) -> None:
        self.time = 1_700_000_000_000

    def now(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Move the time on without waiting."""
        self.time += round(seconds * 1000)
