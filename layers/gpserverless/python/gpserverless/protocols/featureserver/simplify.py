"""Shapes simplified for a scale, as `maxAllowableOffset` asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import flatten
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE


def simplify_shapes(
    geometries: NDArray[np.object_], geometry_type: str, tolerance: float
) -> NDArray[np.object_]:
    """Simplify lines and polygons by the algorithm of Douglas and Peucker; points stay as they are.

    Vertices keep their heights and measures. A hole or a part that is smaller than the tolerance vanishes. A
    polygon always keeps a triangle. Where the plain algorithm leaves nothing or an invalid polygon, GEOS'
    other one, which keeps the topology, is used.

    Args:
        geometries: Shape (N,), of one Esri type or None.
        geometry_type: That type.
        tolerance: Most distance of a vertex that is dropped, in the unit of the coordinates.
    """
    if geometry_type not in (POLYLINE, POLYGON):
        return geometries
    if shapely.has_m(geometries).any():  # GEOS drops measures
        return _simplify_numbered(geometries, geometry_type, tolerance)
    return _simplify(geometries, geometry_type, tolerance)


def _simplify_numbered(
    geometries: NDArray[np.object_], geometry_type: str, tolerance: float
) -> NDArray[np.object_]:
    """Simplify geometries with the number of each vertex as its height, and put the true ordinates back."""
    ordinates = shapely.get_coordinates(geometries, include_z=True, include_m=True)
    places = np.column_stack([ordinates[:, :2], np.arange(len(ordinates))])
    numbered = shapely.set_coordinates(shapely.force_3d(shapely.force_2d(geometries)), places)
    simple = _simplify(np.asarray(numbered), geometry_type, tolerance)
    if geometry_type == POLYGON:
        simple = np.asarray(shapely.orient_polygons(simple, exterior_cw=True))
    flat = flatten(simple, geometry_type, z=True, m=False)
    restored = _restore_ordinates(flat.coordinates, ordinates)
    has_z = bool(shapely.has_z(geometries).any())
    kept = restored if has_z else restored[:, [0, 1, 3]]
    return replace(flat, coordinates=np.ascontiguousarray(kept), has_z=has_z, has_m=True).to_shapely()


def _restore_ordinates(numbered: NDArray[np.float64], ordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vertices with the heights and measures of their numbers; those of a new vertex are not known."""
    numbers = np.clip(np.nan_to_num(numbered[:, 2]), 0, max(0, len(ordinates) - 1)).astype(np.int64)
    restored = ordinates[numbers]
    is_new = (restored[:, :2] != numbered[:, :2]).any(axis=1)
    restored[is_new] = np.nan
    restored[:, :2] = numbered[:, :2]
    return restored


def _simplify(geometries: NDArray[np.object_], geometry_type: str, tolerance: float) -> NDArray[np.object_]:
    plain: Any = np.asarray(shapely.simplify(geometries, tolerance, preserve_topology=False))
    if geometry_type == POLYLINE:
        return np.asarray(plain)
    present = ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)
    failed = present & (shapely.is_empty(plain) | ~shapely.is_valid(plain))
    if failed.any():
        plain[failed] = shapely.simplify(geometries[failed], tolerance, preserve_topology=True)
    return np.asarray(plain)
