"""The parts of a schema: complex types, enumerations and operations, in the short notation of its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

BUILT_IN = frozenset(
    {"string", "int", "short", "double", "float", "boolean", "dateTime", "base64Binary", "anyType"}
)
"""Types of XML Schema; every other name is a type of the protocol."""

_CHILD = re.compile(r"(\w+)([?*]?) (\w+)(\|nil)?")


@dataclass(frozen=True)
class Child:
    """An element of a complex type.

    Attributes:
        name: Its name.
        type_name: Name of its type, of `BUILT_IN` or of the protocol.
        is_optional: Whether it may be missing.
        is_many: Whether there may be any number of it.
        is_nillable: Whether it may say that it has no value.
    """

    name: str
    type_name: str
    is_optional: bool = False
    is_many: bool = False
    is_nillable: bool = False


@dataclass(frozen=True)
class ComplexType:
    """A type with elements.

    Attributes:
        name: Its name.
        children: Its own elements in their order; those of its base stand before them.
        base: Name of the type that it extends, "" for none.
        is_abstract: Whether only types that extend it are written.
    """

    name: str
    children: tuple[Child, ...] = ()
    base: str = ""
    is_abstract: bool = False


@dataclass(frozen=True)
class Enumeration:
    """A type of texts.

    Attributes:
        name: Its name.
        words: The texts.
    """

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """An operation.

    Attributes:
        name: Its name, which is that of the request's element.
        request: The elements of the request in their order.
        response: The elements of the response in their order.
    """

    name: str
    request: tuple[Child, ...]
    response: tuple[Child, ...]


SchemaType = ComplexType | Enumeration


def define_type(name: str, children: str = "", *, base: str = "", is_abstract: bool = False) -> ComplexType:
    """Define a complex type.

    Args:
        name: Its name.
        children: "Name string, Extent? Envelope, Point* Point, Value? anyType|nil": a question mark for one
            that may be missing, a star for any number, and |nil for one that may be nil.
        base: Name of the type that it extends.
        is_abstract: Whether only types that extend it are written.
    """
    return ComplexType(name, define_children(children), base, is_abstract)


def define_enumeration(name: str, words: str, prefix: str = "") -> Enumeration:
    """Define an enumeration.

    Args:
        name: Its name.
        words: Its words, with spaces between them.
        prefix: The beginning of all words.
    """
    return Enumeration(name, tuple(prefix + word for word in words.split()))


def define_operation(name: str, request: str, response: str) -> Operation:
    """Define an operation.

    Args:
        name: Its name.
        request: Its elements, as for `define_type`.
        response: Its elements, as for `define_type`.
    """
    return Operation(name, define_children(request), define_children(response))


def define_children(children: str) -> tuple[Child, ...]:
    """Define elements.

    Args:
        children: As for `define_type`.

    Raises:
        ValueError: It is not written so.
    """
    return tuple(_define_child(text) for text in children.split(", ") if text)


def _define_child(text: str) -> Child:
    found = _CHILD.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no element")
    name, count, type_name, nil = found.groups()
    return Child(name, type_name, count == "?", count == "*", nil is not None)
