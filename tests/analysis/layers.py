"""Small layers for the tests of engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference

UTM = SpatialReference(32633)


def layer(*shapes: Any, reference: SpatialReference | None = UTM, **columns: Any) -> FeatureSet[Any]:
    """Return a layer of shapes, or of WKT, with columns."""
    found = [shapely.from_wkt(shape) if isinstance(shape, str) else shape for shape in shapes]
    held = np.empty(len(found), object)
    held[:] = found
    return FeatureSet.of(held, reference, columns)


def polygons(*shapes: Any, **columns: Any) -> FeatureSet[Any]:
    """Return a layer of polygons, which may be empty."""
    held = layer(*shapes, **columns)
    return held.with_geometries(held.geometries, "esriGeometryPolygon")


def square(x: float, y: float, size: float = 10) -> shapely.Polygon:
    """Return a square by its lower left corner."""
    return shapely.box(x, y, x + size, y + size)


def scattered(seed: int, count: int, extent: float = 100.0) -> FeatureSet[Any]:
    """Return valid polygons of all sizes that overlap each other, numbered in a column."""
    random = np.random.default_rng(seed)
    centre = random.uniform(0, extent, (count, 1, 2))
    turn = np.sort(random.uniform(0, 2 * np.pi, (count, 12)), axis=1)
    reach = random.uniform(0.3, 1, (count, 12)) * random.uniform(2, extent / 4, (count, 1))
    rings = centre + np.stack([reach * np.cos(turn), reach * np.sin(turn)], -1)
    shapes = shapely.make_valid(shapely.polygons(rings), method="structure", keep_collapsed=False)
    return FeatureSet.of(shapes, UTM, {"N": np.arange(count)})


def jagged(cells: int, shift: float, seed: int) -> FeatureSet[Any]:
    """Return a grid of quadrangles that share their borders, its corners moved at random."""
    random = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(cells + 1.0), np.arange(cells + 1.0)), -1) + shift
    corner += random.uniform(-0.3, 0.3, corner.shape)
    rings = np.stack([corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]], 2)
    shapes = shapely.polygons(10 * rings.reshape(-1, 4, 2))
    return FeatureSet.of(shapes, UTM, {"N": np.arange(len(shapes))})
