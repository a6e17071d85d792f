"""Moments in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ACCEPTED = (
    "milliseconds since 1970-01-01 UTC, yyyy-MM-ddTHH:mm:ss, "
    '{"date": "2026-11-21 08:30:00", "format": "yyyy-MM-dd HH:mm:ss"}'
)
_MILLISECONDS = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.:](\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
# Letters of the protocol's formats and Python's directives for them.
_LETTERS = re.compile(r"yyyy|yy|MMMM|MMM|MM|M|dd|d|HH|H|mm|m|ss|s")
_FORMAT = re.compile(rf"(?:{_LETTERS.pattern}|[ T/.,:_-]){{1,40}}", re.ASCII)
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
        if isinstance(raw, str) and _MILLISECONDS.fullmatch(raw.strip()):
            raw = int(raw.strip())
        if isinstance(raw, str) and raw.lstrip().startswith("{"):
            raw = json_text.parse_object(raw, _ACCEPTED)
        try:
            if isinstance(raw, (int, float)) and not isinstance(raw, bool):
                return EPOCH + timedelta(milliseconds=raw)
            if isinstance(raw, dict):
                return _parse_formatted(raw)
            if isinstance(raw, str):
                return _parse_iso(raw)
        except (ValueError, OverflowError):
            raise InvalidValue(f"{quoted(raw)} is not a date", _ACCEPTED) from None
        raise InvalidValue(f"{quoted(raw)} is not a date", _ACCEPTED)

    def dump(self, value: Any, options: DumpOptions) -> int | None:
        """Write epoch milliseconds."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise InvalidValue(f"{quoted(value)} is not a datetime")
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return (moment - EPOCH) // timedelta(milliseconds=1)


def _parse_iso(text: str) -> datetime:
    match = _ISO.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    day, time, fraction, zone = match.groups()
    moment = datetime.fromisoformat(
        f"{day}T{time or '00:00'}.{fraction:0<6}" if fraction else f"{day}T{time or '00:00'}"
    )
    offset = datetime.strptime(zone, "%z").tzinfo if zone else UTC
    return moment.replace(tzinfo=offset).astimezone(UTC)


def _parse_formatted(raw: dict[str, Any]) -> datetime:
    text, form = raw.get("date"), raw.get("format")
    if not isinstance(text, str) or not isinstance(form, str) or not _FORMAT.fullmatch(form):
        raise ValueError(raw)
    directives = _LETTERS.sub(lambda m: _DIRECTIVES[m[0]], form)
    try:
        return datetime.strptime(text, directives).replace(tzinfo=UTC)
    except re.error:  # a format with one directive twice
        raise ValueError(raw) from None
