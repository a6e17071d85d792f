"""Distances with their unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import finite, quoted
from gpserverless.errors import InvalidValue
from gpserverless.values.units import LinearUnit, find_linear_unit

_ACCEPTED = '{"distance": 5, "units": "esriMiles"} or "5 Miles"'


@dataclass(frozen=True)
class GPLinearUnit(DataType):
    """A distance and its unit, in Python a `LinearUnit`."""

    @property
    def name(self) -> str:
        """GPLinearUnit."""
        return "GPLinearUnit"

    @property
    def accepted(self) -> str:
        """The object and the text form."""
        return _ACCEPTED

    def load(self, raw: JSON, reading: LoadOptions) -> LinearUnit:
        """Read the object in JSON or as a Python literal, or "5 Miles"; a missing unit is metres."""
        if isinstance(raw, LinearUnit):
            return raw
        if isinstance(raw, str):
            if not raw.lstrip().startswith("{"):
                return LinearUnit.parse(raw)
            raw = json_text.parse_object(raw, _ACCEPTED)
        if not isinstance(raw, dict) or "distance" not in raw:
            raise InvalidValue(f"{quoted(raw)} is not a distance with a unit", _ACCEPTED)
        units = raw.get("units") or "esriMeters"
        if not isinstance(units, str):
            raise InvalidValue(f"{quoted(units)} is not a unit", _ACCEPTED)
        return LinearUnit(finite(raw["distance"], "a number as distance"), find_linear_unit(units))

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the object, with the unit's exact token."""
        if value is None:
            return None
        if not isinstance(value, LinearUnit):
            raise InvalidValue(f"{quoted(value)} is not a LinearUnit")
        return {"distance": value.distance, "units": value.units}
