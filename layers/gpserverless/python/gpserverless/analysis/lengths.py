"""Distances of callers as numbers in the plane of the coordinates, or in metres on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.units import DEGREES, UNKNOWN, LinearUnit


@dataclass(frozen=True)
class Length:
    """A distance above 0.

    Attributes:
        value: In metres if geodesic, else in the unit of the coordinates.
        geodesic: Whether it is measured on the ellipsoid.
    """

    value: float
    geodesic: bool = False


def read_length(features: FeatureSet[Any], distance: LinearUnit, parameter: str) -> Length:
    """Return a distance as it is measured on features: a length on longitudes and latitudes is geodesic.

    Args:
        features: Their spatial reference counts.
        distance: Above 0.
        parameter: Name of its parameter.

    Raises:
        InvalidParameter: It is not above 0, or its unit has no size in the spatial reference.
    """
    if distance.distance <= 0:
        raise InvalidParameter(parameter, "it is not above 0", "a distance above 0")
    reference = features.spatial_reference
    if distance.units == UNKNOWN or distance.units == DEGREES == features.unit:
        return Length(distance.distance)
    if reference is None:
        problem = "the features have no spatial reference, so a length has no scale"
        raise InvalidParameter(parameter, problem, f"features with a spatialReference, or units {UNKNOWN}")
    if distance.units == DEGREES:
        raise InvalidParameter(
            parameter, "it is an angle, and the features are projected", "a length such as 5 esriMeters"
        )
    return Length(distance.metres / reference.metres_per_unit, reference.is_geographic)
