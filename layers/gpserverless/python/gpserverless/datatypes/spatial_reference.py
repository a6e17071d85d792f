"""Spatial references, declared as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Costly
from gpserverless.datatypes.members import read_members
from gpserverless.errors import InvalidValue
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference, is_empty_reference

ACCEPTED = 'a WKID such as 3857, {"wkid": 3857}, {"wkt": "…"} or WKT'

REFERENCE_MEMBERS = ("wkid", "latestWkid", "vcsWkid", "latestVcsWkid", "wkt", "wkt2")
"""The members by which a spatial reference is read."""

GRID_MEMBERS = (
    "falseX", "falseY", "xyUnits", "falseZ", "zUnits", "falseM", "mUnits", "xyTolerance", "zTolerance",
    "mTolerance", "imageCoordinateSystem",
)  # fmt: skip
"""Members of ArcGIS that describe the grid on which a geodatabase keeps coordinates; it is not used."""


@dataclass(frozen=True)
class SpatialReferenceText(DataType, Costly):
    """A spatial reference, declared as GPString: older clients do not know the protocol's own types."""

    name = "GPString"
    accepted = ACCEPTED
    annotation = SpatialReference

    def load(self, raw: JSON, options: LoadOptions) -> SpatialReference:
        """Read a WKID, WKT or JSON; PROJ must know the reference system."""
        return spatial_reference(raw)

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the JSON object."""
        if value is None:
            return None
        if not isinstance(value, SpatialReference):
            raise InvalidValue(f"{quoted(value)} is not a SpatialReference")
        return value.to_json()


def spatial_reference(raw: JSON) -> SpatialReference:
    """Return the spatial reference of a WKID, WKT or JSON; of a compound one the horizontal part by its WKID.

    Args:
        raw: A WKID as text or number, WKT, Esri JSON, or the text of it.

    Raises:
        InvalidValue: No such spatial reference is known.
    """
    return SpatialReference.from_json(_parse(raw)).resolve()


def read_optional_reference(raw: JSON) -> SpatialReference | None:
    """Return the same as `spatial_reference`; None for a value that says nothing, such as `{"wkid": null}`.

    Args:
        raw: As for `spatial_reference`, or None.

    Raises:
        InvalidValue: It says something, but no spatial reference is known by it.
    """
    document = _parse(raw) if isinstance(raw, str) and raw.strip() else raw
    return None if is_empty_reference(document) else spatial_reference(document)


def _parse(raw: JSON) -> JSON:
    """Return a WKID as a number, and an object without members that are not read."""
    if isinstance(raw, str) and raw.lstrip().startswith("{"):
        raw = json_text.parse_object(raw.strip(), ACCEPTED)
    if isinstance(raw, Mapping):
        members = {name: (name,) for name in REFERENCE_MEMBERS}
        return read_members(raw, members, ACCEPTED, (*GRID_MEMBERS, "name", "vcsName"))
    if not isinstance(raw, str):
        return raw
    whole = read_whole(raw)
    return {"wkt": raw.strip()} if whole is None else whole
