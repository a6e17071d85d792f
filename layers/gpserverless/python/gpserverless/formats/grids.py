"""Esri ASCII grids, checked and made what GDAL reads right.

GDAL reads a word among the numbers as 0, a missing row as zeros, integers beyond 32 bits as others, and cells
with fractions in single precision.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gpserverless.errors import InvalidValue

GRID = "AAIGrid"
"""Name of the driver of ASCII grids."""

_KEYS = frozenset(
    {b"ncols", b"nrows", b"xllcorner", b"yllcorner", b"xllcenter", b"yllcenter", b"cellsize", b"dx", b"dy"}
    | {b"nodata_value", b"nodata"}
)
_BOM = b"\xef\xbb\xbf"
_HEAD = 4096
_NODATA = b"-9999"
_LINE = re.compile(rb"\s*([A-Za-z_]+)\s+(\S+)")
_BLOCK = 1 << 20
_IN_NUMBERS = b"0123456789+-.,eE \t\r\n\0nNaAiIfF"
_LONG = re.compile(rb"[0-9]{10}")
_FRACTION = re.compile(rb"[.,eEnN]")


@dataclass(frozen=True)
class Grid:
    """An ASCII grid that GDAL reads right.

    Attributes:
        path: The file.
        in_floats: Whether its cells need 64-bit floats.
    """

    path: Path
    in_floats: bool


def is_grid(head: bytes) -> bool:
    """Return whether a file is an ASCII grid: its header may start with any of its words, in any case.

    Args:
        head: Its first bytes.
    """
    words = head.removeprefix(_BOM).split(None, 1)
    return bool(words) and words[0].lower() in _KEYS


def prepare_grid(path: Path) -> Grid:
    """Check an ASCII grid, and copy it under a header that GDAL reads right.

    GDAL reads a header line with blanks in front as a row, takes a grid without a corner, or with a corner in
    x and a center in y, to lie at the origin, and refuses one that starts with its value without data.

    Args:
        path: The file.

    Raises:
        InvalidValue: Its header says not where the cells lie, it has more or fewer cells than its header
            says, or one that is no number.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        header, start = _read_header(head)
        if start >= _HEAD:
            raise InvalidValue(f"its header has more than {_HEAD:,} bytes", "a header of a few lines")
        columns, rows = _read_count(header, b"ncols"), _read_count(header, b"nrows")
        made = _write_header(header, columns, rows)
    except InvalidValue as problem:
        told = f"'{path.name[:60]}' is not a raster that can be read: {problem.problem}"
        raise InvalidValue(told, problem.accepted) from problem
    count, in_floats = _scan(path, start)
    if count != columns * rows:
        raise InvalidValue(
            f"the ASCII grid '{path.name[:60]}' has {count:,} cells, and its header says {columns * rows:,}"
        )
    return Grid(_copy(path, start, made), in_floats)


def _read_header(head: bytes) -> tuple[dict[bytes, bytes], int]:
    """Return the words of the header by their keys, and the place behind it."""
    header: dict[bytes, bytes] = {}
    start = len(head) - len(head.removeprefix(_BOM))
    while (line := _LINE.match(head, start)) and (key := line[1].lower()) in _KEYS:
        if header.setdefault(key, line[2]) != line[2]:
            raise InvalidValue(f"its header says {key.decode()} twice", "one value of each")
        start = line.end()
    return header, len(head) - len(head[start:].lstrip())


def _read_count(header: Mapping[bytes, bytes], key: bytes) -> int:
    word = header.get(key, b"")
    if not word.isdigit() or int(word) < 1:
        raise _refuse(key.decode(), "a whole number")
    return int(word)


def _read_number(header: Mapping[bytes, bytes], key: bytes) -> float | None:
    if key not in header:
        return None
    try:
        number = float(header[key].replace(b",", b"."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _refuse(key.decode(), "a number")
    return number


def _read_size(header: Mapping[bytes, bytes], axis: str) -> float:
    size = _read_number(header, b"cellsize")
    if size is None:
        size = _read_number(header, f"d{axis}".encode())
    if size is None or size <= 0:
        raise _refuse(f"cellsize or d{axis}", "a number above 0")
    return size


def _read_corner(header: Mapping[bytes, bytes], axis: str, size: float) -> float:
    corner = _read_number(header, f"{axis}llcorner".encode())
    center = _read_number(header, f"{axis}llcenter".encode())
    if corner is None and center is None:
        raise _refuse(f"{axis}llcorner or {axis}llcenter", "a number")
    return corner if corner is not None else float(center or 0) - size / 2


def _refuse(key: str, accepted: str) -> InvalidValue:
    return InvalidValue(f"its header has no {key} that can be read", accepted)


def _write_header(header: Mapping[bytes, bytes], columns: int, rows: int) -> bytes:
    dx, dy = (_read_size(header, axis) for axis in "xy")
    x, y = _read_corner(header, "x", dx), _read_corner(header, "y", dy)
    size = f"cellsize {dx!r}" if dx == dy else f"dx {dx!r}\ndy {dy!r}"
    nodata = header.get(b"nodata_value", header.get(b"nodata", _NODATA)).replace(b",", b".").decode("latin-1")
    lines = (f"ncols {columns}", f"nrows {rows}", f"xllcorner {x!r}", f"yllcorner {y!r}", size)
    return "\n".join((*lines, f"NODATA_value {nodata}", "")).encode("latin-1")


def _scan(path: Path, start: int) -> tuple[int, bool]:
    """Return the number of cells, and whether they need 64-bit floats; raise if one is no number."""
    count, in_floats = 0, False
    for cells in _read_blocks(path, start):
        count += len(cells.split())
        if wrong := cells.translate(None, _IN_NUMBERS):
            raise InvalidValue(
                f"the ASCII grid '{path.name[:60]}' is not a raster of numbers: {wrong[:20]!r}"
            )
        in_floats = in_floats or bool(_LONG.search(cells) or _FRACTION.search(cells))
    return count, in_floats


def _read_blocks(path: Path, start: int) -> Iterator[bytes]:
    """Yield the file in blocks that end between two words."""
    with path.open("rb") as file:
        file.seek(start)
        rest = b""
        while block := file.read(_BLOCK):
            block = rest + block
            end = max(block.rfind(blank) for blank in (b" ", b"\n", b"\r", b"\t")) + 1
            rest = block[end:]
            yield block[:end]
        yield rest


def _copy(path: Path, start: int, header: bytes) -> Path:
    """Copy a file with another header in front of what lies behind a place."""
    made = Path(tempfile.mkdtemp(prefix="grid-"), path.name)
    with path.open("rb") as source, made.open("wb") as target:
        target.write(header)
        source.seek(start)
        while block := source.read(_BLOCK):
            target.write(block)
    return made
