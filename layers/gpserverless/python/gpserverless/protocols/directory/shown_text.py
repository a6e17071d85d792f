"""Values of one line, as people read them; the same in every language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EARLIEST, _LATEST = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999 in milliseconds since 1970-01-01 UTC: others have no date in Python."""


def show_text(value: Any, data_type: str) -> str | None:
    """Return a value as a text of one line, None if it has no such text.

    Args:
        value: JSON of the value.
        data_type: Name of its data type.
    """
    if value is None:
        return ""
    if show := _BY_TYPE.get(data_type):
        shown = show(value)
        if shown is not None:
            return shown
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return show_number(value)
    if isinstance(value, dict) and value.keys() == {"distance", "units"}:  # a text that is a length, too
        return _BY_TYPE["GPLinearUnit"](value)
    return value if isinstance(value, str) else None


def show_number(number: float) -> str:
    """Return a number as JSON writes it; whole ones without a fraction.

    Args:
        number: The number.
    """
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def show_date(milliseconds: Any) -> str | None:
    """Return a date with its time in UTC, None if it is none.

    Args:
        milliseconds: Time in milliseconds since 1970-01-01 UTC.
    """
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    if not math.isfinite(milliseconds) or not _EARLIEST <= milliseconds <= _LATEST:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%Y-%m-%d}" if _is_midnight(moment) else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)


def _show_quantity(key: str) -> Callable[[Any], str | None]:
    def show(value: Any) -> str | None:
        if not isinstance(value, Mapping) or not isinstance(value.get(key), int | float):
            return None
        return f"{show_number(value[key])} {_show_unit(str(value.get('units', '')))}".strip()

    return show


def _show_unit(token: str) -> str:
    """Return a unit in small words: "esriSquareKilometers" is "square kilometers"."""
    return _WORDS.sub(" ", token.removeprefix("esriTimeUnits").removeprefix("esri")).lower()


def _show_reference(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return None
    code = value.get("latestWkid") or value.get("wkid")
    return str(code) if code else value.get("wkt")


def _show_field(value: Any) -> str | None:
    return str(value["name"]) if isinstance(value, Mapping) and "name" in value else None


def _show_extent(value: Any) -> str | None:
    names = ("xmin", "ymin", "xmax", "ymax")
    if not isinstance(value, Mapping) or not all(isinstance(value.get(n), int | float) for n in names):
        return None
    reference = _show_reference(value.get("spatialReference") or value.get("spatial_reference"))
    numbers = ", ".join(f"{name} {show_number(value[name])}" for name in names)
    return f"{numbers} ({reference})" if reference else numbers


_BY_TYPE: Mapping[str, Callable[[Any], str | None]] = {
    "GPDate": show_date,
    "GPLinearUnit": _show_quantity("distance"),
    "GPArealUnit": _show_quantity("area"),
    "GPTimeUnit": _show_quantity("time"),
    "GPSpatialReference": _show_reference,
    "GPCoordinateSystem": _show_reference,
    "Field": _show_field,
    "GPExtent": _show_extent,
    "GPEnvelope": _show_extent,
}
