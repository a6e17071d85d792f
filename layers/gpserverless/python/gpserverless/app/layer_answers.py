"""Answers and pictures that are too large to be handed over, or that are fetched by an address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gpserverless.calls.file_urls import picture_key, picture_url
from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import NotFound
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.outputs.object_store import FileObjects, ObjectStore

_DAY_MS = 86_400_000

ANSWERS = "answers/"
"""Beginning of the keys of answers, which the store removes after a day."""


@dataclass(frozen=True)
class LargeAnswers:
    """Keeps answers; see `featureserver.ports.AnswerStore`.

    Attributes:
        objects: The store.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    objects: ObjectStore
    now: Callable[[], int]

    def store_answer(self, body: bytes, content_type: str, encoding: str, filename: str = "answer") -> str:
        """Store an answer, and return a link to it; see `AnswerStore`."""
        key = _make_key(self.now(), sha256(body).hexdigest())
        self.objects.put(key, body, content_type, encoding)
        return self.objects.presign_url(key, LINK_SECONDS, content_type, filename)


@dataclass(frozen=True)
class StoredFiles:
    """Keeps files of whole layers; see `featureserver.ports.FileStore`.

    Attributes:
        objects: The store.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    objects: FileObjects
    now: Callable[[], int]

    def find_file(self, name: str, content_type: str, filename: str) -> str:
        """Return a link to a file, "" if it is not there; see `FileStore`."""
        key = _make_key(self.now(), name)
        try:
            self.objects.stat(key)
        except NotFound:
            return ""
        return self.objects.presign_url(key, LINK_SECONDS, content_type, filename)

    def store_file(
        self, name: str, path: Path, content_type: str, filename: str, check_cancelled: CheckCancelled
    ) -> str:
        """Store a file, and return a link to it; see `FileStore`."""
        key = _make_key(self.now(), name)
        self.objects.put_file(key, path, content_type, check_cancelled)
        return self.objects.presign_url(key, LINK_SECONDS, content_type, filename)


@dataclass(frozen=True)
class Pictures:
    """Keeps pictures; see `mapserver.ports.PictureStore`.

    Attributes:
        objects: The store.
    """

    objects: ObjectStore

    def store_picture(self, root: str, body: bytes, content_type: str, ending: str) -> str:
        """Store a picture, and return its URL, which has no query; see `PictureStore`."""
        name = f"{secrets.token_hex(16)}.{ending}"
        self.objects.put(picture_key(name), body, content_type)
        return picture_url(root, name)


def _make_key(now: int, name: str) -> str:
    """Return the key of an answer, to which the day belongs.

    The store removes an answer at the second midnight after it was written, and does not write one again that
    is there. So one that is found stays for a day, as does one that is already written.
    """
    return f"{ANSWERS}{now // _DAY_MS}/{name}"
