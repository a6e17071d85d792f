"""Statistics of the cells of a zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

StatisticsType = Literal[
    "ALL",
    "MEAN",
    "MAJORITY",
    "MAXIMUM",
    "MEDIAN",
    "MINIMUM",
    "MINORITY",
    "RANGE",
    "STD",
    "SUM",
    "VARIETY",
    "MIN_MAX",
    "MEAN_STD",
    "MIN_MAX_MEAN",
]

NAMES: dict[str, tuple[str, ...]] = {
    "MAXIMUM": ("MAX",),
    "MINIMUM": ("MIN",),
    "MIN_MAX": ("MIN", "MAX", "RANGE"),
    "MEAN_STD": ("MEAN", "STD"),
    "MIN_MAX_MEAN": ("MIN", "MAX", "RANGE", "MEAN"),
}
"""Columns of the statistics types that have another name than their column."""

OF_NUMBERS = ("MIN", "MAX", "RANGE", "MEAN", "STD", "SUM")
OF_WHOLE_NUMBERS = ("VARIETY", "MAJORITY", "MINORITY")


@dataclass(frozen=True)
class Percentiles:
    """Percentiles of the cells of a zone."""

    #: From 0 to 100.
    values: tuple[float, ...] = ()
    #: The value between two cells: of the nearest cell, or interpolated.
    method: Literal["nearest", "linear"] = "linear"

    @property
    def names(self) -> list[str]:
        """Their columns: PCT90, or PCT2_5 for a fraction of a percent."""
        return [f"PCT{value:g}".replace(".", "_") for value in self.values]


def list_columns(kind: StatisticsType, whole: bool) -> tuple[str, ...]:
    """Return the columns of a statistics type; ALL has more columns for whole numbers.

    Args:
        kind: The statistics type.
        whole: Whether the raster holds integers.
    """
    if kind == "ALL":
        return (*OF_NUMBERS, "MEDIAN", *(OF_WHOLE_NUMBERS if whole else ()))
    return NAMES.get(kind, (kind,))


def calculate_statistics(
    values: NDArray[Any], columns: tuple[str, ...], percentiles: Percentiles
) -> list[float]:
    """Calculate the statistics of a zone in 64-bit floats, in the order of the columns, then percentiles.

    Args:
        values: Values of the zone's cells, shape (N,), N at least 1.
        columns: Columns of `list_columns`.
        percentiles: The percentiles.
    """
    numbers = values.astype(np.float64)
    counted = (
        _count_values(values) if any(c in OF_WHOLE_NUMBERS for c in columns) else (numbers[:1], np.ones(1))
    )
    found = [_OF_COUNTS[c](*counted) if c in _OF_COUNTS else _OF_VALUES[c](numbers) for c in columns]
    if percentiles.values:
        found += np.percentile(numbers, percentiles.values, method=percentiles.method).tolist()
    return [float(each) for each in found]


def _count_values(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    distinct, counts = np.unique(values, return_counts=True)
    return distinct, counts


_OF_VALUES: dict[str, Callable[[NDArray[Any]], Any]] = {
    "MIN": np.min,
    "MAX": np.max,
    "RANGE": np.ptp,
    "MEAN": np.mean,
    "STD": np.std,  # of the population
    "SUM": np.sum,
    "MEDIAN": np.median,
}
_OF_COUNTS: dict[str, Callable[[NDArray[Any], NDArray[Any]], Any]] = {
    "VARIETY": lambda distinct, counts: len(distinct),
    "MAJORITY": lambda distinct, counts: distinct[np.argmax(counts)],  # of several the smallest value
    "MINORITY": lambda distinct, counts: distinct[np.argmin(counts)],
}
