"""Rows of buffers and dissolves."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Proj

from dev.bench_tools.contest import QUIET, Contest, Row
from dev.bench_tools.data import (
    draw_grid,
    scatter_discs,
    scatter_points,
    scatter_polygons_worldwide,
    scatter_worldwide,
    to_frame,
)
from dev.benchmarks.data import polygons, segments
from gpserverless.analysis.dissolve import DissolveOptions, dissolve
from gpserverless.analysis.zones import ZoneStyle, draw_zones
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.units import LinearUnit

_REACH = 100.0
_FAR = 10_000.0
"""Metres of a geodesic buffer."""
_GEOD = Geod(ellps="WGS84")


def _draw(features: FeatureSet[Any], metres: float) -> object:
    return draw_zones(features, LinearUnit(metres, "esriMeters"), ZoneStyle(), QUIET)


def _buffer_planar(features: FeatureSet[Any], quarter: int) -> Contest:
    frame = to_frame(features)
    return Contest(
        {
            "ours": lambda: _draw(features, _REACH),
            "bare": lambda: shapely.buffer(features.geometries, _REACH, quad_segs=quarter),
            "geopandas": lambda: frame.set_geometry(frame.buffer(_REACH, quad_segs=quarter)),
        },
        len(features),
    )


def _buffer_points(count: int) -> Contest:
    return _buffer_planar(scatter_points(count), segments("points", count))


def _buffer_polygons(count: int) -> Contest:
    return _buffer_planar(polygons(count, 20), segments("polygons of 20", count))


def _buffer_points_geodesic(count: int) -> Contest:
    features, quarter = scatter_worldwide(count), segments("points", count)
    frame = to_frame(features)
    return Contest(
        {
            "ours": lambda: _draw(features, _FAR),
            "bare": lambda: _draw_circles(features.geometries, 4 * quarter),
            "geopandas": lambda: frame.set_geometry(_buffer_each(frame.geometry, quarter)),
        },
        count,
    )


def _draw_circles(points: Any, vertices: int) -> object:
    lon, lat = (np.repeat(each, vertices) for each in shapely.get_coordinates(points).T)
    azimuth = np.tile(-np.linspace(0, 360, vertices, endpoint=False), len(points))
    x, y, _ = _GEOD.fwd(lon, lat, azimuth, np.full(len(lon), _FAR))
    return shapely.polygons(np.stack([x, y], axis=1).reshape(len(points), vertices, 2))


def _buffer_polygons_geodesic(count: int) -> Contest:
    features, quarter = scatter_polygons_worldwide(count), segments("polygons of 20", count)
    frame = to_frame(features)
    return Contest(
        {
            "ours": lambda: _draw(features, _FAR),
            "bare": lambda: _buffer_in_polar_coordinates(features.geometries, quarter),
            "geopandas": lambda: frame.set_geometry(_buffer_each(frame.geometry, quarter)),
        },
        count,
    )


def _buffer_in_polar_coordinates(shapes: Any, quarter: int) -> object:
    """Return buffers by azimuth and distance about the middle of each shape."""
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    lon, lat = np.repeat(middles, shapely.get_num_coordinates(shapes), axis=0).T
    x, y = shapely.get_coordinates(shapes).T
    azimuth, _, distance = _GEOD.inv(lon, lat, x, y)
    flat = np.stack([distance * np.sin(np.radians(azimuth)), distance * np.cos(np.radians(azimuth))], axis=1)
    drawn = shapely.buffer(shapely.set_coordinates(shapes.copy(), flat), _FAR, quad_segs=quarter)
    lon, lat = np.repeat(middles, shapely.get_num_coordinates(drawn), axis=0).T
    x, y = shapely.get_coordinates(drawn).T
    x, y, _ = _GEOD.fwd(lon, lat, np.degrees(np.arctan2(x, y)), np.hypot(x, y))
    return shapely.set_coordinates(drawn, np.stack([x, y], axis=1))


def _buffer_each(shapes: Any, quarter: int) -> Any:
    """Return buffers by a projection about each shape, the way without one for all."""
    made = []
    for shape in shapes:
        middle = shape.centroid
        local = Proj(f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +datum=WGS84")
        flat = shapely.transform(shape, partial(_move, local))
        drawn = shapely.buffer(flat, _FAR, quad_segs=quarter)
        made.append(shapely.transform(drawn, partial(_move, local, inverse=True)))
    return made


def _move(local: Proj, coordinates: Any, *, inverse: bool = False) -> Any:
    x, y = coordinates.T
    return np.stack(local(x, y, inverse=inverse), axis=1)


def _dissolve_coverage(count: int) -> Contest:
    features = draw_grid(count)
    frame = to_frame(features).drop(columns=["NAME", "VALUE"])
    options = DissolveOptions(fields=["REGION"])
    return Contest(
        {
            "ours": lambda: dissolve(features, options, QUIET),
            "bare": lambda: _unite_regions(features),
            "geopandas": lambda: frame.dissolve("REGION", method=_choose_method(frame)),
        },
        len(features),
    )


def _choose_method(frame: Any) -> str:
    return "coverage" if frame.geometry.is_valid.all() and frame.geometry.is_valid_coverage() else "unary"


def _unite_regions(features: FeatureSet[Any]) -> object:
    region = features.column("REGION")
    order = np.argsort(region, kind="stable")
    groups = np.split(features.geometries[order], np.flatnonzero(np.diff(region[order])) + 1)
    return [shapely.coverage_union_all(group) for group in groups]


def _dissolve_discs(count: int) -> Contest:
    features = scatter_discs(count)
    frame = to_frame(features).drop(columns=["NAME", "VALUE"])
    return Contest(
        {
            "ours": lambda: dissolve(features, DissolveOptions(), QUIET),
            "bare": lambda: shapely.disjoint_subset_union_all(features.geometries),
            "geopandas": lambda: frame.dissolve(method="disjoint_subset"),
        },
        count,
    )


ROWS = (
    Row("buffer points", _buffer_points, 110_000),
    Row(
        "buffer polygons of 20 vertices",
        _buffer_polygons,
        60_000,
        "The rate asked for was measured with 32 vertices a full turn; all three draw 64 to 128 here.",
    ),
    Row(
        "buffer points, geodesic",
        _buffer_points_geodesic,
        70_000,
        "geopandas has no geodesic buffer: a projection about each feature, which is exact in the same way.",
    ),
    Row(
        "buffer polygons, geodesic",
        _buffer_polygons_geodesic,
        9_000,
        "As before. Ours also cuts at 180 degrees, closes at poles, and divides what is long.",
    ),
    Row(
        "dissolve a coverage to 81 regions",
        _dissolve_coverage,
        250_000,
        "geopandas tests the coverage before it relies on it; ours tests the union. The bare call relies on "
        "the coverage.",
    ),
    Row("dissolve scattered discs to one", _dissolve_discs, 9_000),
)
