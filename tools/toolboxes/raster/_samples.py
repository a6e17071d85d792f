"""The values of a raster at places."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless import Raster
from toolboxes.raster._cells import find_window, read_cells

Numbers = NDArray[np.float64]


def sample_raster(raster: Raster, places: Numbers, *, interpolate: bool) -> Numbers:
    """Return the value of the first band at each place, NaN where there is none, shape (N,).

    Args:
        raster: The raster.
        places: Shape (N, 2), N > 0, finite x and y in the spatial reference of the raster.
        interpolate: Whether values are interpolated between the centres of the four cells around a place, of
            which those without a value do not count; else the value is that of the cell.

    Raises:
        ToolError: The places cover too many cells, or the raster is damaged.
    """
    with raster.open() as dataset:
        window = find_window(dataset, (*places.min(axis=0), *places.max(axis=0)), margin=2)
        if window is None:
            return np.full(len(places), np.nan)
        cells, known = read_cells(dataset, window)
        inverse = ~dataset.transform
    columns = inverse.a * places[:, 0] + inverse.b * places[:, 1] + inverse.c - window.col_off
    rows = inverse.d * places[:, 0] + inverse.e * places[:, 1] + inverse.f - window.row_off
    if interpolate:
        return _interpolate(cells, known, rows - 0.5, columns - 0.5)
    values, found = _look_up(cells, known, np.floor(rows), np.floor(columns))
    return np.where(found, values, np.nan)


def _look_up(
    cells: NDArray[Any], known: NDArray[np.bool_], rows: NDArray[Any], columns: NDArray[Any]
) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the values of cells by row and column, and whether each is known, both of shape (N,)."""
    height, width = cells.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    row, column = (np.where(inside, place, 0).astype(np.int64) for place in (rows, columns))
    return cells[row, column].astype(np.float64), inside & known[row, column]


def _interpolate(cells: NDArray[Any], known: NDArray[np.bool_], rows: Numbers, columns: Numbers) -> Numbers:
    top, left = np.floor(rows), np.floor(columns)
    down, right = rows - top, columns - left
    total, weights = np.zeros(len(rows)), np.zeros(len(rows))
    for row, vertical in ((top, 1 - down), (top + 1, down)):
        for column, horizontal in ((left, 1 - right), (left + 1, right)):
            values, found = _look_up(cells, known, row, column)
            weight = np.where(found, vertical * horizontal, 0.0)
            total += weight * np.where(found, values, 0.0)
            weights += weight
    return np.where(weights > 0, total / np.where(weights > 0, weights, 1.0), np.nan)
