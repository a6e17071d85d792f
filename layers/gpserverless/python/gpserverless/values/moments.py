"""Moments of attributes: milliseconds since 1970-01-01 UTC, from the texts that other servers write."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MILLISECOND = timedelta(milliseconds=1)
# Fewer digits could be seconds, or a day as yyyyMMdd.
_MILLISECONDS = re.compile(r"[+-]?\d{11,15}(?:\.0*)?|[+-]?\d(?:\.\d+)?[eE]\+?1[0-4]", re.ASCII)
_DAY = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\S+))?(?:\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?", re.ASCII
)
_COMPACT = re.compile(r"\d{8}(?:T\d{4}(?:\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII)


def parse_moment(text: str) -> int:
    """Return the milliseconds since 1970 UTC of a date in ISO 8601, with any number of digits of a second.

    Smaller parts than a millisecond are cut off. A time without a zone is UTC, a day alone its midnight.

    Args:
        text: "2024-01-02T03:04:05.123456789Z", "2024/01/02 03:04:05+01", "20240102", or milliseconds of at
            least 11 digits.

    Raises:
        ValueError: It is none of these, or no such day.
    """
    bare = text.strip()
    if _MILLISECONDS.fullmatch(bare):
        return math.floor(float(bare))
    try:
        return to_milliseconds(datetime.fromisoformat(_spell_as_iso(bare)))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a date") from None


def _spell_as_iso(text: str) -> str:
    """Return a date as Python reads it; "" for a text that is none."""
    match = _DAY.fullmatch(text)
    if match is None:
        return text if _COMPACT.fullmatch(text) else ""
    year, month, day, time, zone = match.groups()
    zone = "Z" if zone in ("UTC", "GMT") else zone or ""
    return f"{year}-{month:0>2}-{day:0>2}T{time or '00:00'}{zone}"


def to_milliseconds(moment: datetime) -> int:
    """Return the milliseconds since 1970 UTC.

    Args:
        moment: With a time zone, or in UTC.
    """
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // _MILLISECOND
