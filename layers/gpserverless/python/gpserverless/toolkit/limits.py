"""How much one run may take: every limit is a number here, enforced before or while the tool runs."""

from __future__ import annotations

from dataclasses import dataclass

SYNC_SECONDS = 25.0
"""API Gateway's HTTP API gives up after 30 s and cannot be told otherwise."""

ASYNC_SECONDS = 840.0
"""A Lambda function ends after 900 s; a minute is left for reading inputs and storing results."""


@dataclass(frozen=True)
class Limits:
    """The limits of a service, which a tool may only tighten.

    Attributes:
        seconds: Longest run.
        max_features: Most features or rows in one input.
        max_vertices: Most vertices in one input.
        max_bytes: Most bytes of all inputs together that are fetched from elsewhere.
        max_records: Most features or rows in one output; a larger one is sent as none, marked as exceeded.
    """

    seconds: float
    max_features: int
    max_vertices: int
    max_bytes: int = 50_000_000
    max_records: int = 1000

    @classmethod
    def sync(cls) -> Limits:
        """Return the limits of a synchronous service."""
        return cls(SYNC_SECONDS, max_features=100_000, max_vertices=1_000_000)

    @classmethod
    def asynchronous(cls) -> Limits:
        """Return the limits of an asynchronous service."""
        return cls(ASYNC_SECONDS, max_features=1_000_000, max_vertices=20_000_000, max_bytes=5 * 2**30)
