"""The store of pictures of maps and images."""

from __future__ import annotations

from typing import Protocol


class PictureStore(Protocol):
    """Keeps pictures for a day."""

    def store_picture(self, root: str, body: bytes, content_type: str, ending: str) -> str:
        """Store a picture, and return a URL without a query from which anybody can fetch it.

        Args:
            root: Public URL of the site.
            body: Its bytes.
            content_type: Their media type.
            ending: Ending of the file's name, without a full stop.

        Raises:
            StorageError: The store cannot be reached.
        """
