"""Tessellations: an extent covered with equal squares, diamonds, hexagons or triangles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.fishnet import MAX_CELLS
from gpserverless.errors import ToolError
from gpserverless.values.extent import Extent

Numbers = NDArray[np.float64]
Shapes = NDArray[np.object_]
Indices = NDArray[np.int64]

_SLIVER = 1e-9
"""Share of the step of cells: a cell that lies in the extent by less is not needed to cover it."""

GRID_ID = "GRID_ID"


@dataclass(frozen=True)
class Pattern:
    """How cells of one shape and size lie.

    Attributes:
        corners: Shape (2, K, 2), of a cell of even and of odd numbers, from the place of the cell.
        step: Distances of columns and of rows.
        shift: By which every second column lies higher.
        by_row: Whether even and odd cells alternate along a column too, as triangles do.
    """

    corners: Numbers
    step: tuple[float, float]
    shift: float = 0.0
    by_row: bool = False


def tessellate(extent: Extent, shape: str, area: float) -> tuple[Shapes, Shapes]:
    """Return the cells that cover an extent, and their names: letters for the column, a number for the row.

    Args:
        extent: The extent, in the plane of the cells.
        shape: SQUARE, DIAMOND, HEXAGON, TRANSVERSE_HEXAGON or TRIANGLE.
        area: Of a cell, above 0, in squared units of the extent.

    Raises:
        ToolError: There would be too many cells.
    """
    if shape != "TRANSVERSE_HEXAGON":
        cells, column, row = _cover(extent, _PATTERNS[shape](area))
        return cells, name_cells(column, row)
    # The same hexagons with both axes exchanged.
    turned = Extent(extent.ymin, extent.xmin, extent.ymax, extent.xmax)
    cells, row, column = _cover(turned, _make_hexagons(area))
    exchanged = shapely.transform(cells, lambda xy: xy[:, ::-1])
    return np.asarray(shapely.orient_polygons(exchanged, exterior_cw=True)), name_cells(column, row)


def name_cells(column: Indices, row: Indices) -> Shapes:
    """Return names such as A-1, B-12 or AA-3, shape (N,).

    Args:
        column: Shape (N,), from 0.
        row: Shape (N,), from 0.
    """
    columns, c = np.unique(column, return_inverse=True)
    rows, r = np.unique(row, return_inverse=True)
    letters = np.array([_write_letters(number) + "-" for number in columns.tolist()], object)
    numbers = np.array([str(number + 1) for number in rows.tolist()], object)
    return np.asarray(letters[c] + numbers[r], object)


def _write_letters(number: int) -> str:
    """Return the letters of a column as spreadsheets have them: 0 is A, 26 is AA."""
    text = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def _cover(extent: Extent, pattern: Pattern) -> tuple[Shapes, Indices, Indices]:
    """Return the cells that meet the inside of an extent, their columns and their rows from 0."""
    low, high = pattern.corners.min(axis=(0, 1)), pattern.corners.max(axis=(0, 1))
    step = np.array(pattern.step)
    size = np.array([extent.width, extent.height])
    first = np.floor(-(high + np.array([0.0, pattern.shift])) / step)
    count = np.ceil((size - low) / step) - first + 1
    if not count.prod() <= MAX_CELLS:
        raise ToolError(f"There would be {count.prod():,.0f} cells; at most {MAX_CELLS:,} fit.")
    numbers = (np.arange(each) + start for each, start in zip(count, first, strict=True))
    column, row = (side.ravel().astype(np.int64) for side in np.meshgrid(*numbers, indexing="ij"))
    odd = (column + row * pattern.by_row) % 2
    x = extent.xmin + column * step[0]
    y = extent.ymin + row * step[1] + (column % 2) * pattern.shift
    cells = np.asarray(shapely.polygons(np.stack([x, y], axis=1)[:, None] + pattern.corners[odd]))
    meets = _find_meeting(cells, extent, float(step.min()) * _SLIVER)
    column, row = column[meets], row[meets]
    return cells[meets], column - column.min(), row - row.min()


def _find_meeting(cells: Shapes, extent: Extent, sliver: float) -> NDArray[np.bool_]:
    """Return which cells lie within an extent by more than a sliver."""
    margin = min(sliver, extent.width / 4, extent.height / 4)
    box: Any = shapely.box(
        extent.xmin + margin, extent.ymin + margin, extent.xmax - margin, extent.ymax - margin
    )
    shapely.prepare(box)
    return np.asarray(shapely.intersects(box, cells))


def _make_squares(area: float) -> Pattern:
    side = np.sqrt(area)
    return Pattern(np.array([[[0, 0], [0, 1], [1, 1], [1, 0]]] * 2) * side, (side, side))


def _make_diamonds(area: float) -> Pattern:
    half = np.sqrt(area / 2)
    corners = np.array([[[0, -1], [-1, 0], [0, 1], [1, 0]]] * 2) * half
    return Pattern(corners, (half, 2 * half), half)


def _make_hexagons(area: float) -> Pattern:
    """Return hexagons with level sides at the top and the bottom; the area is 3 / 2 * sqrt(3) * side^2."""
    side = np.sqrt(2 * area / (3 * np.sqrt(3)))
    half = side * np.sqrt(3) / 2
    x, y = side * np.array([-1, -0.5, 0.5, 1, 0.5, -0.5]), half * np.array([0, 1, 1, 0, -1, -1])
    return Pattern(np.stack([np.stack([x, y], axis=1)] * 2), (1.5 * side, 2 * half), half)


def _make_triangles(area: float) -> Pattern:
    """Return triangles of equal sides, tip up and tip down in turn; the area is sqrt(3) / 4 * side^2."""
    side = 2 * np.sqrt(area / np.sqrt(3))
    corners = np.array([[[-0.5, 0], [0, 1], [0.5, 0]], [[-0.5, 1], [0.5, 1], [0, 0]]])
    height = side * np.sqrt(3) / 2
    return Pattern(corners * [side, height], (side / 2, height), by_row=True)


_PATTERNS: Mapping[str, Callable[[float], Pattern]] = MappingProxyType(
    {
        "SQUARE": _make_squares,
        "DIAMOND": _make_diamonds,
        "HEXAGON": _make_hexagons,
        "TRIANGLE": _make_triangles,
    }
)
