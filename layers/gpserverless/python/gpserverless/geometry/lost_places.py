"""Warnings of a projection: how many shapes have no place in the other reference, or not all of one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Geometries
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.counts import write_count
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

_NEAR = 0.01
"""Units of the map from its last parallel, within which a shape was cut there."""


def warn_of_losses(
    before: Geometries, after: Geometries, target: SpatialReference, warn: Callable[[str], None]
) -> None:
    """Warn of shapes that a projection has made null, has cut off, or has cut without their m.

    Args:
        before: Shape (N,), in the source.
        after: Shape (N,), in the target.
        target: The target.
        warn: Takes a sentence of each kind.
    """
    lost = int(np.count_nonzero(shapely.is_missing(after) & ~shapely.is_missing(before)))
    if lost:
        where = f"no place in the spatial reference {target}"
        one = f"feature has {where}; its shape is null."
        many = f"features have {where}; their shapes are null."
        warn(write_count(lost, one, many))
    measured = _count_lost_measures(before, after)
    if measured:
        where = f"cut at an edge of the spatial reference {target}"
        one = f"feature was {where}; its shape lost the m."
        many = f"features were {where}; their shapes lost the m."
        warn(write_count(measured, one, many))
    cut = _count_cut_shapes(after, target)
    if cut:
        reach = write_count(cut, "feature reaches", "features reach")
        latitude = find_map_edge(target).latitude
        warn(
            f"{reach} beyond {latitude} degrees of latitude, where the spatial reference {target} "
            "ends; the part beyond was cut off."
        )


def _count_lost_measures(before: Geometries, after: Geometries) -> int:
    if not shapely.has_m(before).any():
        return 0
    had, have = _find_measured(before), _find_measured(after)
    return int(np.count_nonzero(had & ~have & ~shapely.is_missing(after)))


def _find_measured(geometries: Geometries) -> NDArray[np.bool_]:
    """Return whether each geometry has an m at any vertex, shape (N,)."""
    found = np.zeros(len(geometries), bool)
    coordinates, index = shapely.get_coordinates(geometries, include_m=True, return_index=True)
    found[index[~np.isnan(coordinates[:, -1])]] = True
    return found


def _count_cut_shapes(after: Geometries, target: SpatialReference) -> int:
    edge = find_map_edge(target)
    if edge.latitude == 90:
        return 0
    ends = [edge.middle] * 2, [-edge.latitude, edge.latitude]
    _, (south, north) = get_transformer(edge.degrees, target).transform(*ends)
    bounds = shapely.bounds(after)
    with np.errstate(invalid="ignore"):
        return int(np.count_nonzero((bounds[:, 1] < south + _NEAR) | (bounds[:, 3] > north - _NEAR)))
