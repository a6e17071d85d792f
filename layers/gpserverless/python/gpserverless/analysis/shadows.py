"""Shadows on a surface: cells from which the way to the sun meets higher ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.surface import Surface
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MAX_COMPARISONS = 200_000_000_000
"""Most heights that are compared with rays of light: about four minutes."""

_BLOCK = 100_000
"""Cells of a block, which fit in the cache of a processor."""

_SLACK = 1e-9
"""Share of the relief by which ground must rise above a ray: a slope as steep as the ray casts no shadow."""


@dataclass(frozen=True)
class _Rays:
    """Rays from cells towards the sun: each step goes up by a row and to the right by a share of a column.

    Attributes:
        shift: The columns of a step, 0 to 1.
        rise: Of a step, in the unit of the heights.
        most: The height of the highest ground.
        slack: By how much ground must be above a ray.
    """

    shift: float
    rise: float
    most: float
    slack: float

    def count_steps(self, rows: int, columns: int, least: float) -> int:
        """Return after how many steps a ray has left the surface, or is above all ground."""
        steps = float(rows - 1)
        if self.shift > 0:
            steps = min(steps, (columns - 1) / self.shift)
        if self.rise > 0:
            steps = min(steps, (self.most - least) / self.rise)
        return int(steps)


def find_shadows(
    surface: Surface, watch: Watch, *, azimuth: float, altitude: float, factor: float = 1.0
) -> Flags:
    """Return the cells on which other ground casts a shadow, shape (rows, columns).

    A ray goes from the centre of a cell towards the sun. Where it crosses a line of centres, of a row if it
    goes by more rows than columns, else of a column, the ground is interpolated between the two centres
    beside. Ground without a value casts no shadow.

    Args:
        surface: The heights.
        watch: Takes the progress.
        azimuth: Direction of the sun in degrees clockwise from north.
        altitude: Its height above the horizon in degrees.
        factor: Units of the coordinates in one of the heights.

    Raises:
        ToolError: There would be too many comparisons.
    """
    shadows = np.zeros(surface.values.shape, bool)
    known = surface.values[np.isfinite(surface.values)]
    if altitude >= 90 or not len(known):
        return shadows
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    columns, rows = east / surface.grid.width, north / surface.grid.height
    heights, found = _turn(surface.values, columns, rows), _turn(shadows, columns, rows)
    if abs(columns) > abs(rows):
        heights = np.ascontiguousarray(heights)  # the cells of a row lay a whole row apart
    fewer, more = sorted((abs(columns), abs(rows)))
    rise = math.tan(math.radians(altitude)) / more / factor
    most, least = float(known.max()), float(known.min())
    rays = _Rays(fewer / more, rise, most, _SLACK * (most - least))
    steps = rays.count_steps(len(heights), heights.shape[1], least)
    if steps * heights.size > MAX_COMPARISONS:
        raise ToolError(
            f"Shadows would take {steps * heights.size:,} comparisons; at most {MAX_COMPARISONS:,}. "
            "Take a greater altitude, or fewer cells."
        )
    for block in split_rows(len(heights), watch, "Casting shadows", max(1, _BLOCK // heights.shape[1])):
        found[block] = _follow(heights, block, rays)
    return shadows


def _turn(cells: NDArray[Any], columns: float, rows: float) -> NDArray[Any]:
    """Return a view of cells turned so that a ray goes up, and to the right by no more columns than rows.

    Args:
        cells: Shape (rows, columns), north at the top.
        columns: Columns to the east that the ray crosses for each unit of its length.
        rows: Rows to the north.
    """
    if abs(columns) > abs(rows):
        # East becomes up, and north becomes right.
        cells = cells[::-1, ::-1].T
        columns, rows = rows, columns
    if rows < 0:
        cells = cells[::-1]
    return cells[:, ::-1] if columns < 0 else cells


def _follow(heights: Floats, block: slice, rays: _Rays) -> Flags:
    """Return which cells of a block of rows lie in the shadow of ground above, and right of it."""
    cells = heights[block]
    shadow = np.zeros(cells.shape, bool)
    if not np.isfinite(cells).any():
        return shadow
    columns = heights.shape[1]
    for step in range(1, rays.count_steps(block.stop, columns, float(np.nanmin(cells))) + 1):
        right = int(step * rays.shift + 1e-9)
        share = max(step * rays.shift - right, 0.0)
        share = share if share > 1e-9 else 0.0
        width = columns - right - (share > 0)
        first = max(block.start, step)  # rows before it have no ground so far above them
        if width <= 0:
            break
        above = heights[first - step : block.stop - step]
        ground = above[:, right : right + width]
        if share:
            ground = (1 - share) * ground + share * above[:, right + 1 : right + 1 + width]
        inner = slice(first - block.start, None), slice(0, width)
        shadow[inner] |= ground > cells[inner] + (step * rays.rise + rays.slack)
    return shadow
