"""Values of complex types that are to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Piece = bytes | memoryview
"""Bytes of an answer."""


@dataclass(frozen=True)
class Fragment:
    """Content of an element that is XML already: many records, written in columns.

    Attributes:
        elements: The XML of each element in pieces of UTF-8, which are joined once, when the answer is whole.
    """

    elements: Sequence[Sequence[Piece]]


@dataclass(frozen=True)
class Node:
    """A value of a complex type.

    Attributes:
        type_name: Name of the type, without prefix: "GPLinearUnit".
        members: Its children by name: text, number, boolean, node, list of these, or fragment. One that is
            None or missing is not written.
    """

    type_name: str
    members: Mapping[str, Any] = field(default_factory=dict)
