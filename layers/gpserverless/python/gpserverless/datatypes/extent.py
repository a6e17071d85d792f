"""Extents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Costly
from gpserverless.datatypes.members import read_members
from gpserverless.datatypes.scalars import finite
from gpserverless.datatypes.spatial_reference import read_optional_reference
from gpserverless.errors import InvalidValue
from gpserverless.values.extent import Extent
from gpserverless.values.quotation import quoted

_ACCEPTED = '{"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 4326}}'
_REQUIRED = ("xmin", "ymin", "xmax", "ymax")
_SIDES = (*_REQUIRED, "zmin", "zmax", "mmin", "mmax")
_MEMBERS = {side: (side,) for side in _SIDES} | {
    "spatialReference": ("spatialReference", "spatial_reference")
}
_IDLE = ("type", "hasZ", "hasM", "idmin", "idmax")
"""Members of envelopes that say nothing about the box: ids of points, and what others tell as well."""


@dataclass(frozen=True)
class GPExtent(DataType, Costly):
    """A box, in Python an `Extent`.

    Args:
        envelope: Whether the type is called GPEnvelope; both names mean the same on the wire.
    """

    envelope: bool = False

    @property
    def name(self) -> str:
        """GPExtent or GPEnvelope."""
        return "GPEnvelope" if self.envelope else "GPExtent"

    accepted = f"{_ACCEPTED}, optionally with zmin and zmax, mmin and mmax"
    annotation = Extent

    def load(self, raw: JSON, options: LoadOptions) -> Extent:
        """Read the object in JSON or as a Python literal; `spatial_reference` is accepted too."""
        document = json_text.parse_object(raw, _ACCEPTED) if isinstance(raw, str) else raw
        if not isinstance(document, Mapping):
            self.fail(f"{quoted(document)} has not all of {', '.join(_REQUIRED)}")
        found = read_members(document, _MEMBERS, self.accepted, _IDLE)
        if any(side not in found for side in _REQUIRED):
            self.fail(f"{quoted(document)} has not all of {', '.join(_REQUIRED)}")
        given = found.pop("spatialReference", None)
        sides = {side: finite(value, f"a number as {side}") for side, value in found.items()}
        return Extent(**sides, spatial_reference=read_optional_reference(given))

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the object with its spatial reference under both names.

        The protocol's own example says `spatial_reference`, every other envelope `spatialReference`.
        """
        if value is None:
            return None
        if not isinstance(value, Extent):
            raise InvalidValue(f"{quoted(value)} is not an Extent")
        document = value.to_json()
        reference = document.get("spatialReference")
        return document if reference is None else {**document, "spatial_reference": reference}
