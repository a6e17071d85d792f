"""Geometries of two or three ordinates rewritten from JSON to XML as text, without a number read.

The engine writes features in one spelling. Where a feature set has it, each separator of its vertices becomes
another one; where it has not, nothing is rewritten, and the geometries are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import orjson

from gpserverless.geometry.geometry_types import GEOMETRY_TYPES
from gpserverless.protocols.soap.sets.markup import NIL_CELL, GeometryCell
from gpserverless.protocols.soap.sets.spellings import MARK, Spelling, find_spelling

_BEFORE_FEATURES = b'"features":['
_AFTER_FEATURES = b'],"exceededTransferLimit":'
_BEFORE_ATTRIBUTES = b'{"attributes":'
_BETWEEN_FEATURES = b'},{"attributes":'
_BEFORE_GEOMETRY = b',"geometry":'
_BLOCK = 100_000  # bytes that stay in the cache of a processor while they grow
_NUMBERS = b"0123456789.+-eE"


@dataclass(frozen=True)
class FeatureCells:
    """A feature set whose geometries are rewritten.

    Attributes:
        header: The members beside the features.
        attributes: The attributes of every feature.
        flags: Whether vertices have heights, and whether they have measures.
        cells: The XML of every geometry.
    """

    header: Mapping[str, Any]
    attributes: list[dict[str, Any]]
    flags: tuple[bool, bool]
    cells: list[GeometryCell]


def rewrite_features(text: bytes) -> FeatureCells | None:
    """Rewrite the geometries of a feature set; None unless it is spelled as the engine spells it.

    The names sought have quotation marks, which no text of JSON holds unescaped.

    Args:
        text: Esri JSON.
    """
    first, last = text.find(_BEFORE_FEATURES + _BEFORE_ATTRIBUTES), text.rfind(_AFTER_FEATURES)
    if not 0 <= first < last:
        return None
    head, tail = text[: first + len(_BEFORE_FEATURES)], text[last:]
    attributes, geometries = _split(text[first + len(_BEFORE_FEATURES + _BEFORE_ATTRIBUTES) : last])
    if len(attributes) != len(geometries):
        return None
    try:
        header = orjson.loads(head + tail)
        rows = orjson.loads(b"[%s]" % b",".join(attributes))
    except orjson.JSONDecodeError:
        return None
    kind, flags = header.get("geometryType"), (header.get("hasZ") is True, header.get("hasM") is True)
    if kind not in GEOMETRY_TYPES or header.get("transform") or all(flags) or len(rows) != len(geometries):
        return None
    cells = rewrite_geometries(geometries, kind, "Z" if flags[0] else "M" if flags[1] else "")
    return None if cells is None else FeatureCells(header, rows, flags, cells)


def _split(body: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the attributes and the geometries; not equally many if it is spelled otherwise."""
    first, *others = body.split(_BEFORE_GEOMETRY)
    attributes, geometries = [first], []
    for piece in others:
        geometry, found, next_attributes = piece.partition(_BETWEEN_FEATURES)
        geometries.append(geometry)
        if found:
            attributes.append(next_attributes)
    if geometries and geometries[-1].endswith(b"}"):
        geometries[-1] = geometries[-1][:-1]
    return attributes, geometries


def rewrite_geometries(
    geometries: Sequence[bytes], geometry_type: str, third: str
) -> list[GeometryCell] | None:
    """Return the cells of geometries; None if one is not of this type with equally many ordinates a vertex.

    Args:
        geometries: Their JSON.
        geometry_type: Esri name of their type.
        third: Name of the third ordinate of every vertex, "Z" or "M", "" for none.
    """
    spelling = find_spelling(geometry_type, third)
    size = sum(map(len, geometries))
    step = max(1, _BLOCK * len(geometries) // max(1, size))
    starts = range(0, len(geometries), step)
    blocks = [_rewrite_block(geometries[first : first + step], spelling) for first in starts]
    known = [block for block in blocks if block is not None]
    return list(chain.from_iterable(known)) if len(known) == len(blocks) else None


def _rewrite_block(geometries: Sequence[bytes], spelling: Spelling) -> list[GeometryCell] | None:
    given = [geometry for geometry in geometries if geometry != b"null"]
    if not given:
        return [(NIL_CELL,)] * len(geometries)
    skeleton = b"\n".join(given).translate(None, _NUMBERS)
    if spelling.vertex:
        skeleton = skeleton.replace(spelling.vertex, b"v").replace(b",v", b"")
    one_part = skeleton.replace(b",[v]", b"")
    if not set(one_part.split(b"\n")) <= {spelling.skeleton}:
        return None
    first, last = len(spelling.start), -len(spelling.end)
    inner = [geometry[first:last] for geometry in given]
    text = _mark_third_ordinates(inner) if spelling.is_marked else b"\n".join(inner)
    for old, new in spelling.replacements[one_part == skeleton :]:
        text = text.replace(old, new)
    before, after = spelling.before, spelling.after
    cells: list[GeometryCell] = [(before, cell, after) for cell in _cut_lines(text)]
    if len(cells) == len(geometries):
        return cells
    following = iter(cells)
    return [(NIL_CELL,) if geometry == b"null" else next(following) for geometry in geometries]


def _mark_third_ordinates(geometries: Sequence[bytes]) -> bytes:
    """Return geometries one a line, the comma before the third ordinate of each vertex marked.

    With a comma between them too, every third one stands there.
    """
    text = bytearray(b",\n".join(geometries))
    codes = np.frombuffer(text, np.uint8)
    codes[np.flatnonzero(codes == ord(","))[1::3]] = ord(MARK)
    return bytes(text).replace(b",\n", b"\n")


def _cut_lines(text: bytes) -> Iterator[memoryview]:
    """Yield the lines of a text, which is not copied."""
    whole, start = memoryview(text), 0
    while (end := text.find(b"\n", start)) >= 0:
        yield whole[start:end]
        start = end + 1
    yield whole[start:]
