"""The object store that uploads need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class StoredObject:
    """An object in the store.

    Attributes:
        key: Its key.
        size: Its bytes.
        etag: Its entity tag, which differs for other bytes under the same key.
    """

    key: str
    size: int
    etag: str


class UploadStore(Protocol):
    """The objects of uploads. Every method raises `StorageError` when the store cannot be reached."""

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object unless there is one.

        Args:
            key: Key of the object.
            body: The bytes.
            content_type: Media type.
        """

    def replace(self, key: str, body: bytes, unfinished: bool = False) -> StoredObject:
        """Write an object, in place of one that is there.

        Args:
            key: Key of the object.
            body: The bytes.
            unfinished: Whether the store removes it after a day.
        """

    def keep(self, key: str) -> None:
        """Keep an object that was written as an unfinished one.

        Args:
            key: Key of the object.
        """

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Args:
            key: Key of the object.

        Raises:
            NotFound: There is no such object.
        """

    def stat(self, key: str) -> StoredObject:
        """Return key, size and tag of an object.

        Args:
            key: Key of the object.

        Raises:
            NotFound: There is no such object.
        """

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with a prefix, in the order of their keys.

        Args:
            prefix: Beginning of the keys.
        """

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects. A missing one is no error.

        Args:
            keys: Keys of the objects.
        """

    def compose(
        self, key: str, parts: Sequence[StoredObject], observe: Callable[[bytes], None] | None
    ) -> StoredObject:
        """Write an object that consists of others, one after the other.

        Args:
            key: Key of the new object.
            parts: Objects in the order of their bytes.
            observe: Called with all bytes, block by block and in order; None if nobody needs them.
        """

    def find_md5(self, stored: StoredObject) -> str:
        """Return the MD5 of an object in hexadecimal digits; "" if the store has not computed it.

        Args:
            stored: The object, as `stat` gives it.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """

    def read(self, stored: StoredObject) -> Iterator[bytes]:
        """Yield an object's bytes, block by block.

        Args:
            stored: The object, as `stat` gives it.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """

    def save(self, stored: StoredObject, path: Path, check_cancelled: Callable[[], None]) -> None:
        """Write an object into a file.

        Args:
            stored: The object, as `stat` gives it.
            path: Path of the file.
            check_cancelled: Called several times a second; it raises to end the transfer.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str) -> str:
        """Return a URL under which anybody can read the object for some seconds, and a browser saves it.

        Args:
            key: Key of the object.
            seconds: Lifetime of the URL.
            content_type: Media type.
            filename: File name under which a browser saves the object.
        """

    def presign_post(self, key: str, seconds: int, most_bytes: int) -> Mapping[str, Any]:
        """Return URL and form fields with which anybody can write one unfinished object for some seconds.

        Args:
            key: Key of the object.
            seconds: Lifetime of the permission.
            most_bytes: Bytes that the object may have.
        """
