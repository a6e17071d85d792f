"""Cells of a raster in the grid of a picture, and the statistics of its bands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gpserverless.errors import TooLarge
from gpserverless.formats.raster_grid import Box, Grid, bring_to_turn, cut_at_seams, list_map_turns
from gpserverless.formats.rasters import load_rasterio, open_overview, read_raster_reference
from gpserverless.formats.references import encode_reference

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio.io import DatasetReader

RESAMPLING = {"nearest": 0, "bilinear": 1, "cubic": 2, "mode": 6}
"""GDAL's numbers of its ways to find the value of a pixel (gdalwarper.h, GDALResampleAlg)."""

MOST_CELLS = 300_000_000
"""Cells of a raster that are read for one picture, of all bands."""

MOST_BYTES = 210_000_000
"""Bytes of the values of one picture: three bands of floats in the largest one."""

_PLANE = "EPSG:3857"
"""Stands for the plane of a raster without a spatial reference, on both sides of no transformation."""

_SAMPLE = 2048
_LOW, _HIGH = 2.0, 98.0


@dataclass(frozen=True)
class Cells:
    """Cells of a raster.

    Attributes:
        values: Shape (bands, rows, columns), of the type of the raster.
        known: Shape (rows, columns): whether a cell has data.
    """

    values: NDArray[Any]
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class BandStatistics:
    """Statistics of the cells of a band that have data; all are 0 if none has.

    Attributes:
        low: The smallest value.
        high: The largest value.
        mean: The mean.
        deviation: The standard deviation.
        dark: Below it lie 2 % of the cells.
        bright: Above it lie 2 % of the cells.
    """

    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    dark: float = 0.0
    bright: float = 0.0


def find_bounds(dataset: DatasetReader) -> Box:
    """Return the box around a raster, which may be turned.

    Args:
        dataset: The open raster.
    """
    corners = [
        dataset.transform @ (column, row) for column in (0, dataset.width) for row in (0, dataset.height)
    ]
    x, y = zip(*corners, strict=True)
    return min(x), min(y), max(x), max(y)


def list_colors(dataset: DatasetReader) -> list[int]:
    """Return the numbers of the bands that are no opacity, from 1.

    Args:
        dataset: The open raster.
    """
    return [number for number, name in enumerate(dataset.colorinterp, 1) if name.name != "alpha"]


def has_small_overview(dataset: DatasetReader) -> bool:
    """Return whether all of a raster can be seen without reading most of its cells.

    Args:
        dataset: The open raster.
    """
    factors = dataset.overviews(1)
    return bool(factors) and max(dataset.width, dataset.height) / factors[-1] <= _SAMPLE


def read_grid(
    dataset: DatasetReader,
    grid: Grid,
    bands: list[int],
    resampling: str = "bilinear",
    nodata: float | None = None,
) -> Cells:
    """Read the cells of a raster in the grid of a picture.

    Args:
        dataset: The open raster, of which the overviews are opened by its path.
        grid: The grid.
        bands: Numbers of the bands, from 1.
        resampling: One of `RESAMPLING`.
        nodata: Value of cells without data, in place of what the raster says; None for what it says.

    Raises:
        TooLarge: The picture has too many values, or shows too many cells.
    """
    module = load_rasterio()
    size = grid.width * grid.height * sum(np.dtype(dataset.dtypes[band - 1]).itemsize for band in bands)
    if size > MOST_BYTES:
        raise TooLarge(
            f"The picture has {size:,} bytes of values; at most {MOST_BYTES:,} are made. "
            "Ask for a smaller size, or for fewer bands by bandIds."
        )
    wanted = _Wanted(tuple(bands), resampling, nodata)
    source = read_raster_reference(dataset) if dataset.crs else None
    shifts = [0.0] if source is None else list_map_turns(find_bounds(dataset), source)
    pieces = cut_at_seams(grid)
    if [columns for columns, _ in pieces] == [slice(0, grid.width)]:
        return _read_piece(module, dataset, (pieces[0][1], shifts), wanted)
    shape = (grid.height, grid.width)
    found = Cells(np.zeros((len(bands), *shape), dataset.dtypes[bands[0] - 1]), np.zeros(shape, np.bool_))
    for columns, piece in pieces:
        part = _read_piece(module, dataset, (piece, shifts), wanted)
        found.values[..., columns], found.known[:, columns] = part.values, part.known
    return found


class _Wanted(NamedTuple):
    """What is read of a raster: numbers of bands, the way to find a value, and the value of no data."""

    bands: tuple[int, ...]
    resampling: str
    nodata: float | None


class _Placed(NamedTuple):
    """A grid in the first turn of its map, and the distance by which a raster lies east of where it says."""

    grid: Grid
    shift: float = 0.0


def _read_piece(
    module: Any, dataset: DatasetReader, place: tuple[Grid, list[float]], wanted: _Wanted
) -> Cells:
    """Read a grid from each turn of its map in which a raster lies."""
    grid, shifts = place
    found = _read_place(module, dataset, _Placed(grid, -shifts[0]), wanted)
    for shift in shifts[1:]:
        part = _read_place(module, dataset, _Placed(grid, -shift), wanted)
        more = part.known & ~found.known
        np.copyto(found.values, part.values, where=more)
        found = Cells(found.values, found.known | more)
    return found


def _read_place(module: Any, dataset: DatasetReader, place: _Placed, wanted: _Wanted) -> Cells:
    level = _choose_overview(dataset, place, len(wanted.bands))
    if level is None:
        return _warp(module, dataset, place, wanted)
    with open_overview(dataset, level) as overview:
        return _warp(module, overview, place, wanted)


