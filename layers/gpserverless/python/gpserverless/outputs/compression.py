"""gzip, for answers and for stored outputs."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it loads what threads need
    from gpserverless.cancellation import CheckCancelled


GZIP = "gzip"
"""Name of the content coding in HTTP headers (RFC 9110, 8.4.1)."""

LEVEL = 1
"""Coordinates shrink by 2.6 at level 1 and by 2.9 at level 6, which takes five times as long."""

_WBITS = 31  # a gzip header and trailer
_BLOCK = 1_000_000  # compressed in about ten milliseconds


def gzip_bytes(text: bytes) -> bytes:
    """Compress bytes. The result is reproducible: there is no time in the header.

    Args:
        text: The bytes to compress.
    """
    compressor = zlib.compressobj(LEVEL, wbits=_WBITS)
    return compressor.compress(text) + compressor.flush()


def gzip_file(path: Path, check_cancelled: CheckCancelled) -> Path:
    """Write a compressed copy beside a file, and return its path.

    Args:
        path: The file.
        check_cancelled: Called between blocks; its exception ends the compression.
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
