"""Overwritings of a service that follow one another, as its row remembers them."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.outputs.limits import LINK_SECONDS

READING_MS = (LINK_SECONDS + 60) * 1000
"""How long the objects of a replaced version stay: more than the longest request, and the life of a link."""

REMEMBERED_MS = 2 * READING_MS
"""How long after an overwriting its readers are looked after: until those of a version that is gone know."""

_SKEW_MS = 60_000
"""Clocks of two functions differ by less."""


@dataclass(frozen=True)
class Series:
    """Overwritings of which each came less than `REMEMBERED_MS` after the one before.

    Attributes:
        first: The version that was shown before the first of them. It names the series.
        began_at: When the first of them was made, in milliseconds since 1970-01-01 UTC.
    """

    first: str
    began_at: int


def continue_series(series: Series | None, version: str, written_at: int, now: int) -> Series:
    """Return the series to which an overwriting belongs.

    It begins a new one a little before readers stop to look at the old one: those who began to read unmarked
    read the version that is replaced now.

    Args:
        series: The series of the version that is replaced; None if that has replaced none.
        version: The version that is replaced.
        written_at: When that was written, in milliseconds since 1970-01-01 UTC.
        now: Milliseconds since 1970-01-01 UTC.
    """
    if series is not None and now < written_at + REMEMBERED_MS - _SKEW_MS:
        return series
    return Series(version, now)
