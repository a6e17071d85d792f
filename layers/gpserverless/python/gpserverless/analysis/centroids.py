"""One point for each feature: its centroid, or a place that lies on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes
from gpserverless.analysis.inputs import drop_shapeless, repair
from gpserverless.analysis.origins import derive_features
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.antimeridian import WORLD
from gpserverless.geometry.geometry_types import POINT

_NEAR = 1e-7
"""Degrees: a part so near to the antimeridian ends there."""

_TURN = np.array([360.0, 0.0])

Shapes = NDArray[np.object_]


def make_centroids(features: FeatureSet[Any], watch: Watch, *, inside: bool) -> FeatureSet[Any]:
    """Return the centroid of each feature, in the plane of its coordinates.

    A feature in two parts at both sides of 180 degrees is joined there first, so that its centroid does not
    lie on the other side of the earth.

    Args:
        features: Features of any type; those without a shape are left out.
        watch: Takes progress and warnings.
        inside: Whether the point shall lie on the feature.
    """
    some = repair(drop_shapeless(features, watch), watch)
    shapes = join_at_antimeridian(some.geometries) if some.is_geographic else some.geometries
    find = shapely.point_on_surface if inside else shapely.centroid
    points = change_shapes(shapes, lambda block: np.asarray(find(block)), watch, "Finding points")
    if some.is_geographic:
        points = _turn_back(points)
    return derive_features(some, np.arange(len(some)), points, POINT, watch)


def join_at_antimeridian(shapes: Shapes) -> Shapes:
    """Return shapes in degrees with their western parts moved by a turn, where they meet at 180 degrees.

    Args:
        shapes: Shape (N,), in longitude and latitude; others than those in parts at both edges stay.
    """
    west, _, east, _ = WORLD.bounds
    bounds = shapely.bounds(shapes)
    cut = np.flatnonzero((bounds[:, 0] < west + _NEAR) & (bounds[:, 2] > east - _NEAR))
    if not len(cut):
        return shapes
    parts, owner = shapely.get_parts(shapes[cut], return_index=True)
    size = shapely.bounds(parts)
    western = (size[:, 0] + size[:, 2] < 0) & (size[:, 2] < east - _NEAR)
    parts = parts.copy()
    parts[western] = shapely.transform(parts[western], lambda xy: xy + _TURN)
    moved = shapely.bounds(parts)
    low, high = np.full(len(cut), np.inf), np.full(len(cut), -np.inf)
    np.minimum.at(low, owner, moved[:, 0])
    np.maximum.at(high, owner, moved[:, 2])
    joined = np.asarray(shapely.geometrycollections(parts, indices=owner))
    result = shapes.copy()
    narrower = high - low < 360 - _NEAR
    result[cut[narrower]] = joined[narrower]
    return result


def _turn_back(points: Shapes) -> Shapes:
    """Return points within 180 degrees; those that are stay exactly as they are."""
    beyond = shapely.get_x(points) > 180
    if beyond.any():
        points = points.copy()
        points[beyond] = shapely.transform(points[beyond], lambda xy: xy - _TURN)
    return points
