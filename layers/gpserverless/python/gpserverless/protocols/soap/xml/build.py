"""Elements built from the events of expat, without one for each vertex or value of a record."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.attributes import find_scope, read_attributes
from gpserverless.protocols.soap.xml.columns import Columns, LocalNames, Start, Text, check_depth
from gpserverless.protocols.soap.xml.element import Element, Points
from gpserverless.protocols.soap.xml.point_array import PointArrayBuilder
from gpserverless.protocols.soap.xml.record_array import RecordArrayBuilder

MAX_ELEMENTS = 1_000_000
"""Most elements of one message, beside vertices."""

_POINT_ARRAYS = frozenset({"PointArray", "ControlPointArray"})
_RECORD_ARRAY = "Records"
_ELEMENTS_OF_COLUMNS = 3  # as much memory as they, and the element of the array, have empty columns
_XML = {"xml": "http://www.w3.org/XML/1998/namespace", "": ""}


class ElementBuilder:
    """Builds the tree of elements.

    Args:
        parser: An expat parser without namespaces; its handlers are set.
    """

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.root: Element | None = None
        self._parser = parser
        self._open: list[Element] = []
        self._scopes: list[Mapping[str, str]] = [_XML]
        self._texts: list[str] = []
        self._locals = LocalNames()
        self._left = MAX_ELEMENTS
        self._columns: list[Columns] = []
        self._listen()

    def hear(self, start: Start, end: Text, text: Text) -> None:
        """Send the events of the parser to handlers.

        Args:
            start: Takes the name and the attributes of an element that starts.
            end: Takes the name of an element that ends.
            text: Takes text.
        """
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = text

    def _listen(self) -> None:
        self.hear(self._start, self._end, self._texts.append)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._begin(name, attributes, self._scopes[-1])

    def _begin(self, name: str, attributes: dict[str, str], scope: Mapping[str, str]) -> None:
        if self._texts:
            self._drop_space()
        self._left -= 1
        if self._left < 0:
            raise TooLarge(f"The request has more than {MAX_ELEMENTS:,} elements.")
        if attributes:
            scope = find_scope(scope, attributes)
        local = self._locals[name]
        try:
            element = Element(local, scope[name[: -len(local) - 1]])
        except KeyError:
            raise RequestError("The request has an element whose prefix is not declared.") from None
        if attributes:
            read_attributes(element, attributes, scope)
        self._scopes.append(scope)
        self._place(element)

    def _place(self, element: Element) -> None:
        opened = self._open
        if opened:
            opened[-1].children.append(element)
        else:
            self.root = element
        opened.append(element)
        check_depth(len(opened))
        if element.name in _POINT_ARRAYS:
            self._left -= _ELEMENTS_OF_COLUMNS
            element.points = Points()
            self._columns.append(PointArrayBuilder(element, self._scopes[-1], self))
        elif element.name == _RECORD_ARRAY:
            element.records = []
            self._columns.append(RecordArrayBuilder(element, self._scopes[-1], self))

    def _end(self, _: str) -> None:
        element = self._open.pop()
        self._scopes.pop()
        if self._texts:
            if element.children:
                self._drop_space()
            else:
                element.text = "".join(self._texts)
                self._texts.clear()
        if self._columns and self._open[-1] is self._columns[-1].array:
            self._columns[-1].resume()

    def start_in_columns(
        self, name: str, attributes: dict[str, str], scope: Mapping[str, str], cell: Element | None = None
    ) -> None:
        """Build an element in an array, and then let the array's builder resume.

        Args:
            name: Its name with its prefix.
            attributes: Its attributes.
            scope: Namespaces of the prefixes around it.
            cell: The element in the array that holds it, if not the array does: it is built to its end.
        """
        self._listen()
        if cell is not None:
            self._scopes.append(scope)
            self._place(cell)
        self._begin(name, attributes, scope)

    def end_columns(self) -> None:
        """Go on behind an array, whose end was the last event."""
        self._columns.pop()
        self._listen()
        self._end("")

    def _drop_space(self) -> None:
        """Drop the white space between elements."""
        if not all(map(str.isspace, self._texts)):
            raise RequestError("The request has text between elements.")
        self._texts.clear()
