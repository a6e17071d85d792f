"""Search distances, and the surface that they are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.units import LinearUnit


@dataclass(frozen=True)
class SearchRadius:
    """A longest distance on a surface.

    Attributes:
        value: In metres if geodesic, else in the unit of the coordinates; infinity for any distance.
        geodesic: Whether distances are measured on the ellipsoid.
    """

    value: float
    geodesic: bool


def resolve_radius(
    features: FeatureSet[Any], distance: LinearUnit | None, parameter: str, *, geodesic: bool, watch: Watch
) -> SearchRadius:
    """Return the longest distance in the unit of a surface.

    On longitudes and latitudes a length is always measured on the ellipsoid, as for buffers.

    Args:
        features: The features from which distances are measured.
        distance: The longest distance, None for any.
        parameter: Name of the distance's parameter.
        geodesic: Whether the ellipsoid is asked for.
        watch: Takes a warning where the surface or the unit is not the one expected.

    Raises:
        InvalidParameter: The distance is not above 0, or does not suit the features.
    """
    if distance is None:
        if features.is_geographic and not geodesic:
            watch.warn("Distances are in degrees; GEODESIC measures metres.")
        return SearchRadius(np.inf, geodesic)
    if distance.distance <= 0:
        raise InvalidParameter(parameter, "it is not above 0", "a distance above 0, or none")
    try:
        resolved = features.buffer_distance(distance, geodesic=geodesic)
    except InvalidValue as error:
        raise InvalidParameter(parameter, error.problem, error.accepted) from None
    if resolved.geodesic and not geodesic:
        watch.warn(
            f"{parameter} is a length, and the features are in longitude and latitude: "
            "distances are measured on the ellipsoid, in metres."
        )
    value = float(resolved.values[0]) if len(resolved.values) else np.inf
    return SearchRadius(value, resolved.geodesic)
