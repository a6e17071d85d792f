"""Slope, aspect and shade of a surface.

The gradient is that of Horn (Proceedings of the IEEE 69, 1981) over the eight neighbours of a cell. A
neighbour without a value is left out of its side's mean, and a cell with fewer than seven has no
gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.surface import Surface, measure_cells
from gpserverless.analysis.watch import Watch

Floats = NDArray[np.float64]

FLAT = -1.0
"""The aspect of a cell that slopes to no side."""

_LEAST = 7
"""Known neighbours of a cell with a gradient."""

_BLOCK = 2_000_000
"""Cells of a block."""


def measure_slopes(
    surface: Surface, watch: Watch, *, percent: bool = False, factor: float = 1.0, geodesic: bool = False
) -> NDArray[np.float32]:
    """Return how steep the cells are, shape (rows, columns), NaN where there is no gradient.

    Args:
        surface: The heights.
        watch: Takes the progress.
        percent: In percent of rise, else in degrees.
        factor: Units of the coordinates (metres if geodesic) in one of the heights.
        geodesic: Whether cells of degrees are measured on the ellipsoid.
    """

    def measure(east: Floats, south: Floats) -> Floats:
        rise = np.hypot(east, south)
        return np.asarray(100 * rise if percent else np.degrees(np.arctan(rise)))

    return _calculate(surface, watch, measure, (factor, geodesic))


def measure_aspects(surface: Surface, watch: Watch, *, geodesic: bool = False) -> NDArray[np.float32]:
    """Return where the cells slope down to, in degrees clockwise from north, -1 where they are flat.

    Args:
        surface: The heights.
        watch: Takes the progress.
        geodesic: Whether cells of degrees are measured on the ellipsoid.
    """

    def measure(east: Floats, south: Floats) -> Floats:
        azimuth = np.degrees(np.arctan2(-east, south)) % 360
        flat = (east == 0) & (south == 0)
        return np.asarray(np.where(flat, FLAT, np.where(azimuth >= 360, 0.0, azimuth)))

    return _calculate(surface, watch, measure, (1.0, geodesic))


def shade(
    surface: Surface, watch: Watch, *, azimuth: float, altitude: float, factor: float = 1.0
) -> NDArray[np.float32]:
    """Return how much light the cells get, whole numbers from 0 to 255.

    Light is 255 (cos z cos s + sin z sin s cos(azimuth - aspect)) with the zenith distance z and the slope s.

    Args:
        surface: The heights.
        watch: Takes the progress.
        azimuth: Direction of the light in degrees clockwise from north.
        altitude: Its height above the horizon in degrees.
        factor: Units of the coordinates in one of the heights.
    """
    direction, zenith = np.radians(azimuth), np.radians(90 - altitude)

    def measure(east: Floats, south: Floats) -> Floats:
        towards = south * np.cos(direction) - east * np.sin(direction)
        light = (np.cos(zenith) + np.sin(zenith) * towards) / np.sqrt(1 + east**2 + south**2)
        return np.asarray(np.round(255 * np.maximum(light, 0)))

    return _calculate(surface, watch, measure, (factor, False))


def _calculate(
    surface: Surface,
    watch: Watch,
    measure: Callable[[Floats, Floats], Floats],
    scale: tuple[float, bool],
) -> NDArray[np.float32]:
    made = np.full(surface.values.shape, np.nan, np.float32)
    for rows, east, south in _find_gradients(surface, watch, *scale):
        made[rows] = measure(east, south)
    return made


def _find_gradients(
    surface: Surface, watch: Watch, factor: float, geodesic: bool
) -> Iterator[tuple[slice, Floats, Floats]]:
    """Yield blocks of rows, and the rise to the east and to the south in them."""
    heights, grid = surface.values, surface.grid
    width, height = measure_cells(surface, geodesic=geodesic)
    for rows in split_rows(grid.rows, watch, "Measuring the surface", max(1, _BLOCK // grid.columns)):
        block = np.full((rows.stop - rows.start + 2, grid.columns + 2), np.nan)
        upper, lower = max(rows.start - 1, 0), min(rows.stop + 1, grid.rows)
        block[upper - rows.start + 1 : lower - rows.start + 1, 1:-1] = heights[upper:lower]
        east, south = _differentiate(block * factor)
        yield rows, east / width[rows, None], south / height[rows, None]


def _differentiate(block: Floats) -> tuple[Floats, Floats]:
    """Return the rise from cell to cell to the east and the south, of a block without its outer cells."""
    known = np.isfinite(block)
    heights = np.where(known, block, 0)
    count = known.astype(np.float64)
    north, south, west, east = slice(None, -2), slice(2, None), slice(None, -2), slice(2, None)
    middle = slice(1, -1)

    def average(cells: tuple[tuple[slice, slice], ...]) -> Floats:
        corner, side, other = cells
        total = heights[corner] + 2 * heights[side] + heights[other]
        weight = count[corner] + 2 * count[side] + count[other]
        return np.asarray(total / np.where(weight > 0, weight, 1))

    ways = {
        "east": ((north, east), (middle, east), (south, east)),
        "west": ((north, west), (middle, west), (south, west)),
        "south": ((south, west), (south, middle), (south, east)),
        "north": ((north, west), (north, middle), (north, east)),
    }
    mean = {name: average(cells) for name, cells in ways.items()}
    neighbours = sum(count[r, c] for r in (north, middle, south) for c in (west, middle, east)) - 1
    lost = (neighbours < _LEAST) | ~known[middle, middle]
    rise = ((mean["east"] - mean["west"]) / 2, (mean["south"] - mean["north"]) / 2)
    to_east, to_south = (np.where(lost, np.nan, each) for each in rise)
    return to_east, to_south
