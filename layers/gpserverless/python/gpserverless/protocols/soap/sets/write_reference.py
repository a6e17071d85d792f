"""Spatial references written as those of the schema."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.values.proj_systems import WEB_MERCATOR
from gpserverless.values.spatial_reference import SpatialReference

_GEOGRAPHIC = ((4120, 4216), (4218, 4388), (4600, 4646), (4657, 4765), (37001, 37260), (104000, 104999))
_PROJECTED = ((2000, 3818), (3825, 3887), (20047, 32767), (53001, 54999), (102001, 103999))
"""First and last of WKIDs that PROJ's database has of one kind alone, so that PROJ is not loaded."""

_LEFT_LONGITUDE = -180.0  # what a server of ArcGIS writes for every geographic system


def make_reference_node(value: Any) -> Node:
    """Return a spatial reference as a node; an unknown one for one that says nothing.

    Args:
        value: Esri JSON, or None.

    Raises:
        InvalidValue: It says something, but no spatial reference; or it has no WKT in the form of ArcGIS.
    """
    reference = SpatialReference.from_optional_json(value)
    if reference is None:
        return Node("UnknownCoordinateSystem")
    if reference.wkid is None:
        reference = reference.resolve()
    members = reference.to_json()
    vertical = value.get("latestVcsWkid") if isinstance(value, dict) else None
    is_geographic = _is_geographic(reference)
    return Node(
        "GeographicCoordinateSystem" if is_geographic else "ProjectedCoordinateSystem",
        {
            "WKT": _write_wkt(reference) if reference.wkid is None else None,
            "LeftLongitude": _LEFT_LONGITUDE if is_geographic else None,
            "WKID": members.get("wkid"),
            "LatestWKID": members.get("latestWkid"),
            "VCSWKID": members.get("vcsWkid"),
            "LatestVCSWKID": vertical if isinstance(vertical, int) else members.get("vcsWkid"),
        },
    )


def _is_geographic(reference: SpatialReference) -> bool:
    code = reference.latest_wkid or reference.wkid
    if code is not None and (code in WEB_MERCATOR or _holds(_PROJECTED, code)):
        return False
    return (code is not None and _holds(_GEOGRAPHIC, code)) or reference.is_geographic


def _holds(ranges: tuple[tuple[int, int], ...], code: int) -> bool:
    return any(first <= code <= last for first, last in ranges)


@lru_cache(maxsize=32)
def _write_wkt(reference: SpatialReference) -> str:
    """Return the WKT in the words of ArcGIS, which reads no other."""
    from pyproj.enums import WktVersion
    from pyproj.exceptions import CRSError

    try:
        return str(reference.crs.to_wkt(WktVersion.WKT1_ESRI))
    except CRSError as problem:
        raise InvalidValue("the spatial reference has no WKT in the form of ArcGIS") from problem
