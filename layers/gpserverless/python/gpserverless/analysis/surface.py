"""Surfaces: the values of square or oblong cells, rows from north to south, columns from west to east."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import ToolError
from gpserverless.values.spatial_reference import WGS84, SpatialReference

Floats = NDArray[np.float64]

MAX_SURFACE = 50_000_000
"""Most cells of a surface that is read whole or made: 400 MB as 64-bit floats."""

_SHARE = 250
"""Cells along the shorter side, if no size is given."""


@dataclass(frozen=True)
class Grid:
    """The place of cells, north up."""

    #: x of the left edge.
    left: float
    #: y of the upper edge.
    top: float
    #: Size of a cell from west to east, above 0.
    width: float
    #: Size of a cell from north to south, above 0.
    height: float
    rows: int
    columns: int

    @property
    def x(self) -> Floats:
        """X of the cells' centres, shape (columns,)."""
        return np.asarray(self.left + (np.arange(self.columns) + 0.5) * self.width)

    @property
    def y(self) -> Floats:
        """Y of the cells' centres, shape (rows,), from the north."""
        return np.asarray(self.top - (np.arange(self.rows) + 0.5) * self.height)

    def find_cells(self, xy: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Return the row and column of the cell of each place, and whether it is inside, shape (M,) each.

        Args:
            xy: Shape (M, 2), coordinates.
        """
        column = np.floor((xy[:, 0] - self.left) / self.width)
        row = np.floor((self.top - xy[:, 1]) / self.height)
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        rows, columns = (np.where(inside, each, 0).astype(np.int64) for each in (row, column))
        return rows, columns, inside


@dataclass(frozen=True)
class Surface:
    """Heights, or other values, of cells.

    Attributes:
        values: Shape (rows, columns), NaN where there is none.
        grid: The place of the cells.
        reference: Their spatial reference, None if it is not known.
    """

    values: Floats
    grid: Grid
    reference: SpatialReference | None

    @property
    def is_geographic(self) -> bool:
        """Whether the cells lie in degrees."""
        return self.reference is not None and self.reference.is_geographic


def measure_cells(surface: Surface, *, geodesic: bool) -> tuple[Floats, Floats]:
    """Return the width and the height of the cells of each row, shape (rows,) each.

    Args:
        surface: The surface.
        geodesic: Whether they are of degrees, and measured in metres at the latitude of the row's centre;
            else they are in the unit of the coordinates.
    """
    grid = surface.grid
    if not geodesic:
        return np.full(grid.rows, grid.width), np.full(grid.rows, grid.height)
    geod = (surface.reference or WGS84).geod
    latitude = np.radians(np.clip(grid.y, -90, 90))
    curve = 1 - geod.es * np.sin(latitude) ** 2
    across = geod.a * np.cos(latitude) / np.sqrt(curve)
    along = geod.a * (1 - geod.es) / curve**1.5
    return np.radians(grid.width) * across, np.radians(grid.height) * along


def lay_grid(xy: Floats, size: float | None, margin: float = 0.0) -> Grid:
    """Lay square cells over places, from the lower left one on.

    Args:
        xy: Shape (N, 2), at least one place.
        size: Size of a cell; None for a 250th of the shorter side.
        margin: Distance to which there are cells around the places, in whole cells.

    Raises:
        ToolError: The size is not above 0, cannot be chosen for a single place, or makes too many cells.
    """
    (xmin, ymin), (xmax, ymax) = xy.min(axis=0), xy.max(axis=0)
    wide, high = float(xmax - xmin), float(ymax - ymin)
    if size is None:
        size = (min(wide, high) or max(wide, high)) / _SHARE
        if not size:
            raise ToolError("All points lie at one place, so cells have no natural size: give cell_size.")
    if not (size > 0 and math.isfinite(size)):
        raise ToolError("cell_size must be above 0, in the unit of the coordinates.")
    around = math.ceil(min(margin / size, MAX_SURFACE))
    columns = max(1, math.ceil(min(wide / size, MAX_SURFACE))) + 2 * around
    rows = max(1, math.ceil(min(high / size, MAX_SURFACE))) + 2 * around
    check_cells(rows * columns)
    left, bottom = float(xmin) - around * size, float(ymin) - around * size
    return Grid(left, bottom + rows * size, size, size, rows, columns)


def check_cells(count: int) -> None:
    """Raise if a surface has more cells than fit.

    Args:
        count: Number of cells.

    Raises:
        ToolError: They are too many.
    """
    if count > MAX_SURFACE:
        raise ToolError(
            f"The raster has {count:,} cells; at most {MAX_SURFACE:,} fit. Take larger cells, or a part."
        )
