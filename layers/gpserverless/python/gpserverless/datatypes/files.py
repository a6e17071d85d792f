"""Files and rasters: they come by reference, and go as a URL."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.references import Fetch, LocalFile, echo_reference, find_reference
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio.io import DatasetReader
    from rasterio.transform import Affine

    from gpserverless.values.spatial_reference import SpatialReference

_FORMATS = {"tiff": "tif", "jpeg": "jpg"}
_UNSAFE = frozenset('/\\:*?"<>|')


@dataclass(frozen=True)
class DataFile:
    """A file: one that a caller has sent, or one that a tool has made.

    Args:
        path: Where it lies; its name is the one that the caller gave it, or will see.
    """

    path: Path

    def __fspath__(self) -> str:
        """Return where it lies, so that it can be opened like a path."""
        return str(self.path)


@dataclass(frozen=True)
class Raster:
    """A file that holds a raster.

    Args:
        path: Where it lies; its name is the one that the caller gave it, or will see.
    """

    path: Path

    @property
    def format(self) -> str:
        """Format by the file's extension, as the protocol writes it: "tif", "png"."""
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
            nodata: The value of cells without one.
            name: Name of the file, without an extension.
        """
        from gpserverless.formats.rasters import write_raster

        path = Path(tempfile.mkdtemp(prefix="raster-"), f"{name}.tif")
        write_raster(path, cells, transform, spatial_reference, nodata)
        return cls(path)

    def open(self) -> DatasetReader:
        """Open the raster for reading by rasterio, in the raster worker; close it, or use it in `with`.

        Raises:
            InvalidValue: It is no raster of a known format.
        """
        from gpserverless.formats.rasters import open_raster

        return open_raster(self.path)

    @property
    def spatial_reference(self) -> SpatialReference | None:
        """The spatial reference of its cells; None if it has none that can be calculated with."""
        from gpserverless.formats.rasters import read_raster_reference

        with self.open() as dataset:
            return read_raster_reference(dataset)


@dataclass(frozen=True)
class GPDataFile(DataType):
    """A file, in Python a `DataFile`, on the wire its URL or the id of an upload.

    Args:
        extensions: In small letters without dot, which files must have; empty for any.
    """

    extensions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """GPDataFile."""
        return "GPDataFile"

    @property
    def accepted(self) -> str:
        """A reference, and the extensions."""
        kinds = f" of type {', '.join(self.extensions)}" if self.extensions else ""
        return f'a file{kinds} as {{"url": "https://…"}}, {{"itemID": "…"}} or {{"portalItemID": "…"}}'

    @property
    def may_be_reference(self) -> bool:
        """Always: files do not fit into a value."""
        return True

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to."""
        reference = find_reference(raw, "file")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, reading: LoadOptions) -> DataFile:
        """Take a file that was fetched."""
        if not isinstance(raw, LocalFile):
            raise InvalidValue(f"{quoted(raw)} is not a file", self.accepted)
        if self.extensions and raw.path.suffix.lower().lstrip(".") not in self.extensions:
            raise InvalidValue(f"the file {quoted(raw.path.name)} is of another type", self.accepted)
        return DataFile(raw.path)

    def describe(self) -> dict[str, JSON]:
        """Return the file filter, if any."""
        return {"filter": {"type": "file", "list": list(self.extensions)}} if self.extensions else {}

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Keep the file and write its URL."""
        if value is None:
            return None
        if not isinstance(value, DataFile) or not value.path.is_file():
            raise InvalidValue(f"{quoted(value)} is not a DataFile that exists")
        return {"url": _kept(value.path, writing)}

    def echo(self, raw: JSON) -> JSON:
        """Return the reference as it was sent, without its tokens."""
        return echo_reference(raw, self.accepted)


@dataclass(frozen=True)
class GPRasterData(DataType):
    """A raster, in Python a `Raster`, on the wire its URL and format.

    Args:
        layer: Whether the type is called GPRasterDataLayer; both names mean the same on the wire.
    """

    layer: bool = True

    @property
    def name(self) -> str:
        """GPRasterDataLayer, or GPRasterData."""
        return "GPRasterDataLayer" if self.layer else "GPRasterData"

    @property
    def accepted(self) -> str:
        """A reference."""
        return 'a raster as {"url": "https://…", "format": "tif"} or {"itemID": "…"}'

    @property
    def may_be_reference(self) -> bool:
        """Always: rasters do not fit into a value."""
        return True

    @property
    def empty(self) -> JSON:
        """An empty object: null breaks clients."""
        return {}

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to."""
        reference = find_reference(raw, "raster")
        return raw if reference is None else fetch(reference)

    def load(self, raw: JSON, reading: LoadOptions) -> Raster | None:
        """Take a raster that was fetched; an empty object is none."""
        if not isinstance(raw, LocalFile):
            if raw in ({}, "{}"):
                return None
            raise InvalidValue(f"{quoted(raw)} is not a raster", self.accepted)
        return Raster(raw.path)

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Keep the file and write its URL and format."""
        if value is None:
            return self.empty
        if not isinstance(value, Raster) or not value.path.is_file():
            raise InvalidValue(f"{quoted(value)} is not a Raster that exists")
        return {"url": _kept(value.path, writing), "format": value.format}

    def echo(self, raw: JSON) -> JSON:
        """Return the reference as it was sent, without its tokens."""
        return echo_reference(raw, self.accepted)


def _kept(path: Path, writing: DumpOptions) -> str:
    if writing.keep_file is None:
        raise InvalidValue("there is no place to keep a file here")
    return writing.keep_file(path)


def file_name(name: str, extension: str = "") -> str:
    """Return a file name that is nothing but that: no folder, no control characters, not hidden, not long.

    Args:
        name: What the far side calls the file.
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
