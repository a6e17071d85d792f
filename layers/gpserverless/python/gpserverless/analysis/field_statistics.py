"""Statistics of groups of weighted values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import ToolError

Values = NDArray[np.float64]
Groups = NDArray[np.int64]

STATISTICS = ("SUM", "MEAN", "MIN", "MAX", "STDDEV")
"""Statistics of a field; the column is the statistic in lower case before the field's name."""

_WORDS = {"STD": "STDDEV", "AVERAGE": "MEAN", "MINIMUM": "MIN", "MAXIMUM": "MAX"}


@dataclass(frozen=True)
class FieldStatistic:
    """One statistic of one field.

    Attributes:
        field: Name of the field.
        statistic: One of `STATISTICS`.
    """

    field: str
    statistic: str

    @property
    def name(self) -> str:
        """Name of the column: sum_POP."""
        return f"{self.statistic.lower()}_{self.field}"


def read_statistics(text: str | None, parameter: str = "sum_fields") -> tuple[FieldStatistic, ...]:
    """Read the statistics of fields.

    Args:
        text: `[["POP", "Sum"], …]`, `["POP Sum", …]` or `POP Sum;POP Mean`; None or "" for no statistics.
        parameter: Name of the parameter, for errors.

    Raises:
        ToolError: The text has another form, or names an unknown statistic.
    """
    if text is None or not text.strip():
        return ()
    entries: object = text.split(";")
    if text.lstrip().startswith("["):
        try:
            entries = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ToolError(f"{parameter} is not JSON.") from error
    if not isinstance(entries, list):
        raise ToolError(f"{parameter} is not a list.")
    return tuple(dict.fromkeys(_read_statistic(entry, parameter) for entry in entries if entry))


def _read_statistic(entry: object, parameter: str) -> FieldStatistic:
    if isinstance(entry, str):
        entry = entry.strip().rsplit(maxsplit=1)
    if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(part, str) for part in entry):
        raise ToolError(
            f'{parameter} wants a field and a statistic each: [["POP", "Sum"]] or POP Sum;POP Mean.'
        )
    word = re.sub("[^A-Z]", "", entry[1].upper())
    statistic = _WORDS.get(word, word)
    if statistic not in STATISTICS:
        raise ToolError(f"'{entry[1][:40]}' is no statistic. Accepted: {', '.join(STATISTICS)}.")
    return FieldStatistic(entry[0].strip().strip("'"), statistic)


def calculate_statistic(
    statistic: str, values: Values, weights: Values, groups: Groups, count: int
) -> Values:
    """Return one statistic of every group, shape (count,): NaN for a group without values, a sum 0.

    Sums, means and deviations are weighted by the share of a feature that lies inside; the share of a point
    is 1. The deviation is that of a sample, with the weights as frequencies of mean 1.

    Args:
        statistic: One of `STATISTICS`.
        values: Shape (M,), NaN for null, which does not count.
        weights: Shape (M,), 0 to 1.
        groups: Shape (M,), the group of each value.
        count: Number of groups.
    """
    known = np.isfinite(values)
    values, weights, groups = values[known], weights[known], groups[known]
    number = np.bincount(groups, minlength=count)
    function: dict[str, Callable[[Values, Values, Groups, int], Values]] = {
        "SUM": _sum,
        "MEAN": _mean,
        "STDDEV": _deviation,
        "MIN": lambda v, _, g, n: _extreme(np.minimum, v, g, n),
        "MAX": lambda v, _, g, n: _extreme(np.maximum, v, g, n),
    }
    result = function[statistic](values, weights, groups, count)
    if statistic != "SUM":
        result[number == 0] = np.nan
    return result


def _sum(values: Values, weights: Values, groups: Groups, count: int) -> Values:
    return np.bincount(groups, weights=values * weights, minlength=count).astype(np.float64)


def _mean(values: Values, weights: Values, groups: Groups, count: int) -> Values:
    total = np.bincount(groups, weights=weights, minlength=count)
    sums = _sum(values, weights, groups, count)
    return np.asarray(np.divide(sums, total, out=np.full(count, np.nan), where=total > 0))


def _deviation(values: Values, weights: Values, groups: Groups, count: int) -> Values:
    means = _mean(values, weights, groups, count)
    spread = _mean((values - means[groups]) ** 2, weights, groups, count)
    number = np.bincount(groups, minlength=count)
    larger = np.divide(number, number - 1, out=np.full(count, np.nan), where=number > 1)
    return np.asarray(np.sqrt(spread * larger))


def _extreme(choose: np.ufunc, values: Values, groups: Groups, count: int) -> Values:
    result = np.full(count, np.nan)
    order = np.argsort(groups, kind="stable")
    found, first = np.unique(groups[order], return_index=True)
    if len(found):
        result[found] = choose.reduceat(values[order], first)
    return result
