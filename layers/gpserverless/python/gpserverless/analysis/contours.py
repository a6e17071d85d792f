"""Lines of equal height, by marching squares between the centres of cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.surface import Surface
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MAX_LEVELS = 10_000
"""Most heights at which lines are drawn."""

_LIFT = 1e-6
"""Share of the interval by which a centre of just the height of a line is higher: so no line runs through a
centre, where it would meet itself."""

_NORTH, _EAST, _SOUTH, _WEST = range(4)
_SIDES: tuple[tuple[tuple[int, int], ...], ...] = (
    *((), ((_WEST, _SOUTH),), ((_SOUTH, _EAST),), ((_WEST, _EAST),)),
    *(((_NORTH, _EAST),), ((_NORTH, _WEST), (_SOUTH, _EAST)), ((_NORTH, _SOUTH),), ((_NORTH, _WEST),)),
    *(((_NORTH, _WEST),), ((_NORTH, _SOUTH),), ((_NORTH, _EAST), (_WEST, _SOUTH)), ((_NORTH, _EAST),)),
    *(((_WEST, _EAST),), ((_SOUTH, _EAST),), ((_WEST, _SOUTH),), ()),
)
"""Sides that a line joins, by the corners that are as high: 8 upper left, 4 upper right, 2 lower right,
1 lower left. Of two opposite corners (5 and 10) the pairs are those where the middle is as high."""

_OTHER = {5: 10, 10: 5}
"""The case whose pairs hold where the middle is lower."""


def draw_contours(surface: Surface, interval: float, base: float, watch: Watch) -> FeatureSet[Any]:
    """Draw lines at base, base plus interval and so on, with the fields Id and Contour.

    Args:
        surface: The heights.
        interval: Difference of heights between lines.
        base: Height from which lines are counted, up and down.
        watch: Takes the progress.

    Raises:
        ToolError: The interval is not above 0, or makes too many lines.
    """
    lines, heights = [np.empty(0, object)], [np.empty(0)]
    levels = list_levels(surface.values, interval, base)
    low, high = _find_ranges(surface.values)
    for number, level in enumerate(levels.tolist()):
        watch.progress("Drawing contours", 100 * number // len(levels))
        row, column = np.nonzero((low < level) & (high >= level))
        corners = _read_corners(surface.values, row, column)
        moved = np.where(corners == level, level + _LIFT * interval, corners)
        found = _place(surface, _join_sides(row, column, moved, level))
        lines.append(found)
        heights.append(np.full(len(found), level))
    shapes, contour = np.concatenate(lines), np.concatenate(heights)
    none: FeatureSet[Any] = FeatureSet(spatial_reference=surface.reference)
    made = none.with_geometries(shapes, "esriGeometryPolyline")
    return made.with_columns({"Id": np.arange(1, len(shapes) + 1), "Contour": contour})


def list_levels(heights: Floats, interval: float, base: float) -> Floats:
    """Return the heights of lines, ascending.

    Args:
        heights: Shape (rows, columns), NaN where there is none.
        interval: Difference of heights between lines.
        base: Height from which lines are counted, up and down.

    Raises:
        ToolError: The interval is not above 0, or makes too many lines.
    """
    if not (interval > 0 and math.isfinite(interval)):
        raise ToolError(f"contour_interval must be above 0; it is {interval:g}.")
    if not np.isfinite(heights).any():
        return np.empty(0)
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    count = (high - low) / interval
    if count > MAX_LEVELS:
        raise ToolError(
            f"contour_interval {interval:g} makes {count:,.0f} lines between {low:g} and {high:g}; "
            f"at most {MAX_LEVELS:,}. Take a larger interval."
        )
    first, last = math.ceil((low - base) / interval), math.floor((high - base) / interval)
    return np.asarray(base + interval * np.arange(first, last + 1), np.float64)


def _find_ranges(heights: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest height of every square of four cells, NaN if one is not known."""
    corners = (heights[:-1, :-1], heights[:-1, 1:], heights[1:, 1:], heights[1:, :-1])
    low, high = corners[0], corners[0]
    for corner in corners[1:]:
        low, high = np.minimum(low, corner), np.maximum(high, corner)
    return np.asarray(low), np.asarray(high)


def _read_corners(z: Floats, row: Indices, column: Indices) -> Floats:
    """Return the heights of squares' corners, clockwise from the upper left one, shape (4, N)."""
    return np.stack([z[row, column], z[row, column + 1], z[row + 1, column + 1], z[row + 1, column]])


def _join_sides(row: Indices, column: Indices, corners: Floats, level: float) -> Floats:
    """Return the ends of a height's lines through squares, in columns and rows, shape (M, 2, 2)."""
    a, b, c, d = corners
    case = 8 * (a >= level) + 4 * (b >= level) + 2 * (c >= level) + (d >= level)
    low_middle = (a + b + c + d) / 4 < level
    for number, other in _OTHER.items():
        case = np.where((case == number) & low_middle, -other, case)
    case = np.abs(case)
    sides = np.full((len(row), 4, 2), np.nan)  # column and row of the crossing of each side
    with np.errstate(divide="ignore", invalid="ignore"):
        sides[:, _NORTH] = np.stack([column + (level - a) / (b - a), row], axis=-1)
        sides[:, _SOUTH] = np.stack([column + (level - d) / (c - d), row + 1], axis=-1)
        sides[:, _WEST] = np.stack([column, row + (level - a) / (d - a)], axis=-1)
        sides[:, _EAST] = np.stack([column + 1, row + (level - b) / (c - b)], axis=-1)
    pieces = [np.empty((0, 2, 2))]
    for number, pairs in enumerate(_SIDES):
        squares = np.flatnonzero(case == number)
        pieces += [sides[squares][:, pair] for pair in pairs]
    ends = np.concatenate(pieces)
    return np.asarray(ends[(ends[:, 0] != ends[:, 1]).any(axis=1)])


def _place(surface: Surface, ends: Floats) -> NDArray[np.object_]:
    """Return whole lines, in the coordinates of the surface."""
    if not len(ends):
        return np.empty(0, object)
    grid = surface.grid
    place = [grid.left + (ends[..., 0] + 0.5) * grid.width, grid.top - (ends[..., 1] + 0.5) * grid.height]
    parts = np.asarray(shapely.linestrings(np.stack(place, axis=-1)), object)
    joined = shapely.line_merge(shapely.multilinestrings(parts))
    return np.asarray(shapely.get_parts(joined), object)


def cut_long_lines(lines: FeatureSet[Any], most: int) -> FeatureSet[Any]:
    """Cut lines so that none has more vertices than wanted; pieces keep the attributes.

    Args:
        lines: Lines of one part.
        most: Vertices of a line, at least 2.
    """
    shapes, rows = [], []
    for row, shape in enumerate(lines.geometries.tolist()):
        xy = shapely.get_coordinates(shape)
        for start in range(0, len(xy) - 1, most - 1):
            shapes.append(shapely.LineString(xy[start : start + most]))
            rows.append(row)
    return lines.take(rows).with_geometries(np.array(shapes, object), "esriGeometryPolyline")
