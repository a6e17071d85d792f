"""Rasters in files: opened without access to other files or the network, and written as GeoTIFF."""

from __future__ import annotations

import importlib
import io
import mmap
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpserverless.errors import AuthoringError, InvalidValue
from gpserverless.formats.grids import GRID, is_grid, prepare_grid
from gpserverless.formats.network import NO_NETWORK, forbid_network
from gpserverless.formats.ranges import RangedFile
from gpserverless.formats.references import encode_reference, read_reference

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio.io import DatasetReader
    from rasterio.transform import Affine

    from gpserverless.values.spatial_reference import SpatialReference

_IMAGINE = "HFA"

DRIVERS: Mapping[bytes, str] = {
    b"II*\x00": "GTiff",
    b"MM\x00*": "GTiff",
    b"II+\x00": "GTiff",  # BigTIFF
    b"MM\x00+": "GTiff",
    b"EHFA_HEADER_TAG": _IMAGINE,
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
"""GDAL drivers by the first bytes of their files. No other driver is used: some, such as VRT, open files and
servers that the content names. An ASCII grid has words instead."""

_TIFFS = tuple(magic for magic, driver in DRIVERS.items() if driver == "GTiff")
ACCEPTED = "a GeoTIFF, ERDAS IMAGINE, Esri ASCII grid, PNG or JPEG"
_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # the file alone, no neighbours
    **NO_NETWORK,
    "GDAL_PAM_ENABLED": "NO",  # no .aux.xml
}
_TILE = 256
_LARGEST_WITHOUT_OVERVIEWS = 2048
_SMALLEST_OVERVIEW = 512


@cache
def load_rasterio() -> Any:
    """Import rasterio.

    Raises:
        AuthoringError: rasterio is not installed: the service has another worker.
    """
    forbid_network()
    try:
        return importlib.import_module("rasterio")
    except ImportError:
        raise AuthoringError('rasters are opened in the raster worker: Service(worker="raster")') from None


def open_raster(file: Path | RangedFile) -> DatasetReader:
    """Open a raster for reading.

    Args:
        file: The file; one elsewhere must be a GeoTIFF, of which alone parts are read.

    Raises:
        InvalidValue: It is no raster of a known format, or it is damaged.
        AuthoringError: rasterio is not installed.
    """
    if isinstance(file, RangedFile):
        return _open_ranged(file)
    path, module = file, load_rasterio()
    driver, options = _detect_driver(path), {}
    if driver == _IMAGINE:
        _refuse_other_file(path)
    if driver == GRID:
        grid = prepare_grid(path)
        path, options = grid.path, {"DATATYPE": "Float64"} if grid.in_floats else {}
    with module.Env(**_OPTIONS), warnings.catch_warnings():
        warnings.simplefilter("ignore", module.errors.NotGeoreferencedWarning)
        try:
            opened: DatasetReader = module.open(path, driver=driver, **options)
        except module.errors.RasterioIOError as problem:
            raise InvalidValue(f"'{path.name[:60]}' is not a raster that can be read", ACCEPTED) from problem
    return opened


def _open_ranged(file: RangedFile) -> DatasetReader:
    module, name = load_rasterio(), f"{file.name}.tif"

    def open_file(path: str, mode: str = "rb") -> io.RawIOBase:
        if path.rpartition("/")[2] != name or "r" not in mode:  # a neighbour, such as an .ovr
            raise FileNotFoundError(path)
        return file.open()

    if not file.read_at(0, 4).startswith(_TIFFS):
        raise InvalidValue(f"'{name[:60]}' is no GeoTIFF", "a GeoTIFF")
    with module.Env(**_OPTIONS), warnings.catch_warnings():
        warnings.simplefilter("ignore", module.errors.NotGeoreferencedWarning)
        try:
            opened: DatasetReader = module.open(name, driver="GTiff", opener=open_file)
        except module.errors.RasterioIOError as problem:
            if file.problem is not None:
                raise file.problem from None
            raise InvalidValue(f"'{name[:60]}' is not a raster that can be read", ACCEPTED) from problem
    return opened


@contextmanager
def raise_problem_of(file: Path | RangedFile) -> Iterator[None]:
    """Raise at the end what went wrong with a part of a file: GDAL tells of it in its own words, if at all.

    Args:
        file: The file that is read meanwhile.

    Raises:
        StorageError: A part of it could not be fetched.
    """
    if not isinstance(file, RangedFile):
        yield
        return
    try:
        yield
    finally:
        problem, file.problem = file.problem, None
        if problem is not None:
            raise problem from None


def open_overview(dataset: DatasetReader, level: int) -> DatasetReader:
    """Open an overview of an open raster in place of its cells.

    Args:
        dataset: The open raster.
        level: Number of the overview, from 0.
    """
    module = load_rasterio()
    with module.Env(**_OPTIONS):
        opened: DatasetReader = module.open(dataset.name, driver=dataset.driver, overview_level=level)
    return opened


def _refuse_other_file(path: Path) -> None:
    """Raise for an ERDAS IMAGINE file whose cells are in another file: it may name any."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b"ExternalRasterDMS") >= 0:
            raise InvalidValue(f"'{path.name[:60]}' keeps its cells in another file (.ige)", ACCEPTED)


def _detect_driver(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    if is_grid(head):
        return GRID
    found = next((d for magic, d in DRIVERS.items() if head.startswith(magic)), None)
    if found is None and head.startswith(b"PK"):
        raise InvalidValue(f"'{path.name[:60]}' is not a raster but an archive; it is not unpacked", ACCEPTED)
    if found is None:
        raise InvalidValue(f"'{path.name[:60]}' is not a raster of a known format", ACCEPTED)
    return found


def read_raster_reference(dataset: DatasetReader) -> SpatialReference | None:
    """Read the spatial reference of an open raster; None if it names none.

    Args:
        dataset: The open raster.

    Raises:
        InvalidValue: It names one that PROJ cannot transform: its cells would be in wrong places.
    """
    if dataset.crs is None:
        return None
    code = dataset.crs.to_authority(confidence_threshold=70)
    texts = [":".join(code)] if code else []
    texts += [dataset.crs.to_wkt(), dataset.crs.to_wkt(version="WKT2_2019")]  # WKT 1 knows fewer projections
    told: list[str] = []
    for text in texts:
        if (reference := read_reference(text, told.append)) is not None:
            return reference
    raise InvalidValue(
        "the spatial reference of the raster cannot be read", "one with a WKID, or with a WKT of PROJ"
    )


def write_raster(
    path: Path,
    cells: NDArray[Any],
    transform: Affine,
    reference: SpatialReference | None,
    nodata: float | None = None,
) -> None:
    """Write a GeoTIFF, compressed, and tiled if it is as large as a tile of 256 x 256 cells.

    One with more than 2048 rows or columns has overviews, so that pictures of it read little.

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
    module = load_rasterio()
    with module.open(path, "w", driver="GTiff", BIGTIFF="IF_SAFER", **described, **tiles) as made:
        made.write(bands)
    if factors := _list_factors(max(rows, columns)):
        with module.Env(COMPRESS_OVERVIEW="DEFLATE"), module.open(path, "r+") as made:
            made.build_overviews(factors, module.enums.Resampling.nearest)  # no value that no cell has


def _list_factors(longest: int) -> list[int]:
    """Return the factors of overviews, each twice the one before, until all fits a small picture."""
    if longest <= _LARGEST_WITHOUT_OVERVIEWS:
        return []
    steps = (longest - 1).bit_length() - (_SMALLEST_OVERVIEW - 1).bit_length()
    return [2**step for step in range(1, steps + 1)]
