"""The types of geometries."""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_type

_FLAGS = "HasID boolean, HasZ boolean, HasM boolean, Extent? Envelope, "

GEOMETRY_TYPES: tuple[SchemaType, ...] = (
    define_type("Geometry"),
    define_type("Envelope", base="Geometry", is_abstract=True),
    define_type(
        "EnvelopeN",
        "XMin double, YMin double, XMax double, YMax double, ZMin? double, ZMax? double, MMin? double, "
        "MMax? double, SpatialReference? SpatialReference",
        base="Envelope",
    ),
    define_type("Point", base="Geometry", is_abstract=True),
    define_type(
        "PointN",
        "X double, Y double, M? double, Z? double, ID? int, SpatialReference? SpatialReference",
        base="Point",
    ),
    define_type("ArrayOfPoint", "Point* Point"),
    define_type("Multipoint", base="Geometry", is_abstract=True),
    define_type(
        "MultipointN",
        _FLAGS + "PointArray? ArrayOfPoint, SpatialReference? SpatialReference",
        base="Multipoint",
    ),
    define_type("Curve", base="Geometry", is_abstract=True),
    define_type("Polycurve", base="Curve", is_abstract=True),
    define_type("Polyline", base="Polycurve", is_abstract=True),
    define_type(
        "PolylineN",
        _FLAGS + "PathArray ArrayOfPath, SpatialReference? SpatialReference, KnownSimple? boolean",
        base="Polyline",
    ),
    define_type("Polygon", base="Polycurve", is_abstract=True),
    define_type(
        "PolygonN",
        _FLAGS + "RingArray ArrayOfRing, SpatialReference? SpatialReference, KnownSimple? boolean",
        base="Polygon",
    ),
    define_type("Path", "PointArray? ArrayOfPoint, SegmentArray? ArrayOfSegment", base="Curve"),
    define_type("ArrayOfPath", "Path* Path"),
    define_type("Ring", base="Path"),
    define_type("ArrayOfRing", "Ring* Ring"),
    define_type("Segment", "FromPoint Point, ToPoint Point", base="Curve", is_abstract=True),
    define_type("ArrayOfSegment", "Segment* Segment"),
    define_type("Line", base="Segment"),
    define_type(
        "CircularArc",
        "CenterPoint Point, FromAngle? double, ToAngle? double, IsCounterClockwise boolean, IsMinor boolean, "
        "IsLine boolean",
        base="Segment",
    ),
    define_type(
        "EllipticArc",
        "EllipseStd boolean, CenterPoint Point, Rotation double, MinorMajorRatio double, "
        "IsCounterClockwise boolean, IsMinor boolean",
        base="Segment",
    ),
    define_type("BezierCurve", "Degree int, ControlPointArray ArrayOfPoint", base="Segment"),
)
