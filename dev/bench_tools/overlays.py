"""Rows of overlays and clips."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import shapely

from dev.bench_tools.contest import QUIET, Contest, Row
from dev.bench_tools.data import WIDTH, copy_frames, draw_grid, to_frame
from dev.benchmarks.data import UTM33, polygons, with_attributes
from gpserverless.analysis.clip import Area, clip
from gpserverless.analysis.overlay import Options, intersect_layers, name_layers, unite_layers
from gpserverless.features.feature_set import FeatureSet


def _draw_two(count: int) -> tuple[FeatureSet[Any], FeatureSet[Any]]:
    return draw_grid(count), draw_grid(count, seed=6, shift=0.5)


def _intersect(count: int) -> Contest:
    one, two = _draw_two(count)
    frames = to_frame(one), to_frame(two)
    layers = name_layers("in_features", [one, two])
    return Contest(
        {
            "ours": lambda: intersect_layers(layers, Options(), QUIET),
            "bare": lambda: _intersect_pairs(one.geometries, two.geometries),
            "geopandas": lambda: geopandas.overlay(
                *copy_frames(frames), how="intersection", keep_geom_type=True
            ),
        },
        len(one),
    )


def _intersect_pairs(one: Any, two: Any) -> Any:
    first, second = shapely.STRtree(two).query(one, "intersects")
    return first, second, shapely.intersection(one[first], two[second])


def _unite(count: int) -> Contest:
    one, two = _draw_two(count)
    frames = to_frame(one), to_frame(two)
    layers = name_layers("in_features", [one, two])
    return Contest(
        {
            "ours": lambda: unite_layers(layers, Options(), QUIET),
            "bare": lambda: _unite_pairs(one.geometries, two.geometries),
            "geopandas": lambda: geopandas.overlay(*copy_frames(frames), how="union", keep_geom_type=True),
        },
        len(one),
    )


def _unite_pairs(one: Any, two: Any) -> object:
    first, second, common = _intersect_pairs(one, two)
    return common, _subtract(one, first, two[second]), _subtract(two, second, one[first])


def _subtract(shapes: Any, place: Any, others: Any) -> Any:
    """Return shapes without the others at the same place."""
    order = np.argsort(place, kind="stable")
    met, starts = np.unique(place[order], return_index=True)
    rest = shapes.copy()
    groups = np.split(others[order], starts[1:])
    united = np.array([shapely.union_all(group) for group in groups], object)
    rest[met] = shapely.difference(shapes[met], united)
    return rest


def _clip(count: int) -> Contest:
    features = polygons(count, 20)
    window = shapely.buffer(shapely.Point(0, 0), WIDTH / 14, quad_segs=64)
    area = Area("clip_features", with_attributes(np.array([window], object), UTM33))
    frame = to_frame(features)
    return Contest(
        {
            "ours": lambda: clip(features, area, QUIET),
            "bare": lambda: _cut(features.geometries, window),
            "geopandas": lambda: geopandas.clip(frame.copy(), window, keep_geom_type=True),
        },
        count,
    )


def _cut(shapes: Any, window: Any) -> Any:
    shapely.prepare(window)
    met = shapes[shapely.intersects(window, shapes)]
    outer = ~shapely.contains_properly(window, met)
    met[outer] = shapely.intersection(met[outer], window)
    return met


ROWS = (
    Row("intersect two jagged grids", _intersect, 7_500, "Features of the first grid; each meets four."),
    Row("union of two jagged grids", _unite, None, "Features of the first grid."),
    Row("clip by a polygon of 256 vertices", _clip, 400_000),
)
