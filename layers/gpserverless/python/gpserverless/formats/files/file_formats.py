"""The formats: their names, drivers and file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gpserverless.errors import InvalidValue

FormatName = Literal["Shapefile", "GeoPackage", "GeoJSON", "CSV", "KML", "FlatGeobuf", "File Geodatabase"]


@dataclass(frozen=True)
class FileFormat:
    """One format of files.

    Attributes:
        name: What people call it.
        driver: GDAL's name of it; empty where GDAL is not used.
        suffix: End of the file's name, in small letters.
        magic: The file's first bytes; empty where text comes first.
        packed: Whether it is several files, which travel as one zip.
        layered: Whether one file holds several layers.
        geographic: Whether it can only hold longitude and latitude on WGS 84.
        longest_name: Most bytes of a field's name; None for no limit.
    """

    name: FormatName
    driver: str
    suffix: str
    magic: bytes = b""
    packed: bool = False
    layered: bool = False
    geographic: bool = False
    longest_name: int | None = None


FORMATS = (
    FileFormat("Shapefile", "ESRI Shapefile", ".shp", b"\x00\x00\x27\x0a", packed=True, longest_name=10),
    FileFormat("GeoPackage", "GPKG", ".gpkg", b"SQLite format 3\x00", layered=True),
    FileFormat("GeoJSON", "GeoJSON", ".geojson", geographic=True),
    FileFormat("CSV", "", ".csv"),
    FileFormat("KML", "LIBKML", ".kml", geographic=True),
    FileFormat("FlatGeobuf", "FlatGeobuf", ".fgb", b"fgb\x03"),
    FileFormat("File Geodatabase", "OpenFileGDB", ".gdb", packed=True, layered=True, longest_name=64),
)
"""Every format that is read and written."""

ALIASES = {".json": ".geojson", ".txt": ".csv", ".tsv": ".csv"}
"""Other ends of file names that mean one of the formats."""

ACCEPTED = "a shapefile (zip), GeoPackage, GeoJSON, CSV, KML, FlatGeobuf or file geodatabase (zip)"


def get_format(name: str) -> FileFormat:
    """Return the format of a name in any letter case.

    Raises:
        InvalidValue: There is none.
    """
    found = next((f for f in FORMATS if f.name.lower() == name.lower()), None)
    if found is None:
        raise InvalidValue(f"there is no format '{name[:60]}'", ", ".join(f.name for f in FORMATS))
    return found


def find_format(suffix: str) -> FileFormat | None:
    """Return the format of files whose name ends so, in any letter case, or None."""
    suffix = suffix.lower()
    return next((f for f in FORMATS if f.suffix == ALIASES.get(suffix, suffix)), None)
