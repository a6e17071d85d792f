"""Spatial references from SOAP."""

from __future__ import annotations

from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.members import read_member
from gpserverless.protocols.soap.sets.numbers import LARGEST_INT
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.values.numbers import read_whole
from gpserverless.values.proj_systems import WEB_MERCATOR
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import WGS84, SpatialReference

_UNKNOWN = "UnknownCoordinateSystem"
_USUAL = WEB_MERCATOR | {WGS84.wkid}


def read_reference(element: Element) -> dict[str, Any] | None:
    """Return the Esri JSON of a spatial reference, None for an unknown one.

    Its ids count more than its WKT, unless PROJ knows none of them. Origins, scales and tolerances of its
    grid are not read.

    Args:
        element: A `GeographicCoordinateSystem`, `ProjectedCoordinateSystem` or `UnknownCoordinateSystem`.

    Raises:
        InvalidValue: An id is no whole number, or the WKT no coordinate system.
    """
    if element.is_nil or element.type_name == _UNKNOWN:
        return None
    wkid, latest = _read_id(element, "WKID"), _read_id(element, "LatestWKID")
    wkt = (read_member(element, "WKT") or "").strip()
    ids = {"wkid": wkid or latest, "latestWkid": latest}
    if ids["wkid"] is not None and not (wkt and _is_strange(wkid, latest)):
        vertical = {"vcsWkid": "VCSWKID", "latestVcsWkid": "LatestVCSWKID"}
        ids |= {key: _read_id(element, name) for key, name in vertical.items()}
        ids["vcsWkid"] = ids["vcsWkid"] or ids["latestVcsWkid"]
        return {key: value for key, value in ids.items() if value is not None}
    return {"wkt": SpatialReference.from_json({"wkt": wkt}).wkt} if wkt else None


def _read_id(element: Element, name: str) -> int | None:
    """Return an id; 0 and below stand for a coordinate system without one."""
    text = (read_member(element, name) or "").strip()
    number = read_whole(text) if text else 0
    if number is None or number > LARGEST_INT:
        raise InvalidValue(f"the {name} of its spatial reference is {quoted(text)}", "a whole number")
    return number if number > 0 else None


def _is_strange(*ids: int | None) -> bool:
    """Return whether PROJ knows none of the ids."""
    if _USUAL.intersection(ids):
        return False
    wkid, latest = ids
    try:
        SpatialReference(wkid or latest, latest).crs  # noqa: B018 - it raises for an unknown one
    except InvalidValue:
        return True
    return False
