"""Rasters in files: opened without access to other files or the network, and written as GeoTIFF."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpserverless.errors import AuthoringError, InvalidValue
from gpserverless.formats.references import encode_reference, read_reference

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio.io import DatasetReader
    from rasterio.transform import Affine

    from gpserverless.values.spatial_reference import SpatialReference

DRIVERS: Mapping[bytes, str] = {
    b"II*\x00": "GTiff",
    b"MM\x00*": "GTiff",
    b"II+\x00": "GTiff",  # BigTIFF
    b"MM\x00+": "GTiff",
    b"EHFA_HEADER_TAG": "HFA",
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"ncols": "AAIGrid",
}
"""GDAL drivers by the first bytes of their files. No other driver is used: some, such as VRT, open files and
servers that the content names."""

ACCEPTED = "a GeoTIFF, ERDAS IMAGINE, Esri ASCII grid, PNG or JPEG"
_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # the file alone, no neighbours
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "nothing",  # no remote file has this name
}
_TILE = 256


@cache
def load_rasterio() -> Any:
    """Import rasterio.

    Raises:
        AuthoringError: rasterio is not installed: the service has another worker.
    """
    try:
        return importlib.import_module("rasterio")
    except ImportError:
        raise AuthoringError('rasters are opened in the raster worker: Service(worker="raster")') from None


def open_raster(path: Path) -> DatasetReader:
    """Open a raster for reading.

    Args:
        path: The file.

    Raises:
        InvalidValue: It is no raster of a known format, or it is damaged.
        AuthoringError: rasterio is not installed.
    """
    module, driver = load_rasterio(), _detect_driver(path)
    with module.Env(**_OPTIONS), warnings.catch_warnings():
        warnings.simplefilter("ignore", module.errors.NotGeoreferencedWarning)
        try:
            opened: DatasetReader = module.open(path, driver=driver)
        except module.errors.RasterioIOError as problem:
            raise InvalidValue(f"'{path.name[:60]}' is not a raster that can be read", ACCEPTED) from problem
    return opened


def _detect_driver(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(16)
    found = next((d for magic, d in DRIVERS.items() if head.startswith(magic)), None)
    if found is None:
        raise InvalidValue(f"'{path.name[:60]}' is not a raster of a known format", ACCEPTED)
    return found


def read_raster_reference(dataset: DatasetReader) -> SpatialReference | None:
    """Read the spatial reference of an open raster; None if there is none, or none that PROJ can transform.

    Args:
        dataset: The open raster.
    """
    if dataset.crs is None:
        return None
    code = dataset.crs.to_authority(confidence_threshold=70)
    return read_reference(":".join(code) if code else dataset.crs.to_wkt(), lambda _: None)


def write_raster(
    path: Path,
    cells: NDArray[Any],
    transform: Affine,
    reference: SpatialReference | None,
    nodata: float | None = None,
) -> None:
    """Write a GeoTIFF, compressed, and tiled if it is as large as a tile of 256 x 256 cells.

    Args:
        path: The new file.
        cells: Shape (rows, columns), or (bands, rows, columns).
        transform: From column and row to x and y, of the upper left corner of a cell.
        reference: Spatial reference of x and y.
        nodata: Value of cells without data; None if all have data.

    Raises:
        AuthoringError: rasterio is not installed.
    """
    bands = cells[None] if cells.ndim == 2 else cells
    count, rows, columns = bands.shape
    tiled = rows >= _TILE and columns >= _TILE
    tiles = {"tiled": True, "blockxsize": _TILE, "blockysize": _TILE} if tiled else {}
    described = {"count": count, "height": rows, "width": columns, "dtype": bands.dtype, "nodata": nodata}
    described |= {"crs": encode_reference(reference), "transform": transform, "compress": "deflate"}
    with load_rasterio().open(path, "w", driver="GTiff", BIGTIFF="IF_SAFER", **described, **tiles) as made:
        made.write(bands)
