"""Outputs in the object store: bodies, their gzip twins, files, and links to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from gpserverless.outputs.compression import GZIP, gzip_bytes, gzip_file
from gpserverless.outputs.limits import INLINE_BYTES
from gpserverless.outputs.object_store import ObjectStore

if TYPE_CHECKING:  # it loads what threads need
    from gpserverless.cancellation import CheckCancelled
    from gpserverless.toolkit.call import OutputLayer

JSON_TYPE = "application/json"
"""Media type of outputs."""

FILE_TYPE = "application/octet-stream"
"""Media type of the files of outputs: no browser runs it."""


@dataclass(frozen=True)
class Inline:
    """Bytes that are small enough for an answer."""

    body: bytes


@dataclass(frozen=True)
class Link:
    """A URL from which the bytes can be fetched for a while."""

    url: str


def gzipped_key(key: str) -> str:
    """Return the key of the gzip twin of an object.

    Args:
        key: Key of the object that is not compressed.
    """
    return f"{key}.gz"


def store_output(objects: ObjectStore, key: str, body: bytes | Path, check_cancelled: CheckCancelled) -> int:
    """Write an output, and a gzip twin if it will be fetched by a link: that saves egress.

    Args:
        objects: The store.
        key: Key of the output.
        body: JSON bytes, or a file of them.
        check_cancelled: Called during long writes; its exception ends them.

    Returns:
        Bytes of the twin, 0 if there is none.
    """
    _put(objects, key, body, check_cancelled)
    size = len(body) if isinstance(body, bytes) else body.stat().st_size
    if size <= INLINE_BYTES:
        return 0
    twin = gzip_bytes(body) if isinstance(body, bytes) else gzip_file(body, check_cancelled)
    _put(objects, gzipped_key(key), twin, check_cancelled, GZIP)
    return len(twin) if isinstance(twin, bytes) else twin.stat().st_size


def _put(
    objects: ObjectStore, key: str, body: bytes | Path, check_cancelled: CheckCancelled, encoding: str = ""
) -> None:
    if isinstance(body, bytes):
        objects.put(key, body, JSON_TYPE, encoding)
    else:
        objects.put_file(key, body, JSON_TYPE, check_cancelled, encoding)


def store_file(objects: ObjectStore, key: str, path: Path, check_cancelled: CheckCancelled) -> int:
    """Write a file that an output refers to, and return its size in bytes.

    Args:
        objects: The store.
        key: Key of the file.
        path: The file.
        check_cancelled: Called between parts; its exception ends the upload.
    """
    objects.put_file(key, path, FILE_TYPE, check_cancelled)
    return path.stat().st_size


LAYER_TYPE = "application/vnd.sqlite3"
"""Media type of layer files."""


def store_layer(
    objects: ObjectStore, layer: OutputLayer, key: str, manifest_key: str, check_cancelled: CheckCancelled
) -> None:
    """Write a layer file, and its manifest beside it.

    Args:
        objects: The store.
        layer: The layer.
        key: Key of the file.
        manifest_key: Key of the manifest.
        check_cancelled: Called between parts; its exception ends the upload.
    """
    objects.put_file(key, layer.path, LAYER_TYPE, check_cancelled)
    objects.put(manifest_key, orjson.dumps(layer.manifest.to_document()), JSON_TYPE)


def inline_or_link(objects: ObjectStore, key: str, size: int, twin: bool, seconds: int) -> Inline | Link:
    """Return a stored output, or a link to it if it is too large for an answer.

    Args:
        objects: The store.
        key: Key of the output.
        size: Bytes of the output.
        twin: Whether the link leads to the gzip twin.
        seconds: Lifetime of the link.

    Raises:
        NotFound: The object is gone.
        StorageError: The store cannot be reached.
    """
    if size <= INLINE_BYTES:
        return Inline(objects.get(key))
    stored, filename = gzipped_key(key) if twin else key, key.rpartition("/")[2]
    return Link(objects.presign_url(stored, seconds, JSON_TYPE, filename))


def link_to_file(objects: ObjectStore, key: str, filename: str, seconds: int) -> Link:
    """Return a link under which a browser saves a stored file.

    Args:
        objects: The store.
        key: Key of the file.
        filename: Name under which it is saved.
        seconds: Lifetime of the link.
    """
    return Link(objects.presign_url(key, seconds, FILE_TYPE, filename))
