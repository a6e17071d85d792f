"""Overwritings of a service that follow one another, as its row remembers them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.outputs.limits import LINK_SECONDS

READING_MS = (LINK_SECONDS + 60) * 1000
"""How long the objects of a replaced version stay: more than the longest request, and the life of a link."""

REMEMBERED_MS = 2 * READING_MS
"""How long after an overwriting its readers are looked after: until those of a version that is gone know."""

_SKEW_MS = 60_000
"""Clocks of two functions differ by less."""


@dataclass(frozen=True)
class Series:
    """Overwritings of which each came less than `REMEMBERED_MS` after the one before. Times are milliseconds.

    Attributes:
        first: The version that was shown before the first of them. It names the series.
        began_at: When the first of them was made or announced.
        last_at: When the last of them was.
    """

    first: str
    began_at: int
    last_at: int

    def is_open(self, now: int) -> bool:
        """Return whether somebody may still read a version that was replaced, or is about to be.

        Args:
            now: Milliseconds since 1970-01-01 UTC.
        """
        return now < self.last_at + REMEMBERED_MS


def continue_series(series: Series | None, version: str, now: int) -> Series:
    """Return the series to which an overwriting belongs.

    It begins a new one a little before readers stop to look at the old one: those who began to read unmarked
    read the version that is replaced now.

    Args:
        series: The series of the version that is replaced; None if that has replaced none.
        version: The version that is replaced.
        now: Milliseconds since 1970-01-01 UTC.
    """
    if series is not None and series.is_open(now + _SKEW_MS):
        return replace(series, last_at=now)
    return Series(version, now, now)
