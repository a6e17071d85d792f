"""The distance of a query, and what lies within it of a geometry."""

from __future__ import annotations

from typing import Any

import shapely

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.protocols.featureserver.options import Options
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import WGS84
from gpserverless.values.units import LinearUnit, find_linear_unit

MAX_METRES = 10_000_000.0
"""Longest search distance: about a quarter of the way around the earth, beyond which no buffer is sure."""

MAX_GROWN_VERTICES = 500
"""Most vertices of a geometry with a distance: a wide buffer of 2,000 takes minutes."""

MAX_GROWN_LENGTH = 400_000_000.0
"""Longest sides, in metres, of a geometry with a distance: ten times around the earth. They are divided."""

_FAR = f"{MAX_METRES:,.0f} metres"
_DIVIDED_SIDE = 80
"""Pieces into which the longest side of a geometry is cut before it comes to another reference."""
_METRES_OF_DEGREE = 111_320.0  # of the equator
_UNIT_PREFIX = "esrisrunit_"
_UNITS = {
    "meter": "esriMeters",
    "kilometer": "esriKilometers",
    "foot": "esriIntFeet",
    "surveyfoot": "esriFeet",
    "statutemile": "esriIntMiles",
    "surveymile": "esriMiles",
    "nauticalmile": "esriIntNauticalMiles",
    "usnauticalmile": "esriNauticalMiles",
}
_UNIT_NAMES = ", ".join(
    f"esriSRUnit_{name}"
    for name in ("Meter", "Kilometer", "Foot", "StatuteMile", "NauticalMile", "USNauticalMile")
)


def read_distance(options: Options) -> LinearUnit | None:
    """Return the distance of a query; None without any.

    Args:
        options: The fields of the request.

    Raises:
        InvalidParameter: It is no distance, or too long.
    """
    distance, word = options.number("distance"), options.text("units")
    if not distance:
        return None
    name = word.lower().removeprefix(_UNIT_PREFIX)
    try:
        token = _UNITS.get(name) or find_linear_unit(word or "esriMeters")
        unit = LinearUnit(distance, token)
        metres = unit.metres  # an angle has none
    except InvalidValue:
        raise InvalidParameter("units", f"{quoted(word)} is no unit of length", _UNIT_NAMES) from None
    if metres > MAX_METRES:
        raise InvalidParameter("distance", f"{metres:g} metres reach around the earth", f"{_FAR} at most")
    return unit


def check_size(features: FeatureSet[Any]) -> None:
    """Raise if a geometry is too large for a distance: its sides are divided, and each piece is grown.

    Args:
        features: The geometry.

    Raises:
        InvalidValue: It is.
    """
    shape, reference = features.geometries[0], features.spatial_reference
    vertices = int(shapely.get_num_coordinates(shape))
    if vertices > MAX_GROWN_VERTICES:
        raise InvalidValue(f"it has {vertices:,} vertices", f"at most {MAX_GROWN_VERTICES:,} with a distance")
    if reference is None:
        return
    unit = _METRES_OF_DEGREE if reference.is_geographic else reference.metres_per_unit
    length = float(shapely.length(shape)) * unit
    if not length <= MAX_GROWN_LENGTH:
        problem = f"its sides have {length:,.0f} metres together"
        raise InvalidValue(problem, f"at most {MAX_GROWN_LENGTH:,.0f} metres with a distance")


def grow_geometry(features: FeatureSet[Any], distance: LinearUnit) -> FeatureSet[Any]:
    """Return what lies within a distance: in the same reference, or in degrees if it has no place there.

    Args:
        features: The geometry.
        distance: The distance.

    Raises:
        InvalidValue: The geometry has no place on the earth.
    """
    grown = features.buffer(distance, geodesic=True)
    if grown.geometries[0] is None and features.spatial_reference is not None:
        return divide_sides(features).project(WGS84).buffer(distance, geodesic=True)
    return grown


def divide_sides(features: FeatureSet[Any]) -> FeatureSet[Any]:
    """Return the same geometry with vertices on its long sides, which another reference may bend.

    Args:
        features: The geometry.

    Raises:
        InvalidValue: It has no place in its own reference.
    """
    shape = features.geometries[0]
    if shape is None:
        raise InvalidValue("it has no place in its own spatial reference")
    west, south, east, north = shape.bounds
    side = max(east - west, north - south)
    if features.geometry_type not in (POLYGON, POLYLINE) or not side:
        return features
    return features.with_geometries([shapely.segmentize(shape, side / _DIVIDED_SIDE)])
