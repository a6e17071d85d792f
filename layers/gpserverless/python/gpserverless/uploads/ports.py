"""What uploads need from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class StoredObject:
    """An object in the store: its key, bytes and tag."""

    key: str
    size: int
    etag: str


class UploadStore(Protocol):
    """The objects of uploads. Every method raises `StorageError` when the store cannot be reached."""

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object unless it is there."""

    def replace(self, key: str, body: bytes) -> StoredObject:
        """Write an object, in place of the one that is there."""

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Raises:
            NotFound: There is no such object.
        """

    def stat(self, key: str) -> StoredObject:
        """Return what is known of an object.

        Raises:
            NotFound: There is no such object.
        """

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin alike, in the order of their keys."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects; one that is not there is no mistake."""

    def compose(
        self, key: str, parts: Sequence[StoredObject], seen: Callable[[bytes], None] | None
    ) -> StoredObject:
        """Write an object that is made of others, one after the other.

        Args:
            key: Key of the new object.
            parts: What it is made of.
            seen: Takes all its bytes, block by block and in order, if anybody wants to see them.
        """

    def read(self, stored: StoredObject) -> Iterator[bytes]:
        """Yield an object's bytes, block by block.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """

    def save(self, stored: StoredObject, path: Path, check_cancelled: Callable[[], None]) -> None:
        """Write an object into a file.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str = "") -> str:
        """Return a URL under which anybody can read the object for some seconds."""

    def presign_post(self, key: str, seconds: int, most_bytes: int) -> Mapping[str, Any]:
        """Return URL and form fields with which anybody can write this one object for some seconds."""
