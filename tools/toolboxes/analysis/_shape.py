"""Edges that stay where they are when their ends are projected."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless import FeatureSet, SpatialReference

_ROUNDS = 12
"""Halvings of the longest edge: 4096 pieces of it."""


def divided(features: FeatureSet[Any], target: SpatialReference, tolerance: float) -> FeatureSet[Any]:
    """Divide edges until none, projected, departs further from the straight line than the tolerance.

    Args:
        features: Lines or polygons; points are returned as they are.
        target: Where they will be projected to.
        tolerance: In the unit of the target's coordinates, metres if that is geographic.
    """
    if target.is_geographic:
        tolerance /= 111_000
    shapes = features.geometries
    longest = _longest_edges(shapes)
    for _ in range(_ROUNDS):
        wide = _departures(features.with_geometries(shapes), target) > tolerance
        if not wide.any():
            break
        longest[wide] /= 2
        shapes = shapes.copy()
        shapes[wide] = shapely.segmentize(shapes[wide], longest[wide])
    return features.with_geometries(shapes)


def _edges(shapes: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return both ends of every edge, shape (E, 2) each, and the feature it is of."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    lines = np.concatenate([parts[is_line], rings])
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    owner = np.concatenate([owner[is_line], owner[part]])
    same = line[1:] == line[:-1]
    return coordinates[:-1][same], coordinates[1:][same], owner[line[:-1][same]]


def _longest_edges(shapes: NDArray[Any]) -> NDArray[np.float64]:
    a, b, owner = _edges(shapes)
    longest = np.zeros(len(shapes))
    np.maximum.at(longest, owner, np.hypot(*(b - a).T))
    return longest


def _departures(features: FeatureSet[Any], target: SpatialReference) -> NDArray[np.float64]:
    """Return how far the middle of any edge departs from the projected straight line, shape (N,)."""
    a, b, owner = _edges(features.geometries)
    ends = np.concatenate([a, b, (a + b) / 2])
    points = FeatureSet.of(np.asarray(shapely.points(ends)), features.spatial_reference).project(target)
    placed = np.full((len(ends), 2), np.nan)
    known = ~shapely.is_missing(points.geometries)
    placed[known] = shapely.get_coordinates(points.geometries)
    first, last, middle = np.split(placed, 3)
    departure = np.zeros(len(features))
    np.maximum.at(departure, owner, np.nan_to_num(np.hypot(*(middle - (first + last) / 2).T)))
    return departure
