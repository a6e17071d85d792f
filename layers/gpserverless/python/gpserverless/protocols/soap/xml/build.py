"""Elements built from the events of expat, without one for each vertex."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.attributes import find_scope, read_attributes
from gpserverless.protocols.soap.xml.element import Element, Points
from gpserverless.protocols.soap.xml.point_array import PointArrayBuilder

MAX_DEPTH = 200
"""Most levels of elements inside each other; a feature set has about 15."""

MAX_ELEMENTS = 1_000_000
"""Most elements of one message, beside vertices."""

_POINT_ARRAYS = frozenset({"PointArray", "ControlPointArray"})
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
        self._names: dict[str, tuple[str, str]] = {}
        self._left = MAX_ELEMENTS
        self._points: PointArrayBuilder | None = None
        self.listen()

    def listen(self) -> None:
        """Take the events of the parser."""
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._texts.append

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._texts:
            self._drop_space()
        self._left -= 1
        if self._left < 0:
            raise TooLarge(f"The request has more than {MAX_ELEMENTS:,} elements.")
        scope = self._scopes[-1]
        if attributes:
            scope = find_scope(scope, attributes)
        prefix, local = self._names.get(name) or self._split(name)
        try:
            element = Element(local, scope[prefix])
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
        if len(opened) >= MAX_DEPTH:
            raise RequestError(f"The request has elements on more than {MAX_DEPTH} levels.")
        opened.append(element)
        if element.name in _POINT_ARRAYS and self._points is None:
            element.points = Points()
            self._points = PointArrayBuilder(self._parser, element, self)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        self._scopes.pop()
        if self._texts:
            if element.children:
                self._drop_space()
            else:
                element.text = "".join(self._texts)
                self._texts.clear()
        if self._points is not None and self._open[-1] is self._points.array:
            self._points.resume()

    def end_points(self) -> None:
        """Go on behind a `PointArray`."""
        self._points = None
        self._open.pop()
        self._scopes.pop()
        self.listen()

    def start_in_point(self, name: str, attributes: dict[str, str]) -> None:
        """Build an element of a point that is no ordinate.

        Args:
            name: Its name with its prefix.
            attributes: Its attributes.
        """
        self.listen()
        self._start(name, attributes)

    def _drop_space(self) -> None:
        """Drop the white space between elements."""
        if not all(map(str.isspace, self._texts)):
            raise RequestError("The request has text between elements.")
        self._texts.clear()

    def _split(self, name: str) -> tuple[str, str]:
        prefix, _, local = name.rpartition(":")
        self._names[name] = (prefix, local)
        return prefix, local
