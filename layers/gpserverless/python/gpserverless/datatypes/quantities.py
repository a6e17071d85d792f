"""Distances, areas and spans of time with their unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.members import UNIT_MEMBERS, read_members
from gpserverless.datatypes.scalars import finite
from gpserverless.errors import InvalidValue
from gpserverless.values.areal_units import UNKNOWN_AREA, ArealUnit
from gpserverless.values.quotation import quoted
from gpserverless.values.time_units import UNKNOWN_TIME, TimeUnit
from gpserverless.values.units import METERS, LinearUnit


@dataclass(frozen=True)
class GPLinearUnit(DataType):
    """A distance and its unit, in Python a `LinearUnit`."""

    name = "GPLinearUnit"
    accepted = '{"distance": 5, "units": "esriMiles"} or "5 Miles"'
    annotation = LinearUnit

    def load(self, raw: JSON, options: LoadOptions) -> LinearUnit:
        """Read the object in JSON or as a Python literal, or "5 Miles"; a missing unit is metres."""
        if isinstance(raw, LinearUnit):
            return raw
        if isinstance(raw, str) and not raw.lstrip().startswith("{"):
            return LinearUnit.parse(raw)
        return LinearUnit(*_read_object(raw, "distance", METERS, self.accepted))

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the object, with the unit's exact token."""
        if value is None:
            return None
        if not isinstance(value, LinearUnit):
            raise InvalidValue(f"{quoted(value)} is not a LinearUnit")
        return {"distance": value.distance, "units": value.units}


@dataclass(frozen=True)
class GPArealUnit(DataType):
    """An area and its unit, in Python an `ArealUnit`."""

    name = "GPArealUnit"
    accepted = '{"area": 3, "units": "esriSquareKilometers"} or "3 SquareKilometers"'
    annotation = ArealUnit

    def load(self, raw: JSON, options: LoadOptions) -> ArealUnit:
        """Read the object in JSON or as a Python literal, or "3 Acres"; a missing unit is unknown."""
        if isinstance(raw, str) and not raw.lstrip().startswith("{"):
            return ArealUnit.parse(raw)
        return ArealUnit(*_read_object(raw, "area", UNKNOWN_AREA, self.accepted))

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the object, with the unit's exact token."""
        if value is None:
            return None
        if not isinstance(value, ArealUnit):
            raise InvalidValue(f"{quoted(value)} is not an ArealUnit")
        return value.to_json()


@dataclass(frozen=True)
class GPTimeUnit(DataType):
    """A span of time and its unit, in Python a `TimeUnit`."""

    name = "GPTimeUnit"
    accepted = '{"time": 3, "units": "esriTimeUnitsMonths"} or "3 Months"'
    annotation = TimeUnit

    def load(self, raw: JSON, options: LoadOptions) -> TimeUnit:
        """Read the object in JSON or as a Python literal, or "3 Months"; a missing unit is unknown."""
        if isinstance(raw, str) and not raw.lstrip().startswith("{"):
            return TimeUnit.parse(raw)
        return TimeUnit(*_read_object(raw, "time", UNKNOWN_TIME, self.accepted))

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the object, with the unit's exact token."""
        if value is None:
            return None
        if not isinstance(value, TimeUnit):
            raise InvalidValue(f"{quoted(value)} is not a TimeUnit")
        return value.to_json()


def _read_object(raw: JSON, member: str, default_units: str, accepted: str) -> tuple[float, str]:
    document = json_text.parse_object(raw, accepted) if isinstance(raw, str) else raw
    if not isinstance(document, dict):
        raise InvalidValue(f"{quoted(document)} has no '{member}'", accepted)
    found = read_members(document, {member: (member,), "units": UNIT_MEMBERS}, accepted)
    if member not in found:
        raise InvalidValue(f"{quoted(document)} has no '{member}'", accepted)
    units = found.get("units") or default_units
    if not isinstance(units, str):
        raise InvalidValue(f"{quoted(units)} is not a unit", accepted)
    return finite(found[member], f"a number as {member}"), units
