"""Values of fields as texts for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gpserverless.features.fields import DATE, Field

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_EXACT = 1e15
"""From here on a number of floating point is not written as a whole one."""


def write_value_text(field: Field, value: Any) -> str:
    """Return a value as text; dates in UTC, and numbers without decimals that say nothing.

    Args:
        field: Its field.
        value: The value, not null.
    """
    if field.type == DATE and isinstance(value, int):
        return _write_date(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_EXACT:
        return str(int(value))
    return str(value)


def _write_date(milliseconds: int) -> str:
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return str(milliseconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
