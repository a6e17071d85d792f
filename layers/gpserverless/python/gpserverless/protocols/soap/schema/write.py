"""Nodes written as XML, in the order and with the types of the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from gpserverless.protocols.soap.schema.node import Fragment, Node, Piece
from gpserverless.protocols.soap.schema.table import Child, Operation
from gpserverless.protocols.soap.schema.text import write_simple
from gpserverless.protocols.soap.schema.types import extends, find_type, is_simple, list_children, list_words

NIL = ' xsi:nil="true"'


def write_response(operation: Operation, members: Mapping[str, Any]) -> list[Piece]:
    """Return the response of an operation in pieces; the envelope around it declares tns, xsi and xsd.

    Pieces are UTF-8, and are joined once: some answers have many megabytes.

    Args:
        operation: The operation.
        members: The elements of its response by name, as those of a node.

    Raises:
        ValueError: They are not those of the schema.
    """
    name = f"tns:{operation.name}Response"
    content = list(_write_children(name, operation.response, members))
    return _enclose(name, "", content)


def write_node(name: str, node: Node) -> str:
    """Write a value as an element; the envelope around it declares the prefixes tns, xsi and xsd.

    Args:
        name: Name of the element.
        node: The value; a list of items stands for a node of the type that is an array of them.

    Raises:
        ValueError: The schema has no such value.
    """
    return b"".join(_write_node(name, node)).decode()


def _write_node(name: str, node: Node) -> list[Piece]:
    if find_type(node.type_name).is_abstract:
        raise ValueError(f"the type {node.type_name} is abstract")
    content = list(_write_children(node.type_name, list_children(node.type_name), node.members))
    return _enclose(name, f' xsi:type="tns:{node.type_name}"', content)


def _enclose(name: str, attributes: str, content: list[Piece]) -> list[Piece]:
    if not any(content):
        return [f"<{name}{attributes}/>".encode()]
    return [f"<{name}{attributes}>".encode(), *content, f"</{name}>".encode()]


def _write_children(owner: str, children: Sequence[Child], members: Mapping[str, Any]) -> Iterator[Piece]:
    unknown = members.keys() - {child.name for child in children}
    if unknown:
        raise ValueError(f"{owner} has no element {', '.join(sorted(unknown))}")
    for child in children:
        yield from _write_child(owner, child, members.get(child.name))


def _write_child(owner: str, child: Child, value: Any) -> Iterator[Piece]:
    if value is None:
        if not (child.is_optional or child.is_many):
            raise ValueError(f"{owner} has no {child.name}")
    elif not child.is_many:
        yield from _write_value(owner, child, value)
    elif isinstance(value, Fragment):
        yield from chain.from_iterable(value.elements)
    else:
        for item in value:
            yield from _write_value(owner, child, item)


def _write_value(owner: str, child: Child, value: Any) -> list[Piece]:
    if value is None:
        if child.is_nillable:
            return _enclose(child.name, NIL, [])
        raise ValueError(f"{child.name} of {owner} cannot be nil")
    if child.type_name == "anyType":
        return _write_any(child.name, value)
    if is_simple(child.type_name):
        return _enclose(child.name, "", [_write_word(owner, child, value).encode()])
    node = _make_node(child.type_name, value)
    if not extends(node.type_name, child.type_name):
        raise ValueError(f"{child.name} of {owner} is a {child.type_name}, not a {node.type_name}")
    return _write_node(child.name, node)


def _write_word(owner: str, child: Child, value: Any) -> str:
    words = list_words(child.type_name)
    if words and value not in words:
        raise ValueError(f"{value!r} is no {child.type_name} of {owner}")
    return write_simple(value)


def _make_node(type_name: str, value: Any) -> Node:
    """Return a value as a node: items, or a fragment of them, are those of an array."""
    if isinstance(value, Node):
        return value
    children = list_children(type_name)
    is_array = len(children) == 1 and children[0].is_many
    if not is_array or not isinstance(value, list | tuple | Fragment):
        raise ValueError(f"a value of {type(value).__name__} is no {type_name}")
    return Node(type_name, {children[0].name: value})


def _write_any(name: str, value: Any) -> list[Piece]:
    if isinstance(value, Node):
        return _write_node(name, value)
    return _enclose(name, f' xsi:type="xsd:{_name_type(value)}"', [write_simple(value).encode()])


def _name_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if -(2**31) <= value < 2**31 else "long"
    return "double" if isinstance(value, float) else "base64Binary" if isinstance(value, bytes) else "string"
