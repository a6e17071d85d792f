"""Surfaces from rasters, and rasters from surfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpserverless import Raster, Run, ToolError
from gpserverless.analysis.surface import Grid, Surface, check_cells
from toolboxes.raster._cells import check_cells as check_dataset
from toolboxes.raster._cells import read_cells

if TYPE_CHECKING:
    from gpserverless import SpatialReference

NODATA = -3.4028234663852886e38
"""The value of cells without one: the least 32-bit float, as ArcGIS writes it."""

_ACROSS = "its rows run not from west to east, or its columns not from north to south"


def read_surface(raster: Raster, run: Run) -> Surface:
    """Read the first band of a whole raster.

    Args:
        raster: The raster.
        run: Takes warnings about bands that are not read and values that are scaled.

    Raises:
        ToolError: It is turned, too large, damaged, or its cells have no place.
    """
    from rasterio.windows import Window

    with raster.open() as dataset:
        check_dataset(dataset, run)
        check_cells(dataset.width * dataset.height)
        place = dataset.transform
        if place.b or place.d or place.a < 0 or place.e > 0:
            raise ToolError(f"The raster is turned: {_ACROSS}. Resample it north up.")
        run.progress("Reading the raster")
        cells, known = read_cells(dataset, Window(0, 0, dataset.width, dataset.height))
    grid = Grid(place.c, place.f, place.a, -place.e, *cells.shape)
    return Surface(np.where(known, cells, np.nan).astype(np.float64), grid, raster.spatial_reference)


def write_surface(
    values: NDArray[Any],
    grid: Grid,
    reference: SpatialReference | None,
    name: str,
    kind: type[np.generic] = np.float32,
) -> Raster:
    """Write values of cells as a GeoTIFF.

    Args:
        values: Shape (rows, columns), NaN where there is none.
        grid: The place of the cells.
        reference: Their spatial reference.
        name: Name of the file, without an extension.
        kind: Type of the cells; whole numbers are from 0, with -1 for none.
    """
    from rasterio.transform import from_origin

    none = NODATA if kind is np.float32 else -1
    cells = np.where(np.isnan(values), none, values).astype(kind)
    place = from_origin(grid.left, grid.top, grid.width, grid.height)
    return Raster.of(cells, place, reference, none, name)


def warn_of_degrees(surface: Surface, run: Run, cure: str) -> None:
    """Warn if heights are compared with distances in degrees.

    Args:
        surface: The heights.
        run: Takes the warning.
        cure: A sentence about what to do.
    """
    if surface.reference is not None and surface.reference.is_geographic:
        run.warn(f"The raster lies in degrees, and heights are compared with them as they are. {cure}")
