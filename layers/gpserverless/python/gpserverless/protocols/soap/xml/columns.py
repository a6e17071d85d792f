"""What the builder of a tree and the builders of columns know of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from gpserverless.protocols.soap.xml.element import Element

ORDINATES = frozenset({"X", "Y", "Z", "M"})
"""Names of the ordinates of a point."""

Start = Callable[[str, dict[str, str]], Any]
Text = Callable[[str], Any]


class Tree(Protocol):
    """The builder of the elements around an array, and of the elements in it that are no columns."""

    def hear(self, start: Start, end: Text, text: Text) -> None:
        """Send the events of the parser to other handlers.

        Args:
            start: Takes the name and the attributes of an element that starts.
            end: Takes the name of an element that ends.
            text: Takes text.
        """

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

    def end_columns(self) -> None:
        """Go on behind the array."""


class Columns(Protocol):
    """The builder of an array that has no element for each of its members."""

    array: Element

    def resume(self) -> None:
        """Go on behind an element that the tree has built."""
