"""The store that outputs need: objects by key, and signed links to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # it loads what threads need
    from gpserverless.cancellation import CheckCancelled


class ObjectReader(Protocol):
    """Reads objects of an `ObjectStore`, or raises `StorageError` when the store cannot be reached."""

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Args:
            key: Key of the object.

        Raises:
            NotFound: There is no such object.
        """


class ObjectStore(ObjectReader, Protocol):
    """Inputs, results and files. No object is ever changed: writing an existing key again does nothing.

    Every method but `presign_url` raises `StorageError` when the store cannot be reached.
    """

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        """Write an object.

        Args:
            key: Key of the object.
            body: Its bytes.
            content_type: Media type of the content when it is decoded.
            encoding: Content coding of the bytes, such as "gzip"; empty for none.
        """

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: CheckCancelled, encoding: str = ""
    ) -> None:
        """Write a file of any size as an object.

        Args:
            key: Key of the object.
            path: The file.
            content_type: Media type of the content when it is decoded.
            check_cancelled: Called between parts; its exception ends the upload.
            encoding: Content coding of the file, such as "gzip"; empty for none.
        """

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str) -> str:
        """Return a URL under which anybody can read the object for some seconds, and a browser saves it.

        Args:
            key: Key of the object.
            seconds: Lifetime of the URL, `limits.LINK_SECONDS` at most.
            content_type: Media type with which the object is served.
            filename: Name under which a browser saves it.
        """


class FileObjects(ObjectStore, Protocol):
    """A store that tells whether an object is there."""

    def stat(self, key: str) -> object:
        """Return the facts about an object.

        Args:
            key: Key of the object.

        Raises:
            NotFound: There is no such object.
            StorageError: The store cannot be reached.
        """


class ObjectEraser(Protocol):
    """Removes objects of an `ObjectStore`. Raises `StorageError` when not all of them are gone."""

    def erase(self, prefix: str) -> None:
        """Remove all objects whose keys begin with `prefix`, if there are any.

        Args:
            prefix: Beginning of the keys.
        """
