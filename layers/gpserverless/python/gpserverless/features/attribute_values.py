"""Values of attributes in the forms that JSON attributes can hold."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.moments import parse_moment, to_milliseconds

_INT64 = 2**63
_DATES = "milliseconds since 1970 UTC, an ISO date such as 2024-01-02T03:04:05Z, or null"


def write_nested(value: Any) -> str:
    """Return a list or an object as JSON text, as attributes can hold it.

    Args:
        value: What JSON can hold.
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
