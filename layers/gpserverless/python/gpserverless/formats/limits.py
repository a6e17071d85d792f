"""How much one feature set may hold."""

from __future__ import annotations

from dataclasses import dataclass

MAX_COLUMNS = 1_000
"""Most different attributes of the features of one set: as many as the strictest database of ArcGIS holds.

Oracle ends at 1,000 columns of a table, SQL Server at 1,024, PostgreSQL at 1,600 (their own manuals).
"""

MAX_EMPTY_CELLS = 1_000_000
"""Cells of a table that may be empty, in any table."""

MAX_EMPTY_PER_VALUE = 100
"""Empty cells that each value may have beside: features whose attributes all differ make an empty table."""


@dataclass(frozen=True)
class FeatureLimits:
    """Limits of one feature set or table."""

    #: Most features, or rows of a table.
    features: int = 1_000_000
    #: Most vertices of all features together.
    vertices: int = 20_000_000
