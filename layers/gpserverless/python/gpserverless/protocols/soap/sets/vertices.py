"""Vertices of parts from SOAP: columns of texts become lists of ordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.members import find_member, read_member
from gpserverless.protocols.soap.sets.numbers import is_missing, read_numbers, read_optional_numbers
from gpserverless.protocols.soap.sets.segments import read_segments
from gpserverless.protocols.soap.xml.element import Element, Points


@dataclass(frozen=True)
class Ordinates:
    """The ordinates that vertices have beside x and y.

    Attributes:
        z: Whether there are heights.
        m: Whether there are measures.
    """

    z: bool = False
    m: bool = False

    def __or__(self, other: Ordinates) -> Ordinates:
        return Ordinates(self.z or other.z, self.m or other.m)


def find_ordinates(parts: list[Element]) -> Ordinates:
    """Return the ordinates that any vertex has.

    Args:
        parts: Multipoints, paths or rings.
    """
    found = Ordinates()
    for part in parts:
        for array in part.find_all("PointArray"):
            if array.points is not None:
                found |= Ordinates(_has_any(array.points.z), _has_any(array.points.m))
        for segment in (s for array in part.find_all("SegmentArray") for s in array.children):
            for point in segment.find_all("FromPoint"):
                texts = (read_member(point, name) for name in ("Z", "M"))
                found |= Ordinates(*(not is_missing(text) for text in texts))
    return found


def read_part(part: Element, ordinates: Ordinates) -> list[Any]:
    """Return the vertices of a path or ring, and its curves as Esri JSON; the points of a multipoint.

    Args:
        part: It has a `PointArray` or a `SegmentArray`.
        ordinates: Those that each vertex gets; None stands for one that it has not.

    Raises:
        InvalidValue: An ordinate is no number, or a segment is malformed.
    """
    array, segments = find_member(part, "PointArray"), find_member(part, "SegmentArray")
    points = (array.points if array is not None else None) or Points()
    if segments is None or not segments.children:
        return read_vertices(points, ordinates)
    if points.x:
        raise InvalidValue("a part has points and segments", "one of the two")
    return read_segments(segments.children, z=ordinates.z, m=ordinates.m)


def read_vertices(points: Points, ordinates: Ordinates) -> list[tuple[float | None, ...]]:
    """Return points as [x, y], and z and m if they have them.

    Args:
        points: Texts in columns.
        ordinates: Those that each vertex gets.

    Raises:
        InvalidValue: An ordinate is no number.
    """
    columns: list[Any] = [
        read_numbers(points.x, "the X of a vertex"),
        read_numbers(points.y, "the Y of a vertex"),
    ]
    if ordinates.z:
        columns.append(read_optional_numbers(points.z, "the Z of a vertex"))
    if ordinates.m:
        columns.append(read_optional_numbers(points.m, "the M of a vertex"))
    return list(zip(*columns, strict=True))


def _has_any(texts: list[str | None]) -> bool:
    return texts.count(None) < len(texts) and not all(map(is_missing, texts))
