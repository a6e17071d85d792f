"""The geometry types of Esri JSON and the shapely classes that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

POINT = "esriGeometryPoint"
MULTIPOINT = "esriGeometryMultipoint"
POLYLINE = "esriGeometryPolyline"
POLYGON = "esriGeometryPolygon"
ENVELOPE = "esriGeometryEnvelope"

GEOMETRY_TYPES = (POINT, MULTIPOINT, POLYLINE, POLYGON)
"""Types of a feature set; an envelope is read as a polygon."""

PLURALS: Mapping[str, str] = MappingProxyType(
    {
        POINT: "points",
        MULTIPOINT: "multipoints",
        POLYLINE: "polylines",
        POLYGON: "polygons",
        ENVELOPE: "envelopes",
    }
)
"""Plural of each type, for messages."""

MEMBERS: Mapping[str, str] = MappingProxyType(
    {POINT: "x", MULTIPOINT: "points", POLYLINE: "paths", POLYGON: "rings", ENVELOPE: "xmin"}
)
"""Member of a geometry in Esri JSON that tells its type."""

TYPE_IDS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {POINT: (0,), MULTIPOINT: (4,), POLYLINE: (1, 5, 2), POLYGON: (3, 6)}
)
"""Values of `shapely.GeometryType` of each type. A polyline of one path is a LineString, of several paths a
MultiLineString; a polygon of one outer ring is a Polygon, of several a MultiPolygon."""
_BY_ID = {type_id: name for name, ids in TYPE_IDS.items() for type_id in ids}


def name_geometry_type(type_id: int) -> str | None:
    """Return the Esri name of a geometry type, None for collections and null.

    Args:
        type_id: A value of `shapely.GeometryType`.
    """
    return _BY_ID.get(type_id)
