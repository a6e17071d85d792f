"""Reading of the needed cells of a raster."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless import FeatureSet, Raster, Run, ToolError

if TYPE_CHECKING:
    from rasterio.io import DatasetReader
    from rasterio.windows import Window

MAX_CELLS = 200_000_000
"""Most cells that are read at once: 1.6 GB as 64-bit floats."""

_GRID_NODATA = -9999
"""The value of cells without data in an ASCII grid that names none."""


def project_to_raster(features: FeatureSet[Any], raster: Raster, run: Run) -> FeatureSet[Any]:
    """Project features into the spatial reference of a raster, and turn them to its longitudes.

    If one of the two names no spatial reference, it is taken to be in that of the other, with a warning.

    Args:
        features: The features.
        raster: The raster.
        run: Takes the warnings, also about bands that are not read and values that are scaled.

    Raises:
        ToolError: Its cells have no place, or are no real numbers.
    """
    reference, theirs = raster.spatial_reference, features.spatial_reference
    if reference is None and theirs is not None:
        run.warn(
            f"The raster names no spatial reference; it is taken to be in that of the features: {theirs}."
        )
    elif reference is not None and theirs is None and len(features):
        run.warn(
            f"The features name no spatial reference; they are taken to be in the raster's: {reference}."
        )
    with raster.open() as dataset:
        check_cells(dataset, run)
        corners = [dataset.transform @ (c, r) for c in (0, dataset.width) for r in (0, dataset.height)]
    projected = features if reference is None else features.project(reference, warn=run.warn)
    known = reference or theirs
    if known is None or not known.is_geographic:
        return projected.cut_at_antimeridian()
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    return projected.with_geometries(_turn(projected.geometries, west, east), projected.geometry_type)


def check_cells(dataset: DatasetReader, run: Run) -> None:
    """Raise unless the cells have a place and are real numbers; warn of bands and scales that are not read.

    Args:
        dataset: An open raster.
        run: Takes the warnings.

    Raises:
        ToolError: Its cells have no place, or are no real numbers.
    """
    if dataset.transform.is_identity:
        placed = "ground control points" if dataset.gcps[0] else "polynomials (RPC)" if dataset.rpcs else ""
        reason = f"only by {placed}" if placed else "not"
        raise ToolError(
            f"The raster says {reason} where its cells lie; it needs a geotransform (georeference)."
        )
    kind = dataset.dtypes[0]
    if kind.startswith("complex"):
        raise ToolError(f"The cells of the raster are complex numbers ({kind}); real numbers are read.")
    if dataset.count > 1:
        run.warn(f"Of the {dataset.count} bands of the raster the first is read.")
    scale, offset = dataset.scales[0], dataset.offsets[0]
    if (scale, offset) != (1, 0):
        run.warn(
            f"The raster's values are stored scaled and read as stored: times {scale:g} plus {offset:g}."
        )


def _turn(shapes: NDArray[np.object_], west: float, east: float) -> NDArray[np.object_]:
    """Turn shapes by 360 degrees to where a raster lies; polygons that meet it on both sides are in both."""
    left, _, right, _ = shapely.bounds(shapes).T
    outside = (left < west) | (right > east)
    points = outside & (shapely.get_type_id(shapes) == 0)
    turned = shapes.copy()
    turned[points] = shapely.points(west + (left[points] - west) % 360, shapely.get_y(shapes[points]))
    for index in np.flatnonzero(outside & ~points).tolist():
        copies = [
            _shift(shapes[index], turn)
            for turn in (-360, 0, 360)
            if left[index] + turn < east and right[index] + turn > west
        ]
        turned[index] = shapely.multipolygons(shapely.get_parts(copies)) if copies else shapes[index]
    return turned


def _shift(shape: Any, degrees: float) -> Any:
    return shapely.transform(shape, lambda xy: xy + np.array([degrees, 0]))


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

    Raises:
        ToolError: The raster is damaged.
    """
    from rasterio.errors import RasterioIOError

    try:
        cells = dataset.read(1, window=window)
        known = dataset.read_masks(1, window=window) > 0
    except RasterioIOError:
        raise ToolError("The raster is damaged: not all of its cells can be read.") from None
    if dataset.driver == "AAIGrid" and dataset.nodata is None:
        known &= cells != _GRID_NODATA
    return cells, known & np.isfinite(cells) if cells.dtype.kind == "f" else known
