"""Values of attributes in the forms that JSON attributes can hold."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import DATE_ONLY, TIME_ONLY, TIMESTAMP_OFFSET
from gpserverless.values.moments import parse_moment, to_milliseconds

_INT64 = 2**63
_MILLISECONDS_PER_DAY = 86_400_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EXPECTED = {
    DATE_ONLY: ("a day", "a day such as 2024-01-02, or null"),
    TIME_ONLY: ("a time of day", "a time such as 13:45:00, or null"),
    TIMESTAMP_OFFSET: ("a moment", "a moment such as 2024-01-02T03:04:05+01:00, or null"),
}
_TIME = re.compile(
    r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?( ?[AP]M)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE | re.ASCII
)
_BEGIN_OF_DATE = re.compile(r"\d{4}[-/]|\d{8}T", re.ASCII)  # bare digits would be milliseconds
_DATES = "milliseconds since 1970 UTC, an ISO date such as 2024-01-02T03:04:05Z, or null"


def write_nested(value: Any) -> str:
    """Return a list or an object as JSON text, as attributes can hold it.

    Args:
        value: A JSON value.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_text(value: Any) -> str:
    """Return a value as text: lists and objects as JSON.

    Args:
        value: What JSON can hold.
    """
    return write_nested(value) if isinstance(value, list | dict) else str(value)


def to_moments(name: str, values: Sequence[Any]) -> list[int | None]:
    """Return the values of a date field as milliseconds since 1970 UTC, None for null or a blank text.

    Args:
        name: Name of the field, for the error.
        values: Numbers, texts, datetimes, None.

    Raises:
        InvalidValue: A value is no date; its row is named.
    """
    known: dict[Any, int | None] = {}
    moments: list[int | None] = []
    for index, value in enumerate(values):
        key = (type(value), value) if isinstance(value, str | int | float) else None
        if key is not None and key in known:
            moments.append(known[key])
            continue
        try:
            moment = _to_moment(value)
        except (ValueError, OverflowError):
            shown = f"{str(value)[:40]!r}"
            problem = f"features[{index}]: field '{name[:60]}' holds {shown}, which is not a date"
            raise InvalidValue(problem, _DATES) from None
        if key is not None:
            known[key] = moment
        moments.append(moment)
    return moments


def _to_moment(value: Any) -> int | None:
    if value is None or (isinstance(value, str) and value.strip() in ("", "NaN")):
        return None
    if isinstance(value, datetime):
        return to_milliseconds(value)
    if isinstance(value, date):
        return to_milliseconds(datetime(value.year, value.month, value.day))
    if isinstance(value, str):
        return parse_moment(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    moment = math.floor(value)
    if abs(moment) >= _INT64:
        raise OverflowError
    return moment


def check_calendar_texts(name: str, kind: str, values: Sequence[Any]) -> list[str | None]:
    """Return the values of a field of days, times of day or moments with an offset, None for a blank text.

    Days come as ISO texts, also where they were milliseconds at midnight; the other texts stay as they are.

    Args:
        name: Name of the field, for the error.
        kind: Its type: DATE_ONLY, TIME_ONLY or TIMESTAMP_OFFSET.
        values: Texts, for days numbers too, None.

    Raises:
        InvalidValue: A value is none of that kind; its row is named.
    """
    noun, accepted = _EXPECTED[kind]
    known: dict[str, str | None] = {}
    texts: list[str | None] = []
    for index, value in enumerate(values):
        key = repr(value)
        if key not in known:
            try:
                known[key] = _read_calendar_text(kind, value)
            except (ValueError, OverflowError):
                shown = f"{str(value)[:40]!r}"
                problem = f"features[{index}]: field '{name[:60]}' holds {shown}, which is not {noun}"
                raise InvalidValue(problem, accepted) from None
        texts.append(known[key])
    return texts


def _read_calendar_text(kind: str, value: Any) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if kind == DATE_ONLY:
        moment = _to_moment(value)
        if moment is None or moment % _MILLISECONDS_PER_DAY:
            raise ValueError(value)
        return date.fromordinal(_EPOCH_DAY + moment // _MILLISECONDS_PER_DAY).isoformat()
    if not isinstance(value, str):
        raise ValueError(value)
    if kind == TIME_ONLY:
        if not _TIME.fullmatch(value.strip()):
            raise ValueError(value)
    elif not _BEGIN_OF_DATE.match(value.strip()):
        raise ValueError(value)
    else:
        parse_moment(value)
    return value
