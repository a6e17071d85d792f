"""Esri ASCII grids, checked and made what GDAL reads right.

GDAL reads a word among the numbers as 0, a missing row as zeros, integers beyond 32 bits as others, and cells
with fractions in single precision.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
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
    """Check an ASCII grid.

    Args:
        path: The file; if it starts with a byte order mark or blanks, a copy without them is made.

    Raises:
        InvalidValue: It has more or fewer cells than its header says, or one that is no number.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    bare = head.removeprefix(_BOM).lstrip()
    words = bare.split()
    ends = next((i for i in range(0, len(words), 2) if words[i].lower() not in _KEYS), len(words))
    header = dict(zip([word.lower() for word in words[:ends:2]], words[1:ends:2], strict=False))
    start = len(head) - len(bare)
    try:
        columns, rows = (int(header[key]) for key in (b"ncols", b"nrows"))
    except (KeyError, ValueError) as problem:
        raise InvalidValue(
            f"'{path.name[:60]}' is not a raster that can be read", "ncols and nrows"
        ) from problem
    count, in_floats = _scan(path, start, ends)
    if count != columns * rows:
        raise InvalidValue(
            f"the ASCII grid '{path.name[:60]}' has {count:,} cells, and its header says {columns * rows:,}"
        )
    return Grid(_copy(path, start) if start else path, in_floats)


def _scan(path: Path, start: int, skipped: int) -> tuple[int, bool]:
    """Return the number of cells, and whether they need 64-bit floats; raise if one is no number."""
    count, in_floats = -skipped, False
    left = skipped
    for block in _read_blocks(path, start):
        words = block.split()
        count += len(words)
        cells = b" ".join(words[left:]) if left else block
        left = max(left - len(words), 0)
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


def _copy(path: Path, start: int) -> Path:
    made = Path(tempfile.mkdtemp(prefix="grid-"), path.name)
    with path.open("rb") as source, made.open("wb") as target:
        source.seek(start)
        while block := source.read(_BLOCK):
            target.write(block)
    return made
