"""Files put into the answer, for clients that want them there instead of their URLs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from gpserverless.protocols.soap.schema.node import Node

ReadFile = Callable[[str], bytes | None]
"""Takes the URL of a file, and returns its bytes; None for one that stays where it is."""

MAX_EMBEDDED = 2_000_000
"""Bytes of a file that is put into an answer; a larger one stays a URL."""

_DATA = "GDSData"


def find_file_name(url: str, files_url: str) -> str:
    """Return the name of a file of a folder, "" for one that lies elsewhere.

    Args:
        url: URL of the file.
        files_url: URL of the folder, with a trailing slash.
    """
    return unquote(url.removeprefix(files_url)) if url.startswith(files_url) else ""


def embed_files(node: Node, read_file: ReadFile) -> Node:
    """Return a value with its files in it.

    Args:
        node: A value; a list holds several files.
        read_file: Returns the bytes of a file of this site, None for one that is too large or elsewhere.
    """
    if node.type_name == _DATA:
        return _embed_file(node, read_file)
    return Node(node.type_name, {name: _embed_in(member, read_file) for name, member in node.members.items()})


def _embed_in(member: Any, read_file: ReadFile) -> Any:
    if isinstance(member, list):
        return [_embed_in(item, read_file) for item in member]
    return embed_files(member, read_file) if isinstance(member, Node) else member


def _embed_file(node: Node, read_file: ReadFile) -> Node:
    url = node.members.get("URL")
    content = None if url is None else read_file(url)
    if content is None:
        return node
    transport = {"TransportType": "esriGDSTransportTypeEmbedded", "EmbeddedData": content}
    return Node(_DATA, {"Compressed": False, **transport})
