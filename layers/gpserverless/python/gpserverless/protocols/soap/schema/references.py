"""The types of spatial references."""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_type

_REFERENCE = "SpatialReference"

REFERENCE_TYPES: tuple[SchemaType, ...] = (
    define_type(
        _REFERENCE,
        "WKT? string, XOrigin? double, YOrigin? double, XYScale? double, ZOrigin? double, ZScale? double, "
        "MOrigin? double, MScale? double, XYTolerance? double, ZTolerance? double, MTolerance? double, "
        "HighPrecision? boolean, LeftLongitude? double, WKID? int, LatestWKID? int, VCSWKID? int, "
        "LatestVCSWKID? int",
        is_abstract=True,
    ),
    define_type("GeographicCoordinateSystem", base=_REFERENCE),
    define_type("ProjectedCoordinateSystem", base=_REFERENCE),
    define_type("UnknownCoordinateSystem", base=_REFERENCE),
)
