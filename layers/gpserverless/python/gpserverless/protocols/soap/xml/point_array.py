"""Points of a `PointArray`, collected in columns from the events of expat."""

from __future__ import annotations

from typing import Protocol
from xml.parsers import expat

from gpserverless.protocols.soap.xml.element import Element, Points

_ORDINATES = frozenset({"X", "Y", "Z", "M"})
_REFERENCE = "SpatialReference"


class _Tree(Protocol):
    """The builder of the elements around the array."""

    def end_points(self) -> None: ...
    def start_in_point(self, name: str, attributes: dict[str, str]) -> None: ...


class PointArrayBuilder:
    """Collects the points of one array.

    An ordinate that is missing or there twice becomes "", which is no number. Spatial references of points
    become children of the array, as many as differ from the one before.

    Args:
        parser: The parser, behind the start of the array.
        array: The element of the array; it has `points`.
        tree: Builds elements that are no ordinates, and goes on behind the array.
    """

    def __init__(self, parser: expat.XMLParserType, array: Element, tree: _Tree) -> None:
        self.array = array
        self._parser = parser
        self._tree = tree
        self._points = array.points or Points()
        self._texts: list[str] = []
        self._point: dict[str, str] = {}
        self._locals: dict[str, str] = {}
        self._depth = 0
        self._listen()

    def _listen(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._texts.append

    def resume(self) -> None:
        """Go on behind an element that the tree has built."""
        references = self.array.children
        if len(references) > 1 and references[-1] == references[-2]:
            references.pop()
        self._depth -= 1
        self._listen()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._texts.clear()
        self._depth += 1
        if self._depth == 2 and name.endswith(_REFERENCE):
            self._tree.start_in_point(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            self._end_member(self._locals.get(name) or self._split(name))
        elif self._depth == 0:
            self._end_point()
        elif self._depth < 0:
            self._tree.end_points()

    def _end_member(self, local: str) -> None:
        if local in _ORDINATES:
            self._point[local] = "" if local in self._point else "".join(self._texts)
        self._texts.clear()

    def _end_point(self) -> None:
        point, points = self._point, self._points
        points.x.append(point.get("X", ""))
        points.y.append(point.get("Y", ""))
        points.z.append(point.get("Z"))
        points.m.append(point.get("M"))
        point.clear()

    def _split(self, name: str) -> str:
        local = name.rpartition(":")[2]
        self._locals[name] = local
        return local
