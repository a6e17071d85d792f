"""The data of all rows, seeded: points, polygons, grids, discs and lines, with attributes."""

from __future__ import annotations

import math
from typing import Any

import geopandas
import numpy as np
import shapely

from dev.benchmarks.data import UTM33, with_attributes
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference

WGS84 = SpatialReference(4326)
WIDTH = 1e6
"""Metres of a side of the square where planar features lie."""


def scatter_worldwide(count: int, seed: int = 1) -> FeatureSet[Any]:
    """Return points of longitude and latitude, up to 70 degrees north and south."""
    places = np.random.default_rng(seed).uniform((-179, -70), (179, 70), (count, 2))
    return with_attributes(np.asarray(shapely.points(places)), WGS84)


def scatter_polygons_worldwide(count: int) -> FeatureSet[Any]:
    """Return polygons of 20 vertices about 0.1 degree wide."""
    random = np.random.default_rng(2)
    angles = -np.linspace(0, 2 * np.pi, 20, endpoint=False)
    reach = random.uniform(0.05, 0.1, (count, 20))
    rings = np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=2)
    rings += random.uniform((-178, -70), (178, 70), (count, 1, 2))
    return with_attributes(np.asarray(shapely.polygons(rings)), WGS84)


def scatter_points(count: int) -> FeatureSet[Any]:
    """Return points in the square."""
    places = np.random.default_rng(3).uniform(0, WIDTH, (count, 2))
    return with_attributes(np.asarray(shapely.points(places)), UTM33)


def scatter_discs(count: int) -> FeatureSet[Any]:
    """Return overlapping discs of 32 vertices, about 1.3 of them above each place."""
    radius = WIDTH * math.sqrt(1.3 / (math.pi * count))
    return with_attributes(shapely.buffer(scatter_points(count).geometries, radius, quad_segs=8), UTM33)


def draw_grid(count: int, seed: int = 4, shift: float = 0.0) -> FeatureSet[Any]:
    """Return a coverage: cells of 24 vertices, with the same jagged edge on both sides.

    Args:
        count: Number of cells, nearly: the square of a whole number.
        seed: Of the jags.
        shift: In cells, to the right and upwards.
    """
    side = math.isqrt(count)
    random = np.random.default_rng(seed)
    share = np.arange(7) / 6
    jags = random.uniform(-0.1, 0.1, (2, side + 1, side + 1, 7))
    jags[..., [0, -1]] = 0
    x, y = (each[..., None] for each in np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij"))
    flat = np.stack([x + share, y + jags[0]], axis=-1)
    steep = np.stack([x + jags[1], y + share], axis=-1)
    below, above = flat[:-1, :-1, :-1], flat[:-1, 1:, :0:-1]
    left, right = steep[:-1, :-1, :0:-1], steep[1:, :-1, :-1]
    rings = np.concatenate([below, right, above, left], axis=2).reshape(side * side, 24, 2)
    cells = with_attributes(np.asarray(shapely.polygons((rings + shift) * (WIDTH / side))), UTM33)
    column, row = np.divmod(np.arange(side * side), side)
    return cells.with_columns({"REGION": column * 9 // side * 9 + row * 9 // side})


def draw_lines(count: int, vertices: int) -> FeatureSet[Any]:
    """Return wandering lines in the square."""
    random = np.random.default_rng(5)
    heading = np.cumsum(random.normal(0, 0.3, (count, vertices)), axis=1)
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=2) * 500
    places = random.uniform(0, WIDTH, (count, 1, 2)) + np.cumsum(steps, axis=1)
    return with_attributes(np.asarray(shapely.linestrings(places)), UTM33)


def to_frame(features: FeatureSet[Any]) -> Any:
    """Return the same features as geopandas holds them."""
    reference = features.spatial_reference
    return geopandas.GeoDataFrame(
        {name: column.copy() for name, column in features.columns.items()},
        geometry=features.geometries,
        crs=None if reference is None else reference.wkid,
    )


def copy_frames(frames: tuple[Any, ...]) -> list[Any]:
    """Return copies, which have no index of a former call: a service gets its layers new with every call."""
    return [frame.copy() for frame in frames]
