"""Lines of sight over a surface: which cells an observer sees.

The line from the observer to a cell's centre is compared with the surface at every row or column that it
crosses, between the two nearest centres: the exact way that is called R3 (Franklin and Ray, 1994). Cells of
degrees are measured in metres at the latitude between the observer and the cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.surface import Surface, measure_cells
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

DIAMETER = 12_740_000.0
"""Metres: the diameter of the Earth in the correction for its curvature (from memory of ArcGIS)."""

MAX_STEPS = 20_000_000_000
"""Most crossings that all lines of sight may have together: about half an hour."""

_BLOCK = 2_000_000
"""Crossings that are held at once."""

_EQUAL = 1e-9
"""Heights that differ by less are the same, relative to the height of the eye."""


@dataclass(frozen=True)
class Observer:
    """A place to look from.

    Attributes:
        x: In the unit of the coordinates.
        y: In the unit of the coordinates.
        spot: Height of the ground or floor at the place; None for that of the surface.
        above: Height of the eye above it.
        target: Height above the surface that must be seen.
        azimuths: From one to another, in degrees clockwise from north.
        angles: The highest and the lowest angle above the horizon, in degrees.
        distances: The least and the greatest distance, in metres for cells of degrees.
    """

    x: float
    y: float
    spot: float | None = None
    above: float = 1.0
    target: float = 0.0
    azimuths: tuple[float, float] = (0.0, 360.0)
    angles: tuple[float, float] = (90.0, -90.0)
    distances: tuple[float, float] = (0.0, np.inf)


@dataclass(frozen=True)
class View:
    """What observers see."""

    #: Shape (rows, columns), number of observers that see each cell.
    seen: Indices
    #: Shape (rows, columns), height above the surface from which the cell is seen; NaN where nobody looks.
    hidden: Floats


@dataclass(frozen=True)
class Curvature:
    """The drop of the surface with distance: (1 - refraction) d^2 / diameter.

    Attributes:
        refraction: Share of the drop that light in air makes up for.
        diameter: Of the Earth, in the unit of the coordinates; infinite for a flat Earth.
    """

    refraction: float = 0.13
    diameter: float = np.inf

    def drop(self, distance: Floats) -> Floats:
        """Return by how much the surface drops, in the unit of the coordinates.

        Args:
            distance: In the unit of the coordinates.
        """
        return np.asarray((1 - self.refraction) * distance**2 / self.diameter)


def look(surface: Surface, observers: list[Observer], curvature: Curvature, watch: Watch) -> View:
    """Return which cells the observers see; an observer stands at the centre of its cell.

    Args:
        surface: The heights, in the unit of the coordinates, in metres for cells of degrees; cells without
            one hide nothing.
        observers: The observers; those outside of the surface see nothing, with a warning.
        curvature: The curvature of the Earth.
        watch: Takes the progress and warnings.

    Raises:
        ToolError: The lines of sight would take too long.
    """
    seen = np.zeros(surface.values.shape, np.int64)
    hidden = np.full(surface.values.shape, np.nan)
    places = np.array([(each.x, each.y) for each in observers]).reshape(-1, 2)
    row, column, inside = surface.grid.find_cells(places)
    inside &= np.isfinite(surface.values[row, column])
    if lost := int(np.count_nonzero(~inside)):
        watch.warn(f"Observers that stand where the raster has no value: {lost:,}; they see nothing.")
    rings = [_count_rings(surface, o, r, c) for o, r, c in zip(observers, row, column, strict=True)]
    total = surface.values.size
    steps = sum(n * min(total, 8 * n * n // 3) for n, there in zip(rings, inside, strict=True) if there)
    if steps > MAX_STEPS:
        raise ToolError(
            f"The lines of sight cross {steps:,} cells; at most {MAX_STEPS:,}. Take fewer observers, "
            "a shorter distance (a field RADIUS2), or a raster of larger cells."
        )
    for number in np.flatnonzero(inside).tolist():
        eye = _Eye(surface, observers[number], int(row[number]), int(column[number]), curvature)
        text = f"Looking from observer {number + 1:,} of {len(observers):,}"
        for ring in range(rings[number] + 1):
            if ring % 16 == 0:
                watch.progress(text, 100 * number // len(observers))
            for cells in eye.list_ring(ring):
                need = eye.measure(*cells, ring)  # NaN is not seen, and leaves what is hidden as it is
                seen[cells] += need <= observers[number].target + _EQUAL * max(1.0, abs(eye.height))
                hidden[cells] = np.fmin(hidden[cells], np.maximum(need, 0))
    return View(seen, hidden)


def _count_rings(surface: Surface, observer: Observer, row: int, column: int) -> int:
    grid = surface.grid
    edge = max(row, grid.rows - 1 - row, column, grid.columns - 1 - column)
    least = min(float(sizes.min()) for sizes in measure_cells(surface, geodesic=surface.is_geographic))
    return int(min(edge, np.ceil(observer.distances[1] / max(least, 1e-9)) + 1))


class _Eye:
    """An observer over a cell, and the surface around it."""

    def __init__(
        self, surface: Surface, observer: Observer, row: int, column: int, curvature: Curvature
    ) -> None:
        self.surface, self.observer, self.curvature = surface, observer, curvature
        self.row, self.column = row, column
        ground = observer.spot if observer.spot is not None else float(surface.values[row, column])
        self.height = ground + observer.above
        self.width_of_row, self.height_of_row = measure_cells(surface, geodesic=surface.is_geographic)

    def list_ring(self, ring: int) -> Iterator[tuple[Indices, Indices]]:
        """Yield blocks of the rows and columns of cells that are `ring` cells away, those in the surface."""
        grid = self.surface.grid
        if ring == 0:
            yield np.array([self.row]), np.array([self.column])
            return
        along = np.arange(-ring, ring)
        far = np.full(2 * ring, ring)
        row = self.row + np.concatenate([-far, along, far, -along])
        column = self.column + np.concatenate([along, far, -along, -far])
        inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
        row, column = row[inside], column[inside]
        size = max(1, _BLOCK // ring)
        for start in range(0, len(row), size):
            yield row[start : start + size], column[start : start + size]

    def measure(self, rows: Indices, columns: Indices, ring: int) -> Floats:
        """Return the height above the surface from which each cell is seen, NaN where nobody looks."""
        south, east = (rows - self.row).astype(np.float64), (columns - self.column).astype(np.float64)
        ground = self.surface.values[rows, columns]
        if ring == 0:
            return np.full(1, -np.inf if self.observer.distances[0] <= 0 else np.nan)
        far = np.hypot(*self._measure_ways(south, east))
        target = ground - self.curvature.drop(far)
        watched = self._find_watched(south, east, far, target)
        need = np.full(len(rows), np.nan)
        if watched.any():
            horizon = self._find_horizons(south[watched], east[watched], ring)
            need[watched] = self.height + horizon * far[watched] - target[watched]
        return need

    def _measure_ways(self, south: Floats, east: Floats) -> tuple[Floats, Floats]:
        """Return how far cells lie to the south and to the east."""
        between = self.row + south / 2
        rows = np.arange(self.surface.grid.rows)
        tall, wide = (np.interp(between, rows, size) for size in (self.height_of_row, self.width_of_row))
        return south * tall, east * wide

    def _find_watched(self, south: Floats, east: Floats, far: Floats, target: Floats) -> NDArray[np.bool_]:
        """Return whether each cell is within the observer's azimuths, angles and distances."""
        first, last = self.observer.azimuths
        down, right = self._measure_ways(south, east)
        azimuth = np.degrees(np.arctan2(right, -down)) % 360
        turn = (last - first) % 360 or 360.0
        angle = np.degrees(np.arctan((target + self.observer.target - self.height) / far))
        least, most = self.observer.distances
        upper, lower = self.observer.angles
        around = (azimuth - first) % 360 <= turn
        return around & (angle <= upper) & (angle >= lower) & (far >= least) & (far <= most)

    def _find_horizons(self, south: Floats, east: Floats, ring: int) -> Floats:
        """Return the steepest rise to the surface on the way to each cell, -inf where there is none."""
        steps = np.arange(1, ring) / ring
        if not len(steps):
            return np.full(len(south), -np.inf)
        rows, columns = self.row + south[:, None] * steps, self.column + east[:, None] * steps
        far = np.hypot(*self._measure_ways(south, east))[:, None] * steps
        heights = self._interpolate(rows, columns, np.abs(south) == ring) - self.curvature.drop(far)
        rise = (heights - self.height) / far
        return np.asarray(np.max(np.where(np.isfinite(rise), rise, -np.inf), axis=1))

    def _interpolate(self, rows: Floats, columns: Floats, steep: NDArray[np.bool_]) -> Floats:
        """Return heights where lines cross rows (steep ones) or columns; a centre without one is left out."""
        values = self.surface.values
        rows, columns = np.round(rows, 9), np.round(columns, 9)
        row, column = np.floor(rows).astype(np.int64), np.floor(columns).astype(np.int64)
        share = np.where(steep[:, None], columns - column, rows - row)
        between = share > 0
        row = np.where(steep[:, None], np.round(rows).astype(np.int64), row)
        column = np.where(steep[:, None], column, np.round(columns).astype(np.int64))
        next_row = row + (between & ~steep[:, None])
        next_column = column + (between & steep[:, None])
        near, other = values[row, column], values[next_row, next_column]
        both = near + share * (other - near)
        return np.where(np.isnan(near), other, np.where(np.isnan(other), near, both))
