"""Shapefiles made by hand, byte by byte, after Esri's description of 1998 and that of dBASE III."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

WGS84_PRJ = (
    b'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    b'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
POINT, POLYLINE, MULTIPATCH = 1, 3, 31

Field = tuple[bytes, str, int]
"""Name, type and width of a field."""


def point(x: float, y: float) -> bytes:
    return struct.pack("<idd", POINT, x, y)


def line(*xy: tuple[float, float]) -> bytes:
    flat = [ordinate for place in xy for ordinate in place]
    bounds = (min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2]))
    return struct.pack(f"<i4diii{len(flat)}d", POLYLINE, *bounds, 1, len(xy), 0, *flat)


def multipatch(part_type: int, *xyz: tuple[float, float, float]) -> bytes:
    """Return a shape of one part: 0 is a strip of triangles, 1 a fan, 2 an outer ring."""
    x, y, z = zip(*xyz, strict=True)
    flat = [ordinate for place in zip(x, y, strict=True) for ordinate in place]
    head = struct.pack("<i4d4i", MULTIPATCH, min(x), min(y), max(x), max(y), 1, len(xyz), 0, part_type)
    return head + struct.pack(f"<{len(flat)}d2d{len(z)}d", *flat, min(z), max(z), *z)


def _head(size: int, kind: int) -> bytes:
    return struct.pack(">i20xi", 9994, size // 2) + struct.pack("<ii8d", 1000, kind, *[0.0] * 8)


def shp_and_shx(records: Sequence[bytes], kind: int) -> tuple[bytes, bytes]:
    shp, shx, place = b"", b"", 100
    for number, record in enumerate(records, 1):
        shp += struct.pack(">ii", number, len(record) // 2) + record
        shx += struct.pack(">ii", place // 2, len(record) // 2)
        place += 8 + len(record)
    return _head(place, kind) + shp, _head(100 + len(shx), kind) + shx


def dbf(
    fields: Sequence[Field], rows: Sequence[Sequence[bytes]], driver: int = 0, deleted: Sequence[int] = ()
) -> bytes:
    size = 32 + 32 * len(fields) + 1
    width = 1 + sum(field[2] for field in fields)
    made = struct.pack("<B3BIHH17xB2x", 3, 126, 1, 1, len(rows), size, width, driver)
    for name, kind, digits in fields:
        made += struct.pack("<11sc4xBB14x", name, kind.encode(), digits, 0)
    made += b"\r"
    for number, row in enumerate(rows):
        made += b"*" if number in deleted else b" "
        for (_, kind, digits), value in zip(fields, row, strict=True):
            made += value.rjust(digits) if kind == "N" else value.ljust(digits)
    return made + b"\x1a"


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def points(
    fields: Sequence[Field], rows: Sequence[Sequence[bytes]], driver: int = 0, deleted: Sequence[int] = ()
) -> dict[str, bytes]:
    """Return the files of a shapefile of points at 10 50, 11 50 and so on."""
    shp, shx = shp_and_shx([point(10 + i, 50) for i in range(len(rows))], POINT)
    return {
        "towns.shp": shp,
        "towns.shx": shx,
        "towns.dbf": dbf(fields, rows, driver, deleted),
        "towns.prj": WGS84_PRJ,
    }
