"""Density of points by a quartic kernel (Silverman, Density Estimation, 1986, equation 4.5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.surface import Grid
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError

Floats = NDArray[np.float64]

_BLOCK = 2_000_000
"""Pairs of a point and a cell that are held at once."""


def spread_points(xy: Floats, weight: Floats, grid: Grid, radius: float, watch: Watch) -> Floats:
    """Return the density at every cell's centre, in points for each square unit of the coordinates.

    A point spreads 3 / (pi r^2) (1 - (d / r)^2)^2 at the distance d, so that its volume is 1.

    Args:
        xy: Shape (N, 2), places of points.
        weight: Shape (N,), how many points each stands for.
        grid: The cells.
        radius: The distance r beyond which a point has no effect, above 0.
        watch: Takes the progress.
    """
    made = np.zeros((grid.rows, grid.columns))
    tall, wide = (min(n, 2 * int(radius / s) + 2) for n, s in _pair_sizes(grid))
    row = np.arange(tall)[None] + _find_first(grid.top - xy[:, 1], radius, grid.height, grid.rows - tall)
    column = np.arange(wide)[None] + _find_first(
        xy[:, 0] - grid.left, radius, grid.width, grid.columns - wide
    )
    for rows in split_rows(len(xy), watch, "Spreading points", max(1, _BLOCK // (tall * wide))):
        south = (grid.y[row[rows]] - xy[rows, 1, None]) / radius
        east = (grid.x[column[rows]] - xy[rows, 0, None]) / radius
        inside = np.maximum(1 - south[:, :, None] ** 2 - east[:, None, :] ** 2, 0)
        height = inside**2 * (weight[rows] * 3 / (np.pi * radius**2))[:, None, None]
        cell = row[rows][:, :, None] * grid.columns + column[rows][:, None, :]
        _add(made, cell.reshape(-1), height.reshape(-1))
    return made


def _pair_sizes(grid: Grid) -> tuple[tuple[int, float], tuple[int, float]]:
    return (grid.rows, grid.height), (grid.columns, grid.width)


def _find_first(offset: Floats, radius: float, size: float, last: int) -> NDArray[np.int64]:
    """Return the first row or column that a point reaches, shape (N, 1)."""
    first = np.floor((offset - radius) / size).astype(np.int64)
    return np.clip(first, 0, last)[:, None]


def _add(made: Floats, cell: NDArray[np.int64], height: Floats) -> None:
    """Add heights to the cells between the first and the last one."""
    first = int(cell.min())
    sums = np.bincount(cell - first, height)
    made.reshape(-1)[first : first + len(sums)] += sums


def choose_radius(xy: Floats, weight: Floats) -> float:
    """Return Silverman's rule of thumb for two dimensions: 0.9 min(s, sqrt(1 / ln 2) m) n^(-1/5).

    s is the standard distance, m the median distance from the mean centre, n the number of points, weighted.

    Args:
        xy: Shape (N, 2), places of points.
        weight: Shape (N,), how many points each stands for.

    Raises:
        ToolError: All points lie at one place.
    """
    away = xy - np.average(xy, axis=0, weights=weight)
    far = np.hypot(away[:, 0], away[:, 1])
    deviation = float(np.sqrt(np.average(far**2, weights=weight)))
    order = np.argsort(far)
    half = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    middle = float(far[order][min(int(half), len(far) - 1)])
    least = min(each for each in (deviation, np.sqrt(1 / np.log(2)) * middle, np.inf) if each > 0)
    if not np.isfinite(least):
        raise ToolError("All points lie at one place, so no radius can be chosen: give search_radius.")
    return float(0.9 * least * weight.sum() ** -0.2)
