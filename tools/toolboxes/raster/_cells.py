"""Reading of the needed cells of a raster."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpserverless import FeatureSet, Raster, ToolError

if TYPE_CHECKING:
    from rasterio.io import DatasetReader
    from rasterio.windows import Window

MAX_CELLS = 200_000_000
"""Most cells that are read at once: 1.6 GB as 64-bit floats."""


def project_to_raster(features: FeatureSet[Any], raster: Raster) -> FeatureSet[Any]:
    """Project features into the spatial reference of a raster; if it has none, return them as they are."""
    reference = raster.spatial_reference
    return features if reference is None else features.project(reference)


def find_window(dataset: DatasetReader, bounds: tuple[float, ...], margin: int = 0) -> Window | None:
    """Return the window of cells that an extent meets, None if it meets no cell.

    Args:
        dataset: An open raster.
        bounds: xmin, ymin, xmax, ymax in its spatial reference.
        margin: Number of cells to add on every side.

    Raises:
        ToolError: They are too many.
    """
    from rasterio.windows import Window

    xmin, ymin, xmax, ymax = bounds
    corners = [
        ~dataset.transform @ corner for corner in ((xmin, ymin), (xmin, ymax), (xmax, ymin), (xmax, ymax))
    ]
    columns, rows = zip(*corners, strict=True)
    left, top = (max(math.floor(min(v)) - margin, 0) for v in (columns, rows))
    right = min(math.ceil(max(columns)) + margin, dataset.width)
    bottom = min(math.ceil(max(rows)) + margin, dataset.height)
    if left >= right or top >= bottom:
        return None
    if (right - left) * (bottom - top) > MAX_CELLS:
        raise ToolError(
            f"The features cover {(right - left) * (bottom - top):,} cells; at most {MAX_CELLS:,}."
        )
    return Window(left, top, right - left, bottom - top)


def read_cells(dataset: DatasetReader, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the values of the first band, and whether each is known, both of shape (rows, columns).

    Args:
        dataset: An open raster.
        window: The cells to read.
    """
    cells = dataset.read(1, window=window)
    known = dataset.read_masks(1, window=window) > 0
    return cells, known & np.isfinite(cells) if cells.dtype.kind == "f" else known
