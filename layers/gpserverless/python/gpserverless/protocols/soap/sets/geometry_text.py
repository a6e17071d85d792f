"""Geometries of two ordinates rewritten from JSON to XML as text, without a number read.

The engine writes features in one spelling. Where a feature set has it, each separator of its vertices becomes
another one; where it has not, nothing is rewritten, and the geometries are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from gpserverless.geometry.geometry_types import MEMBERS, MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.protocols.soap.sets.markup import (
    NIL_CELL,
    POINT_CELL_END,
    POINT_CELL_START,
    POINTS_BETWEEN,
    PartMarkup,
)

_BEFORE_FEATURES = b'"features":['
_AFTER_FEATURES = b'],"exceededTransferLimit":'
_BEFORE_ATTRIBUTES = b'{"attributes":'
_BETWEEN_FEATURES = b'},{"attributes":'
_BEFORE_GEOMETRY = b',"geometry":'
_BLOCK = 100_000  # bytes that stay in the cache of a processor while they grow
_NO_PARTS = (b"]],[[", b"")
_NUMBERS = b"0123456789.+-eE"
_NOT_TWO_ORDINATES = ("hasZ", "hasM", "transform")


@dataclass(frozen=True)
class RewrittenFeatures:
    """A feature set whose geometries are rewritten.

    Attributes:
        header: The members beside the features.
        attributes: The attributes of every feature.
        cells: The XML of every geometry.
    """

    header: Mapping[str, Any]
    attributes: list[dict[str, Any]]
    cells: list[str]


def rewrite_features(text: bytes) -> RewrittenFeatures | None:
    """Rewrite the geometries of a feature set; None unless it is spelled as the engine spells it.

    The names sought have quotation marks, which no text of JSON holds unescaped.

    Args:
        text: Esri JSON.
    """
    head, _, rest = text.partition(_BEFORE_FEATURES + _BEFORE_ATTRIBUTES)
    body, found, tail = rest.rpartition(_AFTER_FEATURES)
    if not found:
        return None
    attributes, geometries = _split(body)
    if len(attributes) != len(geometries):
        return None
    try:
        header = orjson.loads(b"".join((head, _BEFORE_FEATURES, _AFTER_FEATURES, tail)))
        rows = orjson.loads(b"[%s]" % b",".join(attributes))
    except orjson.JSONDecodeError:
        return None
    if any(header.get(member) for member in _NOT_TWO_ORDINATES) or len(rows) != len(geometries):
        return None
    cells = rewrite_geometries(geometries, header.get("geometryType"))
    return None if cells is None else RewrittenFeatures(header, rows, cells)


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


def rewrite_geometries(geometries: Sequence[bytes], geometry_type: Any) -> list[str] | None:
    """Return the cells of geometries; None if one is not of this type with two ordinates a vertex.

    Args:
        geometries: Their JSON.
        geometry_type: Esri name of their type.
    """
    spelling = _SPELLINGS.get(geometry_type)
    if spelling is None:
        return None
    size = sum(map(len, geometries))
    step = max(1, _BLOCK * len(geometries) // max(1, size))
    blocks = [
        _rewrite_block(geometries[first : first + step], spelling)
        for first in range(0, len(geometries), step)
    ]
    known = [block for block in blocks if block is not None]
    return list(chain.from_iterable(known)) if len(known) == len(blocks) else None


def _rewrite_block(geometries: Sequence[bytes], spelling: _Spelling) -> list[str] | None:
    lines = b"\n".join(geometries)
    skeleton = lines.translate(None, _NUMBERS).replace(b"[,]", b"v").replace(b",v", b"")
    one_part = skeleton.replace(b",[v]", b"")
    if not set(one_part.split(b"\n")) <= {b"null", spelling.skeleton}:
        return None
    first, last = len(spelling.start), -len(spelling.end)
    text = b"\n".join([geometry[first:last] for geometry in geometries])
    for old, new in spelling.replacements[one_part == skeleton :]:
        text = text.replace(old, new)
    before, after = spelling.before, spelling.after
    return [f"{before}{cell}{after}" if cell else NIL_CELL for cell in text.decode("ascii").split("\n")]


@dataclass(frozen=True)
class _Spelling:
    """How the engine spells the geometries of a type.

    Attributes:
        skeleton: What is left of one without its numbers, and all its vertices and parts but one.
        start: What stands before its numbers.
        end: What stands behind them.
        before: What stands before its numbers in XML.
        after: What stands behind them in XML.
        replacements: What stands between parts, between vertices and between ordinates, in JSON and in XML.
    """

    skeleton: bytes
    start: bytes
    end: bytes
    before: str
    after: str
    replacements: tuple[tuple[bytes, bytes], ...]


def _spell_parts(geometry_type: str) -> _Spelling:
    member, markup = MEMBERS[geometry_type], PartMarkup.of(geometry_type)
    opened, closed = ("[[", "]]") if markup.part else ("[", "]")
    return _Spelling(
        f'{{"{member}":{opened[1:]}[v]{closed[1:]}}}'.encode(),
        f'{{"{member}":{opened}['.encode(),
        f"]{closed}}}".encode(),
        f"{markup.start(has_z=False, has_m=False)}<X>",
        f"</Y>{markup.end}",
        (
            (b"]],[[", f"</Y>{markup.between}<X>".encode()),
            (b"],[", f"</Y>{POINTS_BETWEEN}<X>".encode()),
            (b",", b"</X><Y>"),
        ),
    )


_SPELLINGS = {
    POINT: _Spelling(
        b'{"x":,"y":}',
        b'{"x":',
        b"}",
        f"{POINT_CELL_START}<X>",
        f"</Y>{POINT_CELL_END}",
        (_NO_PARTS, (b',"y":', b"</X><Y>")),
    ),
    **{each: _spell_parts(each) for each in (MULTIPOINT, POLYLINE, POLYGON)},
}
