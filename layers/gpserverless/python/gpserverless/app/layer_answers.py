"""Answers and pictures that are too large to be handed over, or that are fetched by an address."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from gpserverless.calls.file_urls import picture_key, picture_url
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.outputs.object_store import ObjectStore

ANSWERS = "answers/"
"""Beginning of the keys of answers, which the store removes after a day."""


@dataclass(frozen=True)
class LargeAnswers:
    """Keeps answers; see `featureserver.ports.AnswerStore`.

    Attributes:
        objects: The store.
    """

    objects: ObjectStore

    def store_answer(self, body: bytes, content_type: str, encoding: str, filename: str = "answer") -> str:
        """Store an answer, and return a link to it; see `AnswerStore`."""
        key = f"{ANSWERS}{sha256(body).hexdigest()}"
        self.objects.put(key, body, content_type, encoding)
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
