"""The object store in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from gpserverless.errors import NotFound
from gpserverless.uploads.ports import StoredObject

HOST = "https://objects.test/"
"""How the signed URLs of this store begin."""


class InMemoryObjectStore:
    """Objects in a dictionary; none is ever overwritten.

    Attributes:
        bodies: Bytes by key.
    """

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        """Write an object unless it is there."""
        self.bodies.setdefault(key, body)

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        """Write a file as an object unless it is there."""
        check_cancelled()
        self.put(key, path.read_bytes(), content_type, encoding)

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Raises:
            NotFound: There is no such object.
        """
        if key not in self.bodies:
            raise NotFound("The object is not there any more.")
        return self.bodies[key]

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Return some of an object's bytes.

        Raises:
            NotFound: There is no such object.
        """
        return self.get(key)[start : start + length]

    def stat(self, key: str) -> StoredObject:
        """Return key, size and tag of an object.

        Raises:
            NotFound: There is no such object.
        """
        return StoredObject(key, len(self.get(key)), "")

    def save(self, stored: StoredObject, path: Path, check_cancelled: Callable[[], None]) -> None:
        """Write an object into a file.

        Raises:
            NotFound: There is no such object.
        """
        check_cancelled()
        path.write_bytes(self.get(stored.key))

    def erase(self, prefix: str) -> None:
        """Remove all objects whose keys begin with `prefix`."""
        self.bodies = {key: body for key, body in self.bodies.items() if not key.startswith(prefix)}

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str) -> str:
        """Return a URL that names the object; see `key_in`."""
        query = urlencode({"seconds": seconds, "type": content_type, "name": filename})
        return f"{HOST}{quote(key)}?{query}"


def key_in(url: str) -> str | None:
    """Return the key of the object that a signed URL names, or None of any other URL.

    Args:
        url: Any URL.
    """
    return unquote(url.removeprefix(HOST).partition("?")[0]) if url.startswith(HOST) else None
