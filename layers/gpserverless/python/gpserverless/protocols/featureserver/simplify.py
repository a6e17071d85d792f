"""Shapes simplified for a scale, as `maxAllowableOffset` asks for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.geometry_types import POLYGON, POLYLINE


def simplify_shapes(
    geometries: NDArray[np.object_], geometry_type: str, tolerance: float
) -> NDArray[np.object_]:
    """Simplify lines and polygons by the algorithm of Douglas and Peucker; points stay as they are.

    A hole or a part that is smaller than the tolerance vanishes. A polygon always keeps a triangle. Where the
    plain algorithm leaves nothing or an invalid polygon, GEOS' other one, which keeps the topology, is used.

    Args:
        geometries: Shape (N,), of one Esri type or None.
        geometry_type: That type.
        tolerance: Most distance of a vertex that is dropped, in the unit of the coordinates.
    """
    if geometry_type not in (POLYLINE, POLYGON):
        return geometries
    plain: Any = np.asarray(shapely.simplify(geometries, tolerance, preserve_topology=False))
    if geometry_type == POLYLINE:
        return np.asarray(plain)
    present = ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)
    failed = present & (shapely.is_empty(plain) | ~shapely.is_valid(plain))
    if failed.any():
        plain[failed] = shapely.simplify(geometries[failed], tolerance, preserve_topology=True)
    return np.asarray(plain)
