"""Rows of joins and neighbours."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from dev.bench_tools.contest import QUIET, Contest, Row
from dev.bench_tools.data import (
    copy_frames,
    draw_grid,
    draw_lines,
    scatter_points,
    scatter_worldwide,
    to_frame,
)
from gpserverless.analysis.matching import Matching
from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.near_fields import add_near_fields
from gpserverless.analysis.search_radius import SearchRadius
from gpserverless.analysis.spatial_join import JoinStyle, join_attributes
from gpserverless.features.feature_set import FeatureSet

_CELLS = 3_249
_LINES = 455
_GEOD = Geod(ellps="WGS84")


def _join(count: int) -> Contest:
    points, cells = scatter_points(count), draw_grid(_CELLS)
    frames = to_frame(points), to_frame(cells)
    return Contest(
        {
            "ours": lambda: join(points, cells),
            "bare": lambda: shapely.STRtree(cells.geometries).query(points.geometries, "intersects"),
            "geopandas": lambda: geopandas.sjoin(*copy_frames(frames), how="left", predicate="intersects"),
        },
        count,
    )


def join(points: FeatureSet[Any], cells: FeatureSet[Any]) -> FeatureSet[Any]:
    """Return points with the attributes of the cells where they lie."""
    matching = Matching("INTERSECT", "match_option", None, "search_radius")
    matches = matching.find(points, cells, QUIET)
    return join_attributes(points, cells, matches, JoinStyle(many=False, keep_all=True))


def _find_nearest(features: FeatureSet[Any], others: FeatureSet[Any], *, geodesic: bool) -> object:
    query = NeighbourQuery(SearchRadius(np.inf, geodesic))
    found = find_neighbours(features, [others], query, QUIET)
    return add_near_fields(features, found, {}, location=False, angle=False)


def _near_geodesic(count: int) -> Contest:
    points, others = scatter_worldwide(count), scatter_worldwide(count, seed=7)
    return Contest(
        {
            "ours": lambda: _find_nearest(points, others, geodesic=True),
            "bare": lambda: _find_by_vectors(points.geometries, others.geometries),
        },
        count,
    )


def _find_by_vectors(points: Any, others: Any) -> object:
    """Return the nearest of the four nearest on a sphere."""
    here, there = shapely.get_coordinates(points), shapely.get_coordinates(others)
    _, near = cKDTree(_make_vectors(there)).query(_make_vectors(here), 4)
    repeated = np.repeat(here, 4, axis=0)
    *_, distance = _GEOD.inv(*repeated.T, *there[near.ravel()].T)
    best = distance.reshape(-1, 4).argmin(axis=1)
    rows = np.arange(len(points))
    return near[rows, best], distance.reshape(-1, 4)[rows, best]


def _make_vectors(degrees: Any) -> Any:
    lon, lat = np.radians(degrees).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _near_lines(count: int) -> Contest:
    points, lines = scatter_points(count), draw_lines(_LINES, 54)
    frames = to_frame(points), to_frame(lines)
    return Contest(
        {
            "ours": lambda: _find_nearest(points, lines, geodesic=False),
            "bare": lambda: shapely.STRtree(lines.geometries).query_nearest(
                points.geometries, return_distance=True
            ),
            "geopandas": lambda: geopandas.sjoin_nearest(
                *copy_frames(frames), how="left", distance_col="NEAR_DIST"
            ),
        },
        count,
    )


ROWS = (
    Row(
        f"spatial join of points in {_CELLS:,} polygons",
        _join,
        1_200_000,
        "Ours first tests whether each polygon is valid, a fifth of the time with 10,000 points; the others "
        "do not, and join invalid ones as they are.",
    ),
    Row(
        "near, points to as many points, geodesic",
        _near_geodesic,
        200_000,
        "geopandas measures no geodesic distance; bare: scipy's tree of vectors and the ellipsoid.",
    ),
    Row(
        f"near, points to {_LINES} lines",
        _near_lines,
        90_000,
        "Ours divides the lines into edges first, which pays from some 3,000 points on.",
    ),
)
