"""Areas and spans of time with their unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import finite, quoted
from gpserverless.errors import InvalidValue
from gpserverless.values.areal_units import UNKNOWN_AREA, ArealUnit
from gpserverless.values.time_units import UNKNOWN_TIME, TimeUnit


@dataclass(frozen=True)
class GPArealUnit(DataType):
    """An area and its unit, in Python an `ArealUnit`."""

    @property
    def name(self) -> str:
        """GPArealUnit."""
        return "GPArealUnit"

    @property
    def accepted(self) -> str:
        """The object and the text form."""
        return '{"area": 3, "units": "esriSquareKilometers"} or "3 SquareKilometers"'

    def load(self, raw: JSON, reading: LoadOptions) -> ArealUnit:
        """Read the object in JSON or as a Python literal, or "3 Acres"; a missing unit is unknown."""
        if isinstance(raw, str) and not raw.lstrip().startswith("{"):
            return ArealUnit.parse(raw)
        return ArealUnit(*_number_and_unit(raw, "area", UNKNOWN_AREA, self.accepted))

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the object, with the unit's exact token."""
        if value is None:
            return None
        if not isinstance(value, ArealUnit):
            raise InvalidValue(f"{quoted(value)} is not an ArealUnit")
        return value.to_json()


@dataclass(frozen=True)
class GPTimeUnit(DataType):
    """A span of time and its unit, in Python a `TimeUnit`."""

    @property
    def name(self) -> str:
        """GPTimeUnit."""
        return "GPTimeUnit"

    @property
    def accepted(self) -> str:
        """The object and the text form."""
        return '{"time": 3, "units": "esriTimeUnitsMonths"} or "3 Months"'

    def load(self, raw: JSON, reading: LoadOptions) -> TimeUnit:
        """Read the object in JSON or as a Python literal, or "3 Months"; a missing unit is unknown."""
        if isinstance(raw, str) and not raw.lstrip().startswith("{"):
            return TimeUnit.parse(raw)
        return TimeUnit(*_number_and_unit(raw, "time", UNKNOWN_TIME, self.accepted))

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the object, with the unit's exact token."""
        if value is None:
            return None
        if not isinstance(value, TimeUnit):
            raise InvalidValue(f"{quoted(value)} is not a TimeUnit")
        return value.to_json()


def _number_and_unit(raw: JSON, member: str, missing: str, accepted: str) -> tuple[float, str]:
    """Return the two members of an object; a unit that is not given is the one for `missing`."""
    document = json_text.parse_object(raw, accepted) if isinstance(raw, str) else raw
    if not isinstance(document, dict) or member not in document:
        raise InvalidValue(f"{quoted(document)} has no '{member}'", accepted)
    units = document.get("units") or missing
    if not isinstance(units, str):
        raise InvalidValue(f"{quoted(units)} is not a unit", accepted)
    return finite(document[member], f"a number as {member}"), units