def _warp(module: Any, dataset: DatasetReader, place: _Placed, wanted: _Wanted) -> Cells:
    grid, (bands, resampling, nodata) = place.grid, wanted
    target = encode_reference(grid.reference) or _PLANE
    missing = dataset.nodata if nodata is None else nodata
    options = {} if missing is None else {"src_nodata": missing}
    with module.vrt.WarpedVRT(
        dataset,
        src_crs=dataset.crs or target,
        src_transform=module.Affine.translation(place.shift, 0) @ dataset.transform,
        crs=target,
        transform=module.transform.from_bounds(*grid.extent, grid.width, grid.height),
        width=grid.width,
        height=grid.height,
        resampling=module.enums.Resampling(RESAMPLING[resampling]),
        add_alpha=len(list_colors(dataset)) == dataset.count,
        **options,
    ) as warped:
        values = warped.read(list(bands))
        known = warped.read(_find_alpha(warped)) > 0
    if np.issubdtype(values.dtype, np.floating):
        known &= np.isfinite(values).all(axis=0)
    return Cells(values, known)


def _find_alpha(dataset: DatasetReader) -> int:
    """Return the number of the band that is the opacity, which the dataset has."""
    return next(number for number, name in enumerate(dataset.colorinterp, 1) if name.name == "alpha")


def read_cell(dataset: DatasetReader, x: float, y: float, bands: list[int]) -> tuple[float, ...] | None:
    """Return the values of the cell at a place; None if it has no data.

    Args:
        dataset: The open raster.
        x: In units of the raster's reference.
        y: The same.
        bands: Numbers of the bands, from 1.
    """
    if not (np.isfinite(x) and np.isfinite(y)):
        return None
    if dataset.crs:
        x = bring_to_turn(x, find_bounds(dataset)[0], read_raster_reference(dataset))
    column, row = (int(np.floor(place)) for place in ~dataset.transform @ (x, y))
    if not (0 <= column < dataset.width and 0 <= row < dataset.height):
        return None
    window = ((row, row + 1), (column, column + 1))
    if not dataset.dataset_mask(window=window).any():
        return None
    return tuple(value.item() for value in dataset.read(bands, window=window)[:, 0, 0])


def measure_bands(dataset: DatasetReader) -> tuple[BandStatistics, ...]:
    """Return the statistics of each band that is no opacity, of every n-th cell of a large raster.

    Args:
        dataset: The open raster.
    """
    shape = _choose_sample(dataset)
    return tuple(
        _measure(np.ma.compressed(dataset.read(band, out_shape=shape, masked=True)))
        for band in list_colors(dataset)
    )


def _choose_sample(dataset: DatasetReader) -> tuple[int, int]:
    """Return rows and columns of a sample: those of an overview if one is small enough."""
    longest = max(dataset.height, dataset.width)
    factor = next((each for each in dataset.overviews(1) if longest / each <= _SAMPLE), None)
    if longest > _SAMPLE and factor is not None:
        return -(-dataset.height // factor), -(-dataset.width // factor)
    share = min(1.0, _SAMPLE / longest)
    return max(1, round(dataset.height * share)), max(1, round(dataset.width * share))


def _measure(values: NDArray[Any]) -> BandStatistics:
    numbers = values.astype(np.float64)
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return BandStatistics()
    dark, bright = np.percentile(numbers, (_LOW, _HIGH)).tolist()
    low, high = float(numbers.min()), float(numbers.max())
    return BandStatistics(low, high, float(numbers.mean()), float(numbers.std()), dark, bright)


def _choose_overview(dataset: DatasetReader, placed: _Placed, bands: int) -> int | None:
    """Return the number of the coarsest overview whose cells are no larger than pixels; None for no one.

    Raises:
        TooLarge: Even of it the picture shows too many cells.
    """
    place = _place(dataset, placed)
    factors = dataset.overviews(1)
    wanted = place.cells_in_pixel
    level = max((n for n, factor in enumerate(factors) if factor <= wanted), default=None)
    factor = 1 if level is None else factors[level]
    cells = int(dataset.width * dataset.height * bands * place.share / factor**2)
    if cells > MOST_CELLS:
        raise TooLarge(
            f"The picture shows {cells:,} cells; at most {MOST_CELLS:,} are read. Ask for a smaller part, "
            "or download the raster."
        )
    return level


class _Place(NamedTuple):
    """A raster in a picture: the share of it that is seen, and cells along the side of a pixel."""

    share: float = 1.0
    cells_in_pixel: float = 1.0


def _place(dataset: DatasetReader, placed: _Placed) -> _Place:
    grid, shift = placed
    west, south, east, north = find_bounds(dataset)
    box = (west + shift, south, east + shift, north)
    if dataset.crs and grid.reference:
        module = load_rasterio()
        from rasterio.warp import transform_bounds

        try:
            box = transform_bounds(dataset.crs, encode_reference(grid.reference), *box)
        except module.errors.RasterioError:
            return _Place()  # all of it is counted
    if not np.isfinite(box).all() or box[2] <= box[0] or box[3] <= box[1]:
        return _Place()
    west, south, east, north = grid.extent
    x = max(0.0, min(east, box[2]) - max(west, box[0])) / (box[2] - box[0])
    y = max(0.0, min(north, box[3]) - max(south, box[1])) / (box[3] - box[1])
    return _Place(x * y, (east - west) / grid.width / (box[2] - box[0]) * dataset.width)
