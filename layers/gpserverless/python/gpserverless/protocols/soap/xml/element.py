"""Elements of a request, as far as this protocol reads them: local names, and types by their local names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(slots=True)
class Points:
    """The points of one `PointArray` in columns: a vertex has no element.

    Attributes:
        x: Texts of the first ordinates.
        y: Texts of the second ordinates.
        z: Texts of the heights, None for a point without one.
        m: Texts of the measures, None for a point without one.
    """

    x: list[str] = field(default_factory=list)
    y: list[str] = field(default_factory=list)
    z: list[str | None] = field(default_factory=list)
    m: list[str | None] = field(default_factory=list)


class PointCell(NamedTuple):
    """A `PointN` that is the value of a record.

    Attributes:
        x: Text of the first ordinate.
        y: Text of the second ordinate.
        z: Text of the height, None without one.
        m: Text of the measure, None without one.
        reference: Its own spatial reference, None without one.
    """

    x: str
    y: str
    z: str | None
    m: str | None
    reference: Element | None


@dataclass(slots=True)
class Element:
    """One element.

    Attributes:
        name: Its local name.
        namespace: Its namespace, "" for none.
        type_name: Local part of its `xsi:type`, "" without one.
        is_nil: Whether it says that it has no value.
        text: Its text without that of its children.
        children: The elements in it. Those of a `PointArray` or
            `ControlPointArray` are in `points`; of the points' spatial references each that differs is left.
        points: The points of a `PointArray`, None for every other element.
        records: The values of a `Records`, record by record, None for every other element.
        must_understand: Whether it is a SOAP header that a server must understand or refuse.
    """

    name: str
    namespace: str = ""
    type_name: str = ""
    is_nil: bool = False
    text: str = ""
    children: list[Element] = field(default_factory=list)
    points: Points | None = None
    records: list[list[Cell]] | None = None
    must_understand: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it holds neither text nor elements, as the value of a client that has none to send."""
        return self.is_nil or not (self.text or self.children or self.points or self.records)

    def find(self, name: str) -> Element | None:
        """Return the first child of a local name, or None.

        Args:
            name: The local name.
        """
        return next(self.find_all(name), None)

    def find_all(self, name: str) -> Iterator[Element]:
        """Yield the children of a local name.

        Args:
            name: The local name.
        """
        return (child for child in self.children if child.name == name)

    def read_text(self, name: str) -> str | None:
        """Return the text of a child as it was sent; None without the child, or if it is nil.

        Args:
            name: The local name of the child.
        """
        child = self.find(name)
        return None if child is None or child.is_nil else child.text


Cell = str | None | PointCell | Element
"""A value of a record: its text, None if it is nil, a point, or an element with elements in it."""
