"""Pictures of the cells of a raster, encoded by the drivers of GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gpserverless.formats.raster_grid import Grid
from gpserverless.formats.raster_views import BandStatistics, Cells
from gpserverless.formats.rasters import load_rasterio
from gpserverless.formats.references import encode_reference

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colors = Mapping[int, tuple[int, int, int, int]]
"""Red, green, blue and opacity by the value of a cell."""

PNG = ("png", "image/png")
JPEG = ("jpg", "image/jpeg")
TIFF = ("tif", "image/tiff")

FORMATS = ("jpgpng", "png", "png8", "png24", "png32", "jpg", "tiff")
"""Formats of pictures: jpgpng is JPEG if all pixels have data, PNG if not; tiff keeps the values."""

STANDARD_QUALITY = 75
_WHITE = 255
_OPAQUE = 255
_RGB = 3


@dataclass(frozen=True)
class Picture:
    """An encoded picture.

    Attributes:
        content: Its bytes.
        ending: Ending of a file's name.
        content_type: Media type.
    """

    content: bytes
    ending: str
    content_type: str


def paint(
    cells: Cells, statistics: Sequence[BandStatistics], colors: Colors | None = None
) -> NDArray[np.uint8]:
    """Return pixels of red, green, blue and opacity, shape (4, rows, columns).

    Bytes are shown as they are. Other values are stretched: 2 % of the cells are black, and 2 % are white.

    Args:
        cells: One band, or three for red, green and blue.
        statistics: Those of the bands.
        colors: Colours of the values of one band, of a raster that has some.
    """
    alpha = np.where(cells.known, _OPAQUE, 0).astype(np.uint8)
    if colors is not None:
        return _look_up(cells, colors, alpha)
    shown = [_stretch(band, each) for band, each in zip(cells.values, statistics, strict=True)]
    shown = shown * _RGB if len(shown) == 1 else shown
    return np.stack([*(np.where(cells.known, band, np.uint8(0)) for band in shown), alpha])


def lay_on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the same pixels on a white ground, all of them opaque.

    Args:
        pixels: Red, green, blue and opacity, shape (4, rows, columns).
    """
    return np.stack([*_mix_with_white(pixels), np.full(pixels.shape[1:], _OPAQUE, np.uint8)])


def encode_picture(pixels: NDArray[np.uint8], name: str, quality: int = STANDARD_QUALITY) -> Picture:
    """Encode pixels.

    Args:
        pixels: Red, green, blue and opacity, shape (4, rows, columns).
        name: One of `FORMATS`, not tiff.
        quality: Quality of a JPEG, 1 to 100.
    """
    is_whole = bool((pixels[_RGB] == _OPAQUE).all())
    if name == "jpg" or (name == "jpgpng" and is_whole):
        return Picture(_encode("JPEG", _mix_with_white(pixels), QUALITY=str(quality)), *JPEG)
    shown = _mix_with_white(pixels) if name == "png24" else pixels
    return Picture(_encode("PNG", shown, ZLEVEL="1"), *PNG)


def encode_cells(cells: Cells, grid: Grid, nodata: float | None) -> Picture:
    """Encode cells as a GeoTIFF that keeps their values; a mask says which have data.

    Args:
        cells: The cells.
        grid: Their place.
        nodata: The value of cells without data, None if there is none.
    """
    module = load_rasterio()
    transform = module.transform.from_bounds(*grid.extent, grid.width, grid.height)
    place = {"transform": transform, "crs": encode_reference(grid.reference), "nodata": nodata}
    if nodata is None:
        mask = None if cells.known.all() else cells.known
        return Picture(_encode("GTiff", cells.values, mask, compress="deflate", **place), *TIFF)
    values = cells.values.copy()
    np.copyto(values, nodata, where=~cells.known, casting="unsafe")
    return Picture(_encode("GTiff", values, compress="deflate", **place), *TIFF)


def _encode(driver: str, bands: NDArray[Any], mask: NDArray[np.bool_] | None = None, **options: Any) -> bytes:
    module = load_rasterio()
    count, height, width = bands.shape
    shape = {"count": count, "height": height, "width": width, "dtype": bands.dtype}
    with (
        warnings.catch_warnings(),
        module.Env(GDAL_TIFF_INTERNAL_MASK=True, GDAL_PAM_ENABLED="NO"),
        module.io.MemoryFile() as file,
    ):
        warnings.simplefilter("ignore", module.errors.NotGeoreferencedWarning)
        with file.open(driver=driver, **shape, **options) as made:
            made.write(bands)
            if mask is not None:
                made.write_mask(mask)
        return bytes(file.read())


def find_stretch(kind: np.dtype[Any], measured: BandStatistics) -> tuple[float, float]:
    """Return the values of a band that are black and as bright as can be; they may be the same.

    Args:
        kind: Type of its cells.
        measured: Its statistics.
    """
    if kind == np.uint8:
        return 0.0, float(_WHITE)
    low, high = measured.dark, measured.bright
    return (low, high) if low != high else (measured.low, measured.high)


def _stretch(band: NDArray[Any], measured: BandStatistics) -> NDArray[np.uint8]:
    if band.dtype == np.uint8:
        return band
    low, high = find_stretch(band.dtype, measured)
    if low == high:
        return np.full(band.shape, _WHITE // 2, np.uint8)
    with np.errstate(invalid="ignore", over="ignore"):
        shown = np.rint((band.astype(np.float64) - low) / (high - low) * _WHITE)
    return np.asarray(np.clip(np.nan_to_num(shown), 0, _WHITE), np.uint8)


def _look_up(cells: Cells, colors: Colors, alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    table = np.zeros((int(np.iinfo(cells.values.dtype).max) + 1, 4), np.uint8)
    for value, color in colors.items():
        table[value] = color
    pixels = np.array(np.moveaxis(table[cells.values[0]], -1, 0))
    pixels[_RGB] = np.minimum(pixels[_RGB], alpha)
    return pixels


def _mix_with_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    opacity = pixels[_RGB].astype(np.uint16)
    shown = (pixels[:_RGB] * opacity + _WHITE * (_OPAQUE - opacity)) // _OPAQUE
    return np.asarray(shown, np.uint8)
