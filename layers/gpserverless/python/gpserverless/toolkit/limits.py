"""Limits of one run, enforced before or while the tool runs.

The defaults of `FeatureLimits` are the limits of an asynchronous service.
"""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.formats.limits import FeatureLimits

SYNC_SECONDS = 25.0
"""API Gateway's HTTP API gives up after 30 s and cannot be told otherwise."""

ASYNC_SECONDS = 840.0
"""A Lambda function ends after 900 s; a minute is left for reading inputs and storing results."""


@dataclass(frozen=True)
class Limits:
    """The limits of a service, which a tool may only tighten."""

    #: Longest run.
    seconds: float
    #: Most features or rows in one input.
    max_features: int
    #: Most vertices in one input.
    max_vertices: int
    #: Most bytes that are fetched for all inputs together.
    max_bytes: int = 50_000_000
    #: Most features or rows in one output; a larger one is sent empty, marked as exceeded.
    max_records: int = 1000
    #: Decimals of x and y in outputs; None for those of the resolution of their spatial reference.
    geometry_precision: int | None = None

    @property
    def feature_limits(self) -> FeatureLimits:
        """The limits of one feature set or table."""
        return FeatureLimits(self.max_features, self.max_vertices)

    @classmethod
    def sync(cls) -> Limits:
        """Return the limits of a synchronous service."""
        return cls(SYNC_SECONDS, max_features=100_000, max_vertices=1_000_000)

    @classmethod
    def asynchronous(cls) -> Limits:
        """Return the limits of an asynchronous service."""
        readable = FeatureLimits()
        return cls(ASYNC_SECONDS, readable.features, readable.vertices, max_bytes=5 * 2**30)
