"""Files inside an answer, for clients that want no URLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.values.files import FILE_TYPES

MAX_EMBEDDED = 2_000_000
"""Bytes of a file that is sent inside an answer; a larger one stays a URL."""

ReadFile = Callable[[str], tuple[int, Callable[[], bytes]] | None]
"""Takes the name of a file of the run; returns its size and what reads it, or None for no such file."""


def embed_files(node: Node, read_file: ReadFile) -> Node:
    """Return a value with its small files in it.

    Args:
        node: A value.
        read_file: Finds files of the run by name.
    """
    if node.type_name == "GPMultiValue":
        values = node.members.get("Values")
        if not isinstance(values, Node):
            return node
        members = [embed_files(member, read_file) for member in values.members["GPValue"]]
        return _with(node, "Values", _with(values, "GPValue", members))
    data = node.members.get("Data") if node.type_name in FILE_TYPES else None
    url = data.members.get("URL") if isinstance(data, Node) else None
    if not isinstance(data, Node) or not url:
        return node
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    found = read_file(name)
    if found is None or found[0] > MAX_EMBEDDED:
        return node
    content = {
        "Compressed": False,
        "TransportType": "esriGDSTransportTypeEmbedded",
        "EmbeddedData": found[1](),
    }
    named: Mapping[str, str] = {"DatasetName": name} if node.type_name == "GPDataFile" else {}
    return replace(node, members={**node.members, **named, "Data": Node("GDSData", content)})


def _with(node: Node, name: str, value: object) -> Node:
    return replace(node, members={**node.members, name: value})
