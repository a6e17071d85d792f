"""Cells of records, collected in rows from the events of expat."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.attributes import find_scope, read_attributes
from gpserverless.protocols.soap.xml.columns import ORDINATES, LocalNames, Tree, check_depth
from gpserverless.protocols.soap.xml.element import Cell, Element, PointCell

MAX_RECORDS = 1_000_000
"""Most records of one set."""

_LEVELS = {1: "Record", 2: "Values", 3: "Value"}
_CELL = 3
_BARE = ("", False)
_MOST_HINTS = 1_000


class RecordArrayBuilder:
    """Collects the cells of one `Records`.

    A point is a `PointCell`; the tree builds every other cell that has elements.

    Args:
        array: The element of the records; it has `records`.
        scope: Namespaces of the prefixes in it.
        tree: Builds elements, and goes on behind the records.
    """

    def __init__(self, array: Element, scope: Mapping[str, str], tree: Tree) -> None:
        self.array = array
        self._tree = tree
        self._rows = array.records if array.records is not None else []
        self._row: list[Cell] = []
        self._texts: list[str] = []
        self._scopes = [scope] * (_CELL + 1)
        self._hints: dict[tuple[str, str], tuple[str, bool]] = {}
        self._locals = LocalNames()
        self._cell = _BARE
        self._point: dict[str, str] = {}
        self._reference: Element | None = None
        self._last_reference: Element | None = None
        self._is_built = False
        self._depth = 0
        self.listen()

    def listen(self) -> None:
        """Take the events of the parser."""
        self._tree.hear(self._start, self._end, self._texts.append)

    def resume(self) -> None:
        """Go on behind an element that the tree has built: a cell, or the spatial reference of a point."""
        built = self.array.children.pop()
        self._depth -= 1
        if self._depth == _CELL:
            self._last_reference = built if built != self._last_reference else self._last_reference
            self._reference = self._last_reference
        else:
            self._row.append(built)
        self.listen()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth = self._depth = self._depth + 1
        if depth > _CELL:
            self._start_member(name, attributes)
            return
        if self._locals[name] != _LEVELS[depth]:
            raise RequestError("The request has Records that are not Record, Values and Value.")
        if attributes:
            self._read_attributes(depth, attributes)
        else:
            self._scopes[depth] = self._scopes[depth - 1]
            self._cell = _BARE
        if self._texts:
            self._texts.clear()

    def _start_member(self, name: str, attributes: dict[str, str]) -> None:
        check_depth(self._depth)
        local = self._locals[name]
        is_point = self._cell[0] == "PointN" or (not self._cell[0] and local in ORDINATES)
        if is_point and self._depth == _CELL + 1:
            if local == "SpatialReference":
                self._tree.start_in_columns(name, attributes, self._scopes[_CELL])
        elif self._depth == _CELL + 1 and not self._point:
            cell = Element("Value", type_name=self._cell[0], is_nil=self._cell[1])
            self._depth -= 1
            self._tree.start_in_columns(name, attributes, self._scopes[_CELL], cell)
        self._texts.clear()

    def _end(self, name: str) -> None:
        depth = self._depth = self._depth - 1
        if depth == _CELL:
            local = self._locals[name]
            if local in ORDINATES:
                self._point[local] = "" if local in self._point else "".join(self._texts)
        elif depth == _CELL - 1:
            kind, is_nil = self._cell
            if self._point or kind == "PointN":
                self._row.append(self._end_point(is_nil))
            else:
                self._row.append(None if is_nil else "".join(self._texts))
        elif depth == 0:
            self._end_record()
        elif depth < 0:
            self._tree.end_columns()
            return
        if self._texts:
            self._texts.clear()

    def _end_point(self, is_nil: bool) -> Cell:
        point, reference = self._point, self._reference
        self._point, self._reference = {}, None
        if is_nil or not point:
            return None
        return PointCell(point.get("X", ""), point.get("Y", ""), point.get("Z"), point.get("M"), reference)

    def _end_record(self) -> None:
        self._rows.append(self._row)
        self._row = []
        if len(self._rows) > MAX_RECORDS:
            raise TooLarge(f"The request has more than {MAX_RECORDS:,} records in one set.")

    def _read_attributes(self, depth: int, attributes: Mapping[str, str]) -> None:
        """Take the scope of an element, the type of a cell, and whether it is nil."""
        scopes = self._scopes
        around = scopes[depth - 1]
        is_usual = len(attributes) == 1 and around is scopes[0]
        key = next(iter(attributes.items()))
        if is_usual and key in self._hints:
            scopes[depth], self._cell = around, self._hints[key]
            return
        scopes[depth] = find_scope(around, attributes)
        element = Element("Value")
        read_attributes(element, attributes, scopes[depth])
        self._cell = (element.type_name, element.is_nil)
        if is_usual and scopes[depth] is around and len(self._hints) < _MOST_HINTS:
            self._hints[key] = self._cell
