"""Texts of coordinates packed with gzip, as HTTP knows it: for answers, and for what is stored."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

GZIP = "gzip"
"""Name of the coding in HTTP's headers."""

LEVEL = 1
"""Coordinates shrink by 2.6 at level 1 and by 2.9 at level 6, which takes five times as long."""

_WBITS = 31  # a gzip header and trailer
_BLOCK = 1_000_000  # packed in about ten milliseconds


def gzipped(text: bytes) -> bytes:
    """Return bytes packed; the same bytes give the same, since there is no time in the header."""
    compressor = zlib.compressobj(LEVEL, wbits=_WBITS)
    return compressor.compress(text) + compressor.flush()


def gzipped_file(path: Path, check_cancelled: Callable[[], None]) -> Path:
    """Write a file packed beside itself, and return the new one.

    Args:
        path: The file.
        check_cancelled: Called between blocks; what it raises ends the packing.
    """
    target = path.with_name(f"{path.name}.gz")
    with (
        path.open("rb") as source,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as sink,
    ):
        while block := source.read(_BLOCK):
            check_cancelled()
            sink.write(block)
    return target
