"""Coordinate systems under the protocol's own types of 11.4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Costly
from gpserverless.datatypes.members import read_members
from gpserverless.datatypes.spatial_reference import GRID_MEMBERS, REFERENCE_MEMBERS, spatial_reference
from gpserverless.errors import InvalidValue
from gpserverless.values.coordinate_names import find_wkid, is_vertical
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

_ACCEPTED = (
    'a WKID such as 3857, {"wkid": 25832, "vcsWkid": 5783}, {"latestWkid": 3857}, {"wkt": "…"}, {"wkt2": "…"}'
    ' or {"name": "WGS_1984_UTM_Zone_32N"}'
)
_VERTICAL = {"wkid": "vcsWkid", "latestWkid": "latestVcsWkid"}
_FILES = ("projectionFile", "projectionFileItemID")
_MEMBERS = {name: (name,) for name in (*REFERENCE_MEMBERS, "name", "vcsName", *_FILES)}


@dataclass(frozen=True)
class GPSpatialReference(DataType, Costly):
    """A spatial reference or coordinate system, in Python a `SpatialReference`.

    Args:
        coordinate_system: Whether the type is called GPCoordinateSystem; on the wire both are alike.
    """

    coordinate_system: bool = False

    @property
    def name(self) -> str:
        """GPSpatialReference or GPCoordinateSystem."""
        return "GPCoordinateSystem" if self.coordinate_system else "GPSpatialReference"

    accepted = _ACCEPTED

    def load(self, raw: JSON, options: LoadOptions) -> SpatialReference:
        """Read the first form of the object that is valid, or a WKID or WKT alone."""
        if isinstance(raw, str) and raw.lstrip().startswith("{"):
            raw = json_text.parse_object(raw, _ACCEPTED)
        return _read_object(raw) if isinstance(raw, Mapping) else spatial_reference(raw)

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the ids, or the WKT of a system that has none."""
        if value is None:
            return None
        if not isinstance(value, SpatialReference):
            raise InvalidValue(f"{quoted(value)} is not a SpatialReference")
        vertical = {} if value.vcs_wkid is None else {"vcsWkid": value.vcs_wkid}
        return value.to_json() | vertical


def _read_object(raw: Mapping[str, Any]) -> SpatialReference:
    document = read_members(raw, _MEMBERS, _ACCEPTED, GRID_MEMBERS)
    given = [member for member in _FORMS if document.get(member) is not None]
    problems = []
    for member in given:
        try:
            return _FORMS[member](document, member)
        except InvalidValue as problem:
            problems.append(problem)
    if problems:
        raise problems[0]
    if any(document.get(member) for member in _FILES):
        raise InvalidValue("files of projections (.prj) are not read", _ACCEPTED)
    raise InvalidValue(f"{quoted(dict(raw))} names no coordinate system", _ACCEPTED)


def _read_ids(document: Mapping[str, Any], member: str) -> SpatialReference:
    reference = spatial_reference({"wkid": document[member]})
    vertical = document.get(_VERTICAL[member])
    if vertical is None:
        return reference
    code = read_whole(vertical)
    if code is None or not is_vertical(code):
        raise InvalidValue(f"{quoted(vertical)} is not a vertical coordinate system", _ACCEPTED)
    return replace(reference, vcs_wkid=code)


def _read_wkt(document: Mapping[str, Any], member: str) -> SpatialReference:
    if not isinstance(document[member], str):
        raise InvalidValue(f"its '{member}' is not a text", _ACCEPTED)
    return spatial_reference({"wkt": document[member]})


def _read_names(document: Mapping[str, Any], member: str) -> SpatialReference:
    name, vertical = document[member], document.get("vcsName")
    if not isinstance(name, str) or not isinstance(vertical, str | None):
        raise InvalidValue("its name is not a text", _ACCEPTED)
    code = find_wkid(name)
    reference = SpatialReference(code, code, None if vertical is None else find_wkid(vertical, vertical=True))
    _ = reference.crs
    return reference


_FORMS: dict[str, Callable[[Mapping[str, Any], str], SpatialReference]] = {
    "wkid": _read_ids,
    "latestWkid": _read_ids,
    "wkt": _read_wkt,
    "wkt2": _read_wkt,
    "name": _read_names,
}
"""How each form of the object is read, in the order of trial."""
