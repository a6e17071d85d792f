"""Uploaded items and their limits."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import ITEM_ID
from gpserverless.errors import InvalidParameter, TooLarge
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.uploads.ports import StoredObject

EXTENSIONS = (
    "asc", "csv", "fgb", "geojson", "geotiff", "gml", "gpkg", "gpx", "img", "jpg", "jpeg", "json", "kml",
    "kmz", "pbf", "png", "prj", "tif", "tiff", "tsv", "txt", "xlsx", "xml", "zip",
)  # fmt: skip
"""Extensions of files that tools can use; nothing that a browser or a shell would run."""


@dataclass(frozen=True)
class UploadRules:
    """Limits of uploads.

    Attributes:
        most_bytes: Most bytes of an item. S3 takes 5 GiB in one piece.
        most_parts: Most parts of an item.
        composed_bytes: Most bytes that are composed of parts, while the caller waits for the commit.
        read_bytes: Most bytes that are read for a checksum, while the caller waits. A function of 1 GB reads
            at least 60 MB of S3 in a second, and has 29 of them.
        keep_ms: How long an item can be used; then the bucket's lifecycle removes it.
        commit_ms: How long an item may stay uncommitted.
        link_seconds: How long a link for a download works, and how late a direct upload may begin.
        extensions: Extensions of files that are taken, in small letters.
    """

    most_bytes: int = 5 * 2**30
    most_parts: int = 10_000
    composed_bytes: int = 250_000_000
    read_bytes: int = 1_000_000_000
    keep_ms: int = 7 * 24 * 3_600_000
    commit_ms: int = 24 * 3_600_000
    link_seconds: int = LINK_SECONDS
    extensions: tuple[str, ...] = EXTENSIONS

    def check_name(self, given: str, parameter: str) -> str:
        """Return the name of an item: the last segment of the name that the caller sends.

        Args:
            given: Name that the caller sends.
            parameter: Parameter that holds it, for the error.

        Raises:
            InvalidParameter: It has no extension, or not an allowed one.
        """
        name = file_name(given)
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        if extension not in self.extensions:
            what = f"files of type '{extension}' are not taken" if extension else "the file has no extension"
            raise InvalidParameter(parameter, what, ", ".join(self.extensions))
        return name

    def check_size(self, size: int) -> None:
        """Raise if an item is too large.

        Args:
            size: Its bytes.

        Raises:
            TooLarge: It is.
        """
        if size > self.most_bytes:
            raise TooLarge(f"The file has {size:,} bytes; at most {self.most_bytes:,} are taken.")


@dataclass(frozen=True)
class Item:
    """An uploaded item.

    Attributes:
        id: The letter i and a UUID that cannot be guessed: it is the permission to use an item without owner.
        name: File name.
        description: Description by the caller, or None.
        date: Time of registration, in milliseconds since 1970-01-01 UTC.
        content: The object with its bytes; None until it is committed.
        owner: Name of the caller who registered it, "" for anybody.
    """

    id: str
    name: str
    description: str | None
    date: int
    content: StoredObject | None = None
    owner: str = ""

    def with_content(self, content: StoredObject) -> Self:
        """Return the committed item.

        Args:
            content: The object that holds the bytes of the file.
        """
        return replace(self, content=content)

    def to_bytes(self) -> bytes:
        """Encode the item as JSON."""
        document: dict[str, Any] = {**vars(self), "content": self.content and vars(self.content)}
        return json.dumps(document).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Decode the JSON of `to_bytes`.

        Args:
            body: JSON of an item.
        """
        document: Mapping[str, Any] = json.loads(body)
        content = document["content"] and StoredObject(**document["content"])
        return cls(**{**document, "content": content})


def new_item_id() -> str:
    """Return an id with 122 random bits."""
    return f"i{uuid.uuid4()}"


def is_item_id(text: str) -> bool:
    """Return whether a text has the form of an item's id.

    Args:
        text: Any text.
    """
    return ITEM_ID.fullmatch(text) is not None
