"""Formats of files: names, drivers and extensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gpserverless.errors import InvalidValue

FormatName = Literal["Shapefile", "GeoPackage", "GeoJSON", "CSV", "KML", "FlatGeobuf", "File Geodatabase"]


@dataclass(frozen=True)
class FileFormat:
    """A format of files.

    Attributes:
        name: Its usual name.
        driver: Its name in GDAL; empty if GDAL does not read it.
        suffix: Extension of its files, in small letters.
        magic: First bytes of its files; empty for texts.
        packed: Whether it has several files, which travel as one zip.
        layered: Whether one file holds several layers.
        geographic: Whether coordinates are always longitude and latitude on WGS 84.
        longest_name: Most bytes of a field's name; None for no limit.
        batched: Whether it is written batch by batch.
        measured: Whether measures are written.
    """

    name: FormatName
    driver: str
    suffix: str
    magic: bytes = b""
    packed: bool = False
    layered: bool = False
    geographic: bool = False
    longest_name: int | None = None
    batched: bool = False
    measured: bool = False


FORMATS = (
    FileFormat("Shapefile", "ESRI Shapefile", ".shp", b"\x00\x00\x27\x0a", packed=True, longest_name=10),
    FileFormat(
        "GeoPackage", "GPKG", ".gpkg", b"SQLite format 3\x00", layered=True, batched=True, measured=True
    ),
    FileFormat("GeoJSON", "GeoJSON", ".geojson", geographic=True),
    FileFormat("CSV", "", ".csv"),
    FileFormat("KML", "LIBKML", ".kml", geographic=True),
    FileFormat("FlatGeobuf", "FlatGeobuf", ".fgb", b"fgb\x03", batched=True),
    FileFormat("File Geodatabase", "OpenFileGDB", ".gdb", packed=True, layered=True, longest_name=64),
)
"""The formats that are read and written."""

ALIASES = {".json": ".geojson", ".txt": ".csv", ".tsv": ".csv"}
"""Other extensions of the formats."""

ACCEPTED = "a shapefile (zip), GeoPackage, GeoJSON, CSV, KML, FlatGeobuf or file geodatabase (zip)"


def get_format(name: str) -> FileFormat:
    """Return the format of a name.

    Args:
        name: Name of the format, in any letter case.

    Raises:
        InvalidValue: There is no such format.
    """
    found = next((f for f in FORMATS if f.name.lower() == name.lower()), None)
    if found is None:
        raise InvalidValue(f"there is no format '{name[:60]}'", ", ".join(f.name for f in FORMATS))
    return found


def find_format(suffix: str) -> FileFormat | None:
    """Return the format of an extension, None if there is none.

    Args:
        suffix: Extension with its dot, in any letter case.
    """
    suffix = suffix.lower()
    return next((f for f in FORMATS if f.suffix == ALIASES.get(suffix, suffix)), None)
