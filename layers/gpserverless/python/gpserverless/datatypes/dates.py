"""Moments in time."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.members import read_members
from gpserverless.errors import InvalidValue
from gpserverless.values.moments import EPOCH, to_milliseconds
from gpserverless.values.numbers import read_float, read_whole
from gpserverless.values.quotation import quoted

_ACCEPTED = (
    "milliseconds since 1970-01-01 UTC, yyyy-MM-ddTHH:mm:ss, "
    '{"date": "2026-11-21 08:30:00", "format": "yyyy-MM-dd HH:mm:ss"}'
)
_LONGEST = 100
"""Characters of the longest date that is tried."""

# ISO 8601 with all its separators, as RFC 3339, Java, .NET and pandas write it, or without any.
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})|:(\d{3}))?)?)?"
    r"[ ]?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_BASIC_ISO = re.compile(
    r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9})|:(\d{3}))?)?"
    r"(Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
# Letters of the protocol's formats and Python's directives for them.
_LETTERS = re.compile(r"yyyy|yy|MMMM|MMM|MM|M|dd|d|HH|H|mm|m|ss|s")
_FORMAT = re.compile(rf"(?:{_LETTERS.pattern}|[ T/.,:_-]){{1,40}}+", re.ASCII)
_DIRECTIVES = {
    "yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m", "dd": "%d", "d": "%d",
    "HH": "%H", "H": "%H", "mm": "%M", "m": "%M", "ss": "%S", "s": "%S",
}  # fmt: skip


@dataclass(frozen=True)
class GPDate(DataType):
    """A moment, in Python a `datetime` in UTC; a time without a zone is UTC."""

    name = "GPDate"
    annotation = datetime
    accepted = _ACCEPTED

    def load(self, raw: JSON, options: LoadOptions) -> datetime:
        """Read epoch milliseconds, an ISO date, or a date with its format."""
        if isinstance(raw, str) and raw.lstrip().startswith("{"):
            raw = json_text.parse_object(raw, _ACCEPTED)
        if isinstance(raw, dict):
            return _parse_formatted(raw)
        with suppress(ValueError, OverflowError):  # refused below
            whole = read_whole(raw)
            milliseconds = read_float(raw) if whole is None else whole
            if milliseconds is not None:
                return EPOCH + timedelta(milliseconds=milliseconds)
            if isinstance(raw, str):
                return parse_iso(raw)
        raise InvalidValue(f"{quoted(raw)} is not a date", _ACCEPTED)

    def dump(self, value: Any, options: DumpOptions) -> int | None:
        """Write epoch milliseconds."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise InvalidValue(f"{quoted(value)} is not a datetime")
        return to_milliseconds(value)


def parse_iso(text: str) -> datetime:
    """Return the moment of a date as ISO 8601 has it, in UTC; parts of a microsecond are cut off.

    Args:
        text: A date, perhaps with a time after "T" or a space, a fraction of 1 to 9 digits and a zone.

    Raises:
        ValueError: It is no such date.
        OverflowError: It lies outside the years 1 to 9999.
    """
    text = text.strip()
    match = len(text) <= _LONGEST and (_ISO.fullmatch(text) or _BASIC_ISO.fullmatch(text))
    if not match:
        raise ValueError(text)
    *parts, fraction, thousandths, zone = match.groups()
    microseconds = int(f"{fraction or thousandths or 0:0<6}"[:6])
    moment = datetime(*(int(part or 0) for part in parts), microseconds, tzinfo=UTC)  # type: ignore[misc, arg-type]
    return moment - _read_offset(zone or "Z")


def _read_offset(zone: str) -> timedelta:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:] if len(zone) > 3 else 0)
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset


def _parse_formatted(raw: dict[str, Any]) -> datetime:
    members = read_members(raw, {"date": ("date",), "format": ("format",)}, _ACCEPTED)
    text, form = members.get("date"), members.get("format")
    for name, value in (("date", text), ("format", form)):
        if not isinstance(value, str):
            raise InvalidValue(f"it has no '{name}', or not as a text", _ACCEPTED)
    if not _FORMAT.fullmatch(str(form)):
        raise InvalidValue(f"{quoted(form)} is not a format of dates", _ACCEPTED)
    directives = _LETTERS.sub(lambda m: _DIRECTIVES[m[0]], str(form))
    has_month = any(month in directives for month in ("%m", "%b", "%B"))
    if "%y" not in directives.lower() or ("%d" in directives and not has_month):
        raise InvalidValue(f"the format {quoted(form)} leaves out the year or the month", _ACCEPTED)
    if ("%M" in directives and "%H" not in directives) or ("%S" in directives and "%M" not in directives):
        raise InvalidValue(f"the format {quoted(form)} leaves out the hour or the minute", _ACCEPTED)
    if len(str(text)) > _LONGEST:
        raise InvalidValue(f"the date has {len(str(text)):,} characters", f"at most {_LONGEST}")
    try:
        return datetime.strptime(str(text), directives).replace(tzinfo=UTC)
    except (ValueError, re.error):  # re.error: a format with one directive twice
        raise InvalidValue(f"{quoted(text)} is not a date of the format {quoted(form)}", _ACCEPTED) from None
