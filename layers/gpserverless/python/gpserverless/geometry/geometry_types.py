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
"""What a feature set may hold; an envelope is read as a polygon."""

PLURALS: Mapping[str, str] = MappingProxyType(
    {
        POINT: "points",
        MULTIPOINT: "multipoints",
        POLYLINE: "polylines",
        POLYGON: "polygons",
        ENVELOPE: "envelopes",
    }
)
"""What to call many of them in a message."""

MEMBERS: Mapping[str, str] = MappingProxyType(
    {POINT: "x", MULTIPOINT: "points", POLYLINE: "paths", POLYGON: "rings", ENVELOPE: "xmin"}
)
"""The member of a geometry in Esri JSON that gives its type away."""

TYPE_IDS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {POINT: (0,), MULTIPOINT: (4,), POLYLINE: (1, 5, 2), POLYGON: (3, 6)}
)
"""shapely.GeometryType of the geometries of each: a polyline of one path is a LineString, of more a
MultiLineString, and likewise a polygon of one or several outer rings."""
_BY_ID = {type_id: name for name, ids in TYPE_IDS.items() for type_id in ids}


def name_geometry_type(type_id: int) -> str | None:
    """Return the Esri geometry type of a `shapely.GeometryType`, None for collections and nothing."""
    return _BY_ID.get(type_id)
