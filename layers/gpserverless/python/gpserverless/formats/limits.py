"""How much one feature set may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FeatureLimits:
    """Limits of one feature set or table."""

    #: Most features, or rows of a table.
    features: int = 1_000_000
    #: Most vertices of all features together.
    vertices: int = 20_000_000
