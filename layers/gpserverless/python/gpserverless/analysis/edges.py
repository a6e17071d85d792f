"""Division of edges, so that they keep their place when only their vertices are projected."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference

_ROUNDS = 12
"""Halvings of the longest edge: at most 4096 pieces."""


def divide_edges(features: FeatureSet[Any], target: SpatialReference, tolerance: float) -> FeatureSet[Any]:
    """Divide edges until each, when projected, stays near its straight line.

    Args:
        features: Lines or polygons; points are returned as they are.
        target: The spatial reference of the projection.
        tolerance: Largest distance from the straight line, in the unit of the target's coordinates; in metres
            if the target is geographic.
    """
    if target.is_geographic:
        tolerance /= 111_000  # metres in a degree of latitude
    shapes = features.geometries
    longest = _measure_longest_edges(shapes)
    for _ in range(_ROUNDS):
        wide = _measure_departures(features.with_geometries(shapes), target) > tolerance
        if not wide.any():
            break
        longest[wide] /= 2
        shapes = shapes.copy()
        shapes[wide] = shapely.segmentize(shapes[wide], longest[wide])
    return features.with_geometries(shapes)


def _list_edges(shapes: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return both ends of every edge, shape (E, 2) each, and the index of its feature, shape (E,)."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    lines = np.concatenate([parts[is_line], rings])
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    owner = np.concatenate([owner[is_line], owner[part]])
    same = line[1:] == line[:-1]
    return coordinates[:-1][same], coordinates[1:][same], owner[line[:-1][same]]


def _measure_longest_edges(shapes: NDArray[Any]) -> NDArray[np.float64]:
    a, b, owner = _list_edges(shapes)
    longest = np.zeros(len(shapes))
    np.maximum.at(longest, owner, np.hypot(*(b - a).T))
    return longest


def _measure_departures(features: FeatureSet[Any], target: SpatialReference) -> NDArray[np.float64]:
    """Return the largest distance of an edge's middle from its projected straight line, shape (N,)."""
    a, b, owner = _list_edges(features.geometries)
    ends = np.concatenate([a, b, (a + b) / 2])
    points = FeatureSet.of(np.asarray(shapely.points(ends)), features.spatial_reference).project(target)
    placed = np.full((len(ends), 2), np.nan)
    known = ~shapely.is_missing(points.geometries)
    placed[known] = shapely.get_coordinates(points.geometries)
    first, last, middle = np.split(placed, 3)
    departure = np.zeros(len(features))
    np.maximum.at(departure, owner, np.nan_to_num(np.hypot(*(middle - (first + last) / 2).T)))
    return departure
