"""Files and rasters: inputs are references, outputs URLs."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Echoing
from gpserverless.datatypes.referable import Fetch, Referable
from gpserverless.datatypes.references import LocalFile, echo_reference, find_reference
from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio.io import DatasetReader
    from rasterio.transform import Affine

    from gpserverless.values.spatial_reference import SpatialReference

_FORMATS = {"tiff": "tif", "jpeg": "jpg"}
_UNSAFE = frozenset('/\\:*?"<>|')


@dataclass(frozen=True)
class DataFile:
    """A file that a caller sent or a tool made.

    Args:
        path: Path on this machine; its last part is the name that the caller sees.

    Example:
        >>> file = DataFile(Path("towns.csv"))
        >>> file.path.suffix
        '.csv'
    """

    path: Path

    def __fspath__(self) -> str:
        """Return the path, so that the file can be opened like one."""
        return str(self.path)


@dataclass(frozen=True)
class Raster:
    """A file that holds a raster.

    Args:
        path: Path on this machine; its last part is the name that the caller sees.

    Example:
        >>> from rasterio.transform import from_origin
        >>> heights = Raster.of(
        ...     np.array([[1.0, 2.0], [3.0, -9.0]]), from_origin(0, 20, 10, 10), SpatialReference(25832), -9
        ... )
        >>> heights.path.name
        'raster.tif'
    """

    path: Path

    @property
    def format(self) -> str:
        """Format by the file's extension, as the protocol writes it: "tif", "png".

        Example:
            >>> heights.format
            'tif'
        """
        extension = self.path.suffix.lstrip(".").lower()
        return _FORMATS.get(extension, extension)

    @classmethod
    def of(
        cls,
        cells: NDArray[Any],
        transform: Affine,
        spatial_reference: SpatialReference | None,
        nodata: float | None = None,
        name: str = "raster",
    ) -> Raster:
        """Write a GeoTIFF into the run's folder, in the raster worker.

        Args:
            cells: Shape (rows, columns), or (bands, rows, columns).
            transform: From column and row to x and y, of the upper left corner of a cell.
            spatial_reference: Of x and y.
            nodata: The value that stands for none in `cells`.
            name: Name of the file, without an extension.

        Example:
            >>> bands = np.zeros((3, 2, 2))
            >>> Raster.of(bands, from_origin(0, 20, 10, 10), SpatialReference(25832), name="rgb").path.name
            'rgb.tif'
        """
        from gpserverless.formats.rasters import write_raster

        path = Path(tempfile.mkdtemp(prefix="raster-"), f"{name}.tif")
        write_raster(path, cells, transform, spatial_reference, nodata)
        return cls(path)

    def open(self) -> DatasetReader:
        """Open the raster with rasterio, in the raster worker; close it, or use it in `with`.

        Raises:
            InvalidValue: It is not a raster of a known format.

        Example:
            >>> with heights.open() as dataset:
            ...     float(dataset.read(1, masked=True).max()), dataset.res
            (3.0, (10.0, 10.0))
        """
        from gpserverless.formats.rasters import open_raster

        return open_raster(self.path)

    @property
    def spatial_reference(self) -> SpatialReference | None:
        """The spatial reference of its cells; None if it names none.

        Raises:
            InvalidValue: It is not a raster, or names a spatial reference that PROJ cannot transform.

        Example:
            >>> heights.spatial_reference == SpatialReference(25832)
            True
        """
        from gpserverless.formats.rasters import read_raster_reference

        with self.open() as dataset:
            return read_raster_reference(dataset)


@dataclass(frozen=True)
class GPDataFile(DataType, Referable, Echoing):
    """A file, in Python a `DataFile`, on the wire its URL or the id of an upload.

    Args:
        extensions: Accepted file extensions in lower case without the dot; empty for any.
    """

    extensions: tuple[str, ...] = ()

    name = "GPDataFile"
    annotation = DataFile

    @property
    def accepted(self) -> str:
        """A reference, and the extensions."""
        kinds = f" of type {', '.join(self.extensions)}" if self.extensions else ""
        return f'a file{kinds} as {{"url": "https://…"}}, {{"itemID": "…"}} or {{"portalItemID": "…"}}'

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch the file if the value is a reference."""
        reference = find_reference(raw, "file")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, options: LoadOptions) -> DataFile:
        """Take a fetched file."""
        if not isinstance(raw, LocalFile):
            self.fail(f"{quoted(raw)} is not a file")
        if self.extensions and raw.path.suffix.lower().lstrip(".") not in self.extensions:
            self.fail(f"the file {quoted(raw.path.name)} is of another type")
        return DataFile(raw.path)

    def describe(self) -> dict[str, JSON]:
        """Return the file filter, if any."""
        return {"filter": {"type": "file", "list": list(self.extensions)}} if self.extensions else {}

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Keep the file and write its URL."""
        if value is None:
            return None
        if not isinstance(value, DataFile) or not value.path.is_file():
            raise InvalidValue(f"{quoted(value)} is not a DataFile that exists")
        return {"url": _keep(value.path, options)}

    def echo(self, raw: JSON) -> JSON:
        """Return the reference as it was sent, without its tokens."""
        return echo_reference(raw, self.accepted)


@dataclass(frozen=True)
class GPRasterData(DataType, Referable, Echoing):
    """A raster, in Python a `Raster`, on the wire its URL and format.

    Args:
        layer: Whether the type is called GPRasterDataLayer; both names mean the same on the wire.
    """

    layer: bool = True

    @property
    def name(self) -> str:
        """GPRasterDataLayer, or GPRasterData."""
        return "GPRasterDataLayer" if self.layer else "GPRasterData"

    annotation = Raster
    accepted = 'a raster as {"url": "https://…", "format": "tif"} or {"itemID": "…"}'

    @property
    def empty(self) -> JSON:
        """An empty object: null breaks clients."""
        return {}

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch the file if the value is a reference."""
        reference = find_reference(raw, "raster")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, options: LoadOptions) -> Raster | None:
        """Take a fetched raster; an empty object is None."""
        if not isinstance(raw, LocalFile):
            if raw in ({}, "{}"):
                return None
            self.fail(f"{quoted(raw)} is not a raster")
        return Raster(raw.path)

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Keep the file and write its URL and format."""
        if value is None:
            return self.empty
        if not isinstance(value, Raster) or not value.path.is_file():
            raise InvalidValue(f"{quoted(value)} is not a Raster that exists")
        return {"url": _keep(value.path, options), "format": value.format}

    def echo(self, raw: JSON) -> JSON:
        """Return the reference as it was sent, without its tokens."""
        return echo_reference(raw, self.accepted)


def _keep(path: Path, options: DumpOptions) -> str:
    if options.keep_file is None:
        raise InvalidValue("there is no place to keep a file here")
    return options.keep_file(path)


def file_name(name: str, extension: str = "") -> str:
    """Return a safe file name: without folder, control characters or leading dot, and at most 117 bytes.

    Args:
        name: Name of the file on the other server.
        extension: Extension for a name that has none.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    last = "".join("_" if c in _UNSAFE or not c.isprintable() else c for c in last).strip(" .") or "file"
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        stem, suffix = last, "".join(c for c in extension if c.isalnum())
    kept = suffix.encode()[:16].decode(errors="ignore")
    stem = stem.encode()[:100].decode(errors="ignore")
    return f"{stem}.{kept}" if kept else stem
