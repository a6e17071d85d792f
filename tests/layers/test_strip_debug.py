"""What is taken out of shared libraries is what no loader reads."""

from __future__ import annotations

import runpy
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parents[2] / "layers/dependencies/strip_debug.py"
LOAD = 1

strip = runpy.run_path(str(PROGRAM))["strip"]


def libraries() -> list[Path]:
    """Return libraries of every package with machine code: linked by several linkers, patched or not."""
    found = []
    for package in ("numpy", "orjson", "pydantic_core", "pyogrio", "pyproj", "rasterio", "shapely"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        found += [*folder.rglob("*.so"), *folder.parent.glob(f"{package}.libs/*.so*")]
    return found


def program(content: bytes) -> list[tuple[Any, ...]]:
    """Return what a loader makes of a library: its segments and their bytes."""
    table, number = struct.unpack_from("<Q", content, 32)[0], struct.unpack_from("<H", content, 56)[0]
    segments = [struct.unpack_from("<IIQQQQQQ", content, table + i * 56) for i in range(number)]
    blank = bytearray(content)
    for start, size in (
        (0, 64),
        (table, number * 56),
    ):  # the headers, which name the places, are compared here
        blank[start : start + size] = bytes(size)
    made = []
    for kind, flags, offset, address, physical, size, in_memory, alignment in segments:
        assert kind != LOAD or (offset - address) % alignment == 0
        assert offset + size <= len(content)
        what = bytes(blank[offset : offset + size])
        made.append((kind, flags, address, physical, size, in_memory, alignment, what))
    return made


@pytest.mark.parametrize("path", libraries(), ids=lambda path: path.name)
def test_what_is_loaded_stays_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    after = strip(before)
    assert len(after) < len(before)
    assert program(after) == program(before)


def test_it_is_done_once() -> None:
    library = libraries()[0].read_bytes()
    assert strip(strip(library)) == strip(library)


@pytest.mark.parametrize("content", [b"", b"!<arch>\n", b"\x7fELF\x01\x01" + bytes(60), b"#!/bin/sh\n"])
def test_anything_else_is_left_alone(content: bytes) -> None:
    assert strip(content) == content
