"""The values of a raster at points."""

from typing import Annotated, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point

from gpserverless import FeatureSet, Field, Keywords, Raster, Run, tool, write_count
from toolboxes.raster._cells import find_window, project_to_raster, read_cells

NO_DATA = -9999.0
"""The value that ArcGIS writes where the raster has none."""

Extracted = Annotated[
    FeatureSet[Point], Field(alias="out_point_features", description="The points with RASTERVALU.")
]


@tool
def extract_values_to_points(
    in_point_features: FeatureSet[Point],
    in_raster: Raster,
    run: Run,
    interpolate_values: Annotated[bool, Keywords("INTERPOLATE", "NONE")] = False,
    add_attributes: Annotated[bool, Keywords("ALL", "VALUE_ONLY")] = False,
) -> Extracted:
    """Read the cells of a raster under points.

    The points keep their attributes and get RASTERVALU: the value of the cell that a point lies in, or one
    interpolated between the centres of the four cells around it, of which those without a value do not
    count. Where there is none, outside of the raster too, it is -9999. Of several bands the first is read.

    Args:
        in_point_features: The points.
        in_raster: The raster to read.
        interpolate_values: Whether to interpolate.
        add_attributes: Attribute tables of rasters are not read; the value alone is added.
    """
    if add_attributes:
        run.warn("Attribute tables of rasters are not read: RASTERVALU alone is added.")
    points = project_to_raster(in_point_features, in_raster, run).geometries
    values = np.full(len(points), NO_DATA)
    there = np.flatnonzero(np.isfinite(shapely.get_x(points)) & np.isfinite(shapely.get_y(points)))
    if len(there):
        values[there] = _read_values(in_raster, shapely.get_coordinates(points[there]), interpolate_values)
    outside = int(np.count_nonzero(values == NO_DATA))
    if outside:
        one = "point lies where the raster has no value; its RASTERVALU is -9999."
        many = "points lie where the raster has no value; their RASTERVALU is -9999."
        run.warn(write_count(outside, one, many))
    return in_point_features.with_columns({"RASTERVALU": values})


def _read_values(raster: Raster, xy: NDArray[np.float64], interpolate: bool) -> NDArray[np.float64]:
    """Return the values at coordinates, shape (N, 2), in the raster's spatial reference."""
    with raster.open() as dataset:
        window = find_window(dataset, (*xy.min(axis=0), *xy.max(axis=0)), margin=2)
        if window is None:
            return np.full(len(xy), NO_DATA)
        cells, known = read_cells(dataset, window)
        inverse = ~dataset.transform
    columns = inverse.a * xy[:, 0] + inverse.b * xy[:, 1] + inverse.c - window.col_off
    rows = inverse.d * xy[:, 0] + inverse.e * xy[:, 1] + inverse.f - window.row_off
    if interpolate:
        return _interpolate(cells, known, rows - 0.5, columns - 0.5)
    values, found = _look_up(cells, known, np.floor(rows), np.floor(columns))
    return np.where(found, values, NO_DATA)


def _look_up(
    cells: NDArray[Any], known: NDArray[np.bool_], rows: NDArray[Any], columns: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the values of cells by row and column, and whether each is known, both of shape (N,)."""
    height, width = cells.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    row, column = (np.where(inside, place, 0).astype(np.int64) for place in (rows, columns))
    return cells[row, column].astype(np.float64), inside & known[row, column]


def _interpolate(
    cells: NDArray[Any], known: NDArray[np.bool_], rows: NDArray[Any], columns: NDArray[Any]
) -> NDArray[np.float64]:
    top, left = np.floor(rows), np.floor(columns)
    down, right = rows - top, columns - left
    total, weights = np.zeros(len(rows)), np.zeros(len(rows))
    for row, vertical in ((top, 1 - down), (top + 1, down)):
        for column, horizontal in ((left, 1 - right), (left + 1, right)):
            values, found = _look_up(cells, known, row, column)
            weight = np.where(found, vertical * horizontal, 0.0)
            total += weight * np.where(found, values, 0.0)
            weights += weight
    return np.where(weights > 0, total / np.where(weights > 0, weights, 1.0), NO_DATA)
