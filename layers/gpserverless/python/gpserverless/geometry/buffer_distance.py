"""Distances of buffers, and the surface that they are measured on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import DEGREES, UNKNOWN, LinearUnit


@dataclass(frozen=True)
class BufferDistance:
    """The distances of N buffers.

    Attributes:
        values: Shape (N,), metres if geodesic, else in the unit of the coordinates. NaN for no buffer.
        geodesic: Whether they are measured on the ellipsoid.
        reported: Shape (N,), the same in the linear unit of the coordinates, metres for geographic ones
            (ArcGIS' BUFF_DIST); degrees if the distance is an angle.
    """

    values: NDArray[np.float64]
    geodesic: bool
    reported: NDArray[np.float64]


def resolve_buffer_distance(
    distance: LinearUnit | ArrayLike, reference: SpatialReference | None, count: int, *, geodesic: bool
) -> BufferDistance:
    """Resolve the distances of buffers to numbers on a surface.

    ArcGIS' rule: of geographic features a length is measured on the ellipsoid with either method, and an
    angle in the plane of degrees; of projected features a length is measured in the plane unless geodesic.

    Args:
        distance: One distance, or of shape (N,) in the linear unit of the coordinates (metres for
            geographic ones).
        reference: Spatial reference of the features.
        count: Number N of features.
        geodesic: Whether the ellipsoid is asked for.

    Raises:
        InvalidValue: A length for features of an unknown reference, or an angle on the ellipsoid.
    """
    if not isinstance(distance, LinearUnit):
        lengths = np.broadcast_to(np.asarray(distance, np.float64), (count,))
        return _resolve_lengths(lengths, reference, geodesic)
    if distance.units == UNKNOWN or (reference is not None and distance.units == DEGREES == reference.unit):
        if geodesic:
            raise InvalidValue(
                f"a distance in {distance.units} cannot be measured on the ellipsoid",
                "a length in esriMeters",
            )
        plain = np.full(count, distance.distance)
        return BufferDistance(plain, geodesic=False, reported=plain)
    if reference is None:
        raise InvalidValue(
            "the features have no spatial reference, so a distance has no scale",
            "features with a spatialReference, or a distance in esriUnknownUnits",
        )
    lengths = np.full(count, distance.metres / reference.metres_per_unit)
    return _resolve_lengths(lengths, reference, geodesic)


def _resolve_lengths(
    lengths: NDArray[np.float64], reference: SpatialReference | None, geodesic: bool
) -> BufferDistance:
    if reference is None or not (geodesic or reference.is_geographic):
        return BufferDistance(lengths, geodesic=False, reported=lengths)
    return BufferDistance(lengths * reference.metres_per_unit, geodesic=True, reported=lengths)
