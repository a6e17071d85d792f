"""The time, and waiting."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: Seconds, zero or more.
        """


class SystemClock:
    """The clock of this machine."""

    def now(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000_000

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
