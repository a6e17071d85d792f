"""Points of a `PointArray`, collected in columns from the events of expat."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.protocols.soap.xml.columns import ORDINATES, LocalNames, Tree, check_depth
from gpserverless.protocols.soap.xml.element import Element, Points

_ORDINATE = 2


class PointArrayBuilder:
    """Collects the points of one array.

    An ordinate that is missing or there twice becomes "", which is no number. Spatial references of points
    become children of the array, as many as differ from the one before.

    Args:
        array: The element of the array; it has `points`.
        scope: Namespaces of the prefixes in it.
        tree: Builds elements that are no ordinates, and goes on behind the array.
    """

    def __init__(self, array: Element, scope: Mapping[str, str], tree: Tree) -> None:
        self.array = array
        self._scope = scope
        self._tree = tree
        self._points = array.points or Points()
        self._texts: list[str] = []
        self._point: dict[str, str] = {}
        self._locals = LocalNames()
        self._depth = 0
        self._listen()

    def _listen(self) -> None:
        self._tree.hear(self._start, self._end, self._texts.append)

    def resume(self) -> None:
        """Go on behind the spatial reference of a point."""
        references = self.array.children
        if len(references) > 1 and references[-1] == references[-2]:
            references.pop()
        self._depth -= 1
        self._listen()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._texts.clear()
        self._depth += 1
        if self._depth > _ORDINATE:
            check_depth(self._depth)
        if self._depth == _ORDINATE and self._locals[name] == "SpatialReference":
            self._tree.start_in_columns(name, attributes, self._scope)

    def _end(self, name: str) -> None:
        depth = self._depth = self._depth - 1
        if depth == _ORDINATE - 1:
            local = self._locals[name]
            if local in ORDINATES:
                self._point[local] = "" if local in self._point else "".join(self._texts)
            self._texts.clear()
        elif depth == 0:
            self._end_point()
        elif depth < 0:
            self._tree.end_columns()

    def _end_point(self) -> None:
        point, points = self._point, self._points
        points.x.append(point.get("X", ""))
        points.y.append(point.get("Y", ""))
        points.z.append(point.get("Z"))
        points.m.append(point.get("M"))
        point.clear()
