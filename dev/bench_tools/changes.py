"""Rows that change shapes one by one, and those of tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from dev.bench_tools.contest import QUIET, Contest, Row
from dev.bench_tools.data import draw_lines, scatter_points, scatter_polygons_worldwide, to_frame
from gpserverless.analysis.crossings import Check
from gpserverless.analysis.lengths import Length
from gpserverless.analysis.simplify import simplify_lines
from gpserverless.analysis.summary_statistics import Statistic, summarize_rows
from gpserverless.values.spatial_reference import SpatialReference

_TOLERANCE = 100.0
_WEB = SpatialReference(3857)
_WORDS = {"SUM": "sum", "MEAN": "mean", "MIN": "min", "MAX": "max", "COUNT": "count"}


def _simplify(count: int, check: Check, *, careful: bool) -> Contest:
    lines = draw_lines(count, 100)
    frame = to_frame(lines)
    return Contest(
        {
            "ours": lambda: simplify_lines(lines, Length(_TOLERANCE), check, QUIET),
            "bare": lambda: shapely.simplify(lines.geometries, _TOLERANCE, preserve_topology=careful),
            "geopandas": lambda: frame.set_geometry(frame.simplify(_TOLERANCE, preserve_topology=careful)),
        },
        count,
    )


def _simplify_unchecked(count: int) -> Contest:
    return _simplify(count, "NO_CHECK", careful=False)


def _simplify_checked(count: int) -> Contest:
    return _simplify(count, "RESOLVE_ERRORS", careful=True)


def _project(count: int) -> Contest:
    features = scatter_polygons_worldwide(count)
    frame = to_frame(features)
    return Contest(
        {
            "ours": lambda: features.project(_WEB),
            "bare": lambda: _transform(features.geometries),
            "geopandas": lambda: frame.to_crs(3857),
        },
        int(shapely.get_num_coordinates(features.geometries).sum()),
    )


def _transform(shapes: Any) -> object:
    transformer = Transformer.from_crs(4326, 3857, always_xy=True)
    x, y = transformer.transform(*shapely.get_coordinates(shapes).T)
    return shapely.set_coordinates(shapes.copy(), np.stack([x, y], axis=1))


def _summarize(count: int) -> Contest:
    rows = scatter_points(count).with_columns({"CASE": np.random.default_rng(8).integers(0, 81, count)})
    frame = to_frame(rows)
    statistics = [Statistic("VALUE", word) for word in _WORDS]
    return Contest(
        {
            "ours": lambda: summarize_rows(rows, statistics, ["CASE"]),
            "bare": lambda: _add_up(rows.columns["CASE"], rows.columns["VALUE"]),
            "geopandas": lambda: frame.groupby("CASE")["VALUE"].agg(["size", *_WORDS.values()]),
        },
        count,
    )


def _add_up(case: Any, value: Any) -> object:
    order = np.argsort(case, kind="stable")
    _, starts, sizes = np.unique(case[order], return_index=True, return_counts=True)
    ordered = value[order]
    sums = np.add.reduceat(ordered, starts)
    return sums, sums / sizes, np.minimum.reduceat(ordered, starts), np.maximum.reduceat(ordered, starts)


ROWS = (
    Row(
        "simplify lines of 100 vertices",
        _simplify_unchecked,
        180_000,
        "Nearly all of it is the same call of GEOS; ours also looks for lines that became a point.",
    ),
    Row(
        "simplify lines, checked",
        _simplify_checked,
        None,
        "The others keep the topology of each line too.",
    ),
    Row(
        "project polygons to Web Mercator, coordinates",
        _project,
        5_000_000,
        "Ours also looks for what has no place in the map: beyond its latitudes, or infinite.",
    ),
    Row(
        "statistics by 81 cases",
        _summarize,
        None,
        "Ours sorts the values of each case once, so that sums do not depend on the order of rows.",
    ),
)
