"""How the engine spells geometries in JSON, and what stands for it in XML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gpserverless.geometry.geometry_types import MEMBERS, POINT
from gpserverless.protocols.soap.sets.markup import (
    POINT_CELL_END,
    POINT_CELL_START,
    POINTS_BETWEEN,
    PartMarkup,
)

MARK = b";"
"""Stands for the comma before a third ordinate while geometries are rewritten."""

_BETWEEN_VERTICES = b"|"
"""Stands for the text between two vertices, likewise."""

_NO_PARTS = (b"]],[[", b"")


@dataclass(frozen=True)
class Spelling:
    """The spelling of geometries of a type.

    Attributes:
        skeleton: The text of one without its numbers, with one vertex that is called v.
        vertex: The text of a vertex without its numbers; empty for a point.
        start: What stands before the numbers.
        end: What stands behind them.
        before: What stands before the numbers in XML.
        after: What stands behind them in XML.
        replacements: What stands between parts, between vertices and between ordinates, in JSON and in XML.
        is_marked: Whether the comma before a third ordinate is to be marked.
    """

    skeleton: bytes
    vertex: bytes
    start: bytes
    end: bytes
    before: bytes
    after: bytes
    replacements: tuple[tuple[bytes, bytes], ...]
    is_marked: bool = False


@cache
def find_spelling(geometry_type: str, third: str) -> Spelling:
    """Return the spelling of a type.

    Args:
        geometry_type: Esri name of the type.
        third: Name of the third ordinate of every vertex, "Z" or "M", "" for none.
    """
    return _spell_points(third) if geometry_type == POINT else _spell_parts(geometry_type, third)


def _spell_points(third: str) -> Spelling:
    last = third or "Y"
    more = f',"{third.lower()}":' if third else ""
    replacements = ((b',"y":', b"</X><Y>"), *([(more.encode(), f"</Y><{third}>".encode())] if third else []))
    return Spelling(
        skeleton=f'{{"x":,"y":{more}}}'.encode(),
        vertex=b"",
        start=b'{"x":',
        end=b"}",
        before=f"{POINT_CELL_START}<X>".encode(),
        after=f"</{last}>{POINT_CELL_END}".encode(),
        replacements=(_NO_PARTS, *replacements),
    )


def _spell_parts(geometry_type: str, third: str) -> Spelling:
    member, markup, last = MEMBERS[geometry_type], PartMarkup.of(geometry_type), third or "Y"
    opened, closed = ("[[", "]]") if markup.part else ("[", "]")
    marked = [(MARK, f"</Y><{third}>".encode())] if third else []
    return Spelling(
        skeleton=f'{{"{member}":{opened}v{closed}}}'.encode(),
        vertex=b"[,,]" if third else b"[,]",
        start=f'{{"{member}":{opened}['.encode(),
        end=f"]{closed}}}".encode(),
        before=f"{markup.start(has_z=third == 'Z', has_m=third == 'M')}<X>".encode(),
        after=f"</{last}>{markup.end}".encode(),
        # The longest comes last: the text that is searched grows with it.
        replacements=(
            (b"]],[[", f"</{last}>{markup.between}<X>".encode()),
            (b"],[", _BETWEEN_VERTICES),
            (b",", b"</X><Y>"),
            *marked,
            (_BETWEEN_VERTICES, f"</{last}>{POINTS_BETWEEN}<X>".encode()),
        ),
        is_marked=bool(third),
    )
