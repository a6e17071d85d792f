"""What is known of an uploaded item, and the rules that items live by."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import ITEM_ID
from gpserverless.errors import InvalidParameter

EXTENSIONS = (
    "csv", "fgb", "geojson", "geotiff", "gml", "gpkg", "gpx", "jpg", "jpeg", "json", "kml", "kmz", "pbf",
    "png", "prj", "tif", "tiff", "txt", "xlsx", "xml", "zip",
)  # fmt: skip
"""Extensions of files that tools can have a use for; nothing that a browser or a shell would run."""


@dataclass(frozen=True)
class UploadRules:
    """Limits of uploads.

    Attributes:
        most_bytes: Most bytes of an item. S3 takes 5 GiB in one piece.
        most_parts: Most parts of an item.
        composed_bytes: Most bytes that parts are put together to, while the caller waits for the commit.
        keep_ms: How long an item can be used after it was made; the bucket's lifecycle removes it then.
        commit_ms: How long an item may stay uncommitted.
        link_seconds: How long a link for a direct upload or a download works.
        extensions: Extensions of files that are taken, in small letters.
    """

    most_bytes: int = 5 * 2**30
    most_parts: int = 10_000
    composed_bytes: int = 250_000_000
    keep_ms: int = 7 * 24 * 3_600_000
    commit_ms: int = 24 * 3_600_000
    link_seconds: int = 3_600
    extensions: tuple[str, ...] = EXTENSIONS

    def name_of(self, given: str, parameter: str) -> str:
        """Return the name of an item: the last segment of what the caller calls it.

        Raises:
            InvalidParameter: It has no extension, or one of files that are not taken.
        """
        name = file_name(given)
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        if extension not in self.extensions:
            what = f"files of type '{extension}' are not taken" if extension else "the file has no extension"
            raise InvalidParameter(parameter, what, ", ".join(self.extensions))
        return name


@dataclass(frozen=True)
class Content:
    """Where the bytes of an item lie.

    Attributes:
        key: Key of the object.
        size: Its bytes.
        etag: The object's tag: other bytes under the same key have another one.
    """

    key: str
    size: int
    etag: str


@dataclass(frozen=True)
class Item:
    """One item.

    Attributes:
        id: Its id: the letter i and a UUID that cannot be guessed; who knows it may use the item.
        name: Its file name.
        description: What the caller says about it, or None.
        date: When it was made, in milliseconds since 1970-01-01 UTC.
        content: Where its bytes lie; None until it is committed.
    """

    id: str
    name: str
    description: str | None
    date: int
    content: Content | None = None

    def committed(self, content: Content) -> Self:
        """Return the item with its bytes."""
        return replace(self, content=content)

    def to_bytes(self) -> bytes:
        """Return the item as it is stored."""
        document: dict[str, Any] = {**vars(self), "content": self.content and vars(self.content)}
        return json.dumps(document).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        document: Mapping[str, Any] = json.loads(body)
        content = document["content"] and Content(**document["content"])
        return cls(**{**document, "content": content})


def new_item_id() -> str:
    """Return an id that nobody can guess: 122 random bits."""
    return f"i{uuid.uuid4()}"


def is_item_id(text: str) -> bool:
    """Return whether a text could be the id of an item."""
    return ITEM_ID.fullmatch(text) is not None
