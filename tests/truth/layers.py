"""The layers that both sides get: seeded ones, and real ones in a projected reference."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.feature_json import decode_features
from gpserverless.values.spatial_reference import SpatialReference

DATA = Path(__file__).parents[1] / "data"
UTM = SpatialReference(32633)
ALBERS = SpatialReference(5070)
LOWER_48 = {"xmin": -125, "ymin": 24, "xmax": -66, "ymax": 50, "spatialReference": {"wkid": 4269}}


@cache
def read(name: str) -> FeatureSet[Any]:
    """Return a real layer, mended, without what has no shape."""
    features = decode_features((DATA / f"{name}.json").read_text("utf-8"))
    present = features.take(~shapely.is_missing(features.geometries) & ~shapely.is_empty(features.geometries))
    return present.repair()[0]


@cache
def read_american(name: str) -> FeatureSet[Any]:
    """Return the part of a real layer in the lower 48 states, in metres of an equal-area map."""
    features = read(name).within_extent(LOWER_48)
    return features.project(ALBERS).repair()[0]


def scatter_boxes(count: int, seed: int, size: float = 30.0) -> FeatureSet[Any]:
    """Return overlapping turned boxes with a name, a number and one of five groups."""
    random = np.random.default_rng(seed)
    boxes = [
        shapely.affinity.rotate(shapely.box(x, y, x + w, y + h), angle)
        for x, y, w, h, angle in random.uniform((0, 0, 2, 2, 0), (300, 300, size, size, 90), (count, 5))
    ]
    return with_attributes(np.array(boxes, object), seed)


def scatter_points(count: int, seed: int) -> FeatureSet[Any]:
    """Return points over the boxes."""
    places = np.random.default_rng(seed).uniform(-10, 330, (count, 2))
    return with_attributes(np.asarray(shapely.points(places)), seed)


def scatter_lines(count: int, seed: int) -> FeatureSet[Any]:
    """Return lines of five vertices over the boxes."""
    places = np.random.default_rng(seed).uniform(0, 330, (count, 1, 2))
    steps = np.random.default_rng(seed + 1).normal(0, 20, (count, 5, 2))
    return with_attributes(np.asarray(shapely.linestrings(places + steps.cumsum(axis=1))), seed)


def with_attributes(shapes: Any, seed: int) -> FeatureSet[Any]:
    """Return shapes with columns whose names carry the seed, so that two layers share none."""
    number = np.arange(len(shapes))
    random = np.random.default_rng(seed + 100)
    columns = {
        f"ID{seed}": number,
        f"VALUE{seed}": random.normal(10, 3, len(shapes)),
        f"GROUP{seed}": np.array([f"group {n}" for n in random.integers(0, 5, len(shapes))], object),
    }
    return FeatureSet.of(shapes, UTM, columns)


def to_frame(features: FeatureSet[Any]) -> Any:
    """Return the same features as geopandas holds them."""
    reference = features.spatial_reference
    assert reference is not None
    columns = {name: column.copy() for name, column in features.columns.items()}
    return geopandas.GeoDataFrame(columns, geometry=features.geometries, crs=reference.wkid)


def measure(shapes: Any) -> Any:
    """Return areas, or lengths of lines."""
    shapes = np.asarray(shapes, object)
    lines = shapely.get_dimensions(shapes) == 1
    return np.where(lines, shapely.length(shapes), shapely.area(shapes))
