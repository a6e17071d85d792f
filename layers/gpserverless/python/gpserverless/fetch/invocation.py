"""The words between the fetch function and its callers, as JSON; tokens are in them, so nobody logs them.

    {"v": 1, "request": {…}, "place": "fetch/<id>", "log_ids": {…}}     the event
    {"name": "a.csv", "size": 3, "body": "<base64>"}                    a small file
    {"name": "a.csv", "size": 9000000}                                  a large one: an object below the place
    {"problem": "…", "accepted": "…"}                                   it may not be fetched, or could not be
    {"ended": true}                                                     its time was over, or nobody wants it

An object `stop` below the place tells the function that its caller has gone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pybase64

from gpserverless.errors import DeadlinePassed, InvalidValue, StorageError
from gpserverless.fetch.ports import InputRequest

MAX_INLINE_BYTES = 4_000_000
"""Bytes of the largest file in an answer: Lambda's ends at 6 MB, and base64 makes it longer by a third."""

_VERSION = 1
_FOLDER = "fetch"


@dataclass(frozen=True)
class FetchEvent:
    """A request to the fetch function.

    Attributes:
        request: The input.
        place: Beginning of the keys of the two objects that both may need.
        log_ids: Ids for the lines of the function's log.
    """

    request: InputRequest
    place: str = field(default_factory=lambda: f"{_FOLDER}/{secrets.token_hex(16)}")
    log_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_key(self) -> str:
        """Key of the object with a large file."""
        return f"{self.place}/content"

    @property
    def stop_key(self) -> str:
        """Key of the object that a caller writes when it has no use for the input any more."""
        return f"{self.place}/stop"

    def to_json(self) -> dict[str, Any]:
        """Return the event as a JSON object."""
        request = self.request.to_json()
        return {"v": _VERSION, "request": request, "place": self.place, "log_ids": dict(self.log_ids)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the event of a document that `to_json` made.

        Args:
            document: JSON of an event.

        Raises:
            ValueError: It is of another version: the caller was deployed before or after this function.
        """
        if document.get("v") != _VERSION:
            raise ValueError("the event is of another version")
        return cls(InputRequest.from_json(document["request"]), document["place"], document["log_ids"])


@dataclass(frozen=True)
class FetchAnswer:
    """A file that the fetch function has fetched.

    Attributes:
        name: Its name.
        size: Its bytes.
        body: Its content; None if it lies in the store.
    """

    name: str
    size: int
    body: bytes | None

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the answer for a file.

        Args:
            path: The file.
        """
        size = path.stat().st_size
        return cls(path.name, size, path.read_bytes() if size <= MAX_INLINE_BYTES else None)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as a JSON object."""
        shared = {"name": self.name, "size": self.size}
        return shared if self.body is None else {**shared, "body": pybase64.b64encode(self.body).decode()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the answer of a document of the function.

        Args:
            document: JSON of an answer.

        Raises:
            InvalidValue: The input may not be fetched, or could not be.
            DeadlinePassed: The time was over before it came.
            StorageError: It is no answer.
        """
        if "problem" in document:
            raise InvalidValue(document["problem"], document["accepted"])
        if "ended" in document:
            raise DeadlinePassed("The tool ran out of time.")
        try:
            body = pybase64.b64decode(document["body"], validate=True) if "body" in document else None
            return cls(document["name"], document["size"], body)
        except (KeyError, ValueError) as problem:
            raise StorageError("could not fetch an input: its answer cannot be read") from problem


def refuse(problem: InvalidValue) -> dict[str, Any]:
    """Return the answer for an input that may not be fetched, or could not be.

    Args:
        problem: The reason.
    """
    return {"problem": problem.problem, "accepted": problem.accepted}


ENDED: Mapping[str, Any] = {"ended": True}
"""The answer when the time was over, or the caller has gone."""
