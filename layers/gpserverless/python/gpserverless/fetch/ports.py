"""The port to the program that fetches one input: this process, or a function without other rights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.references import LocalFile, Reference


@dataclass(frozen=True)
class InputRequest:
    """One input on another server, with its limits; able to travel as JSON.

    Attributes:
        reference: Where it lies: it has a URL.
        max_features: Most features that it may have.
        max_bytes: Most bytes that it may have.
        own: Authorities of this service ("gis.example.org:443"), which must not call itself.
        seconds: Seconds that are left to the run.
    """

    reference: Reference
    max_features: int
    max_bytes: int
    own: frozenset[str] = frozenset()
    seconds: float = math.inf

    def to_json(self) -> dict[str, Any]:
        """Return the request as a JSON object; it holds the token in clear."""
        return {
            "reference": asdict(self.reference),
            "max_features": self.max_features,
            "max_bytes": self.max_bytes,
            "own": sorted(self.own),
            "seconds": self.seconds if math.isfinite(self.seconds) else None,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> InputRequest:
        """Return the request of a document that `to_json` made.

        Args:
            document: JSON of a request.
        """
        return cls(
            Reference(**document["reference"]),
            document["max_features"],
            document["max_bytes"],
            frozenset(document["own"]),
            math.inf if document["seconds"] is None else document["seconds"],
        )


class InputFetcher(Protocol):
    """Fetches inputs from other servers."""

    def fetch(self, request: InputRequest, folder: Path, check_cancelled: CheckCancelled) -> LocalFile:
        """Fetch an input into a folder.

        Args:
            request: The input.
            folder: Where to write it.
            check_cancelled: Called several times a second; it raises to end the fetching.

        Raises:
            InvalidValue: It may not be fetched, or could not be.
            StorageError: Nothing could fetch it now.
        """
