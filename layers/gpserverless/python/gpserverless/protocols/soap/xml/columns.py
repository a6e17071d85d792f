"""What the builder of a tree and the builders of columns know of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.element import Element

ORDINATES = frozenset({"X", "Y", "Z", "M"})
"""Names of the ordinates of a point."""

MAX_DEPTH = 200
"""Most levels of elements inside each other; a feature set has about 15."""

MAX_NAMES = 10_000
"""Most different names of elements in one array, or around the arrays; the protocol has about 200."""

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


def check_depth(depth: int) -> None:
    """Raise if there are too many levels of elements.

    Args:
        depth: The number of levels.

    Raises:
        RequestError: There are.
    """
    if depth > MAX_DEPTH:
        raise RequestError(f"The request has elements on more than {MAX_DEPTH} levels.")


class LocalNames(dict[str, str]):
    """Local names of elements, by their names with prefixes."""

    def __missing__(self, name: str) -> str:
        if len(self) >= MAX_NAMES:
            raise TooLarge(f"The request has elements of more than {MAX_NAMES:,} names.")
        local = self[name] = name.rpartition(":")[2]
        return local
