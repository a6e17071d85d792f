"""Nets of rectangular cells, as polygons or as lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import ToolError

MAX_CELLS = 2_000_000
"""Cells of a net or a tessellation: with five vertices each they fill the memory of a worker."""

Numbers = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Net:
    """A net of equal rectangles, which may be turned.

    Attributes:
        origin: Shape (2,), the lower left corner.
        right: Shape (2,), of length 1, along a row.
        up: Shape (2,), of length 1, along a column.
        width: Of a cell, in the unit of the coordinates.
        height: Of a cell.
        rows: Number of rows.
        columns: Number of columns.
    """

    origin: Numbers
    right: Numbers
    up: Numbers
    width: float
    height: float
    rows: int
    columns: int

    def place(self, column: Numbers, row: Numbers) -> Numbers:
        """Return the place of columns and rows counted from the origin, shape (..., 2).

        Args:
            column: Any shape, in cells.
            row: The same shape.
        """
        across, along = (column * self.width)[..., None], (row * self.height)[..., None]
        return np.asarray(self.origin + across * self.right + along * self.up)


def lay_out(
    origin: Numbers, axis: Numbers, corner: Numbers | None, size: tuple[float, float], counts: tuple[int, int]
) -> Net:
    """Return the net of numbers, of which those that are 0 follow from the opposite corner.

    Args:
        origin: Shape (2,), the lower left corner.
        axis: Shape (2,), a place on the line of the left side.
        corner: Shape (2,), the upper right corner; None if all numbers are given.
        size: Width and height of a cell, 0 for those that follow.
        counts: Number of columns and rows, 0 for those that follow.

    Raises:
        ToolError: The numbers say too little, contradict each other, or make too many cells.
    """
    run = axis - origin
    length = float(np.hypot(*run))
    if not length > 0:
        raise ToolError("y_axis_coord must differ from origin_coord: the two give the direction of the net.")
    up = run / length
    right = np.array([up[1], -up[0]])
    span = None if corner is None else (float((corner - origin) @ right), float((corner - origin) @ up))
    sides = [
        _fit(size[i], counts[i], None if span is None else span[i], name)
        for i, name in enumerate(("cell_width and number_columns", "cell_height and number_rows"))
    ]
    (width, columns), (height, rows) = sides
    if columns * rows > MAX_CELLS:
        raise ToolError(f"The net would have {columns * rows:,} cells; at most {MAX_CELLS:,} fit.")
    return Net(origin, right, up, width, height, rows, columns)


def draw_cells(net: Net) -> Shapes:
    """Return the cells as polygons, row by row from the origin.

    Args:
        net: The net.
    """
    row, column = _number(net)
    steps = np.array([[0, 0], [0, 1], [1, 1], [1, 0]])
    return np.asarray(shapely.polygons(net.place(column[:, None] + steps[:, 0], row[:, None] + steps[:, 1])))


def draw_lines(net: Net) -> Shapes:
    """Return the lines between the cells: the rows from the origin, then the columns.

    Args:
        net: The net.
    """
    row, column = np.arange(net.rows + 1.0), np.arange(net.columns + 1.0)
    across = net.place(np.array([0.0, net.columns]) + 0 * row[:, None], row[:, None] + np.zeros(2))
    along = net.place(column[:, None] + np.zeros(2), np.array([0.0, net.rows]) + 0 * column[:, None])
    return np.asarray(shapely.linestrings(np.concatenate([across, along])))


def draw_labels(net: Net) -> Shapes:
    """Return the middles of the cells as points, row by row from the origin.

    Args:
        net: The net.
    """
    row, column = _number(net)
    return np.asarray(shapely.points(net.place(column + 0.5, row + 0.5)))


def _number(net: Net) -> tuple[Numbers, Numbers]:
    row, column = np.divmod(np.arange(float(net.rows * net.columns)), net.columns)
    return row, column


def _fit(size: float, count: int, span: float | None, names: str) -> tuple[float, int]:
    """Return the size and the number of cells along one side."""
    if size < 0 or count < 0:
        raise ToolError(f"{names} must not be below 0.")
    if size > 0 and count > 0:
        return size, count
    if span is None:
        raise ToolError(f"{names} need numbers above 0, or corner_coord or template beside one of them.")
    if not span > 0:
        raise ToolError("The opposite corner must lie to the upper right of origin_coord.")
    if size > 0:
        return size, max(int(np.ceil(min(span / size * (1 - 1e-12), 1e9))), 1)
    if count > 0:
        return span / count, count
    raise ToolError(f"One of {names} must be above 0.")
