"""Classes of numbers: where one ends and the next begins.

A break is the greatest number of its class. The first class also has the least number of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_EXACT = 2_000
"""Different numbers up to which natural breaks are the best ones; more are put into as many groups before."""

_MOST_DEVIATIONS = 2.5
"""Standard deviations from the mean beyond which all numbers are in one class, on each side."""

Numbers = NDArray[np.float64]

_FACTORS = np.array(sorted(np.geomspace(1e-3, 1e3, 601), key=lambda factor: abs(np.log(factor))))
"""Factors between the widths of geometrical intervals, the least change first."""


@dataclass(frozen=True)
class BreakRule:
    """How numbers are divided.

    Attributes:
        method: One of `METHODS`.
        count: Most classes; standard deviations make as many as there are.
        interval: Of standard deviations: the width of a class in them.
    """

    method: str
    count: int = 5
    interval: float = 1.0


def find_breaks(numbers: Numbers, rule: BreakRule) -> Numbers:
    """Return the least number and the rising breaks, shape (K + 1,) with K classes or fewer.

    Args:
        numbers: Finite numbers, at least one.
        rule: How they are divided.
    """
    ordered = np.sort(numbers)
    low, high = ordered[0], ordered[-1]
    if low == high:
        return np.array([low, high])
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # at the ends of floating point
        inner = METHODS[rule.method](ordered, rule)
    inside = np.unique(inner[(inner >= low) & (inner < high)])
    return np.concatenate([[low], inside, [high]])


def _divide_equally(ordered: Numbers, rule: BreakRule) -> Numbers:
    return np.linspace(ordered[0], ordered[-1], rule.count + 1)[1:-1]


def _divide_by_counts(ordered: Numbers, rule: BreakRule) -> Numbers:
    """Give each class as many numbers; equal ones stay together."""
    places = np.ceil(np.arange(1, rule.count) * len(ordered) / rule.count).astype(np.int64) - 1
    return ordered[np.maximum(places, 0)]


def _divide_by_deviations(ordered: Numbers, rule: BreakRule) -> Numbers:
    """Put the mean into the middle of a class."""
    mean, deviation = ordered.mean(), ordered.std(ddof=1)
    steps = np.arange(rule.interval / 2, _MOST_DEVIATIONS + 1e-9, rule.interval)
    return np.asarray(mean + np.concatenate([-steps[::-1], steps]) * deviation)


def _divide_geometrically(ordered: Numbers, rule: BreakRule) -> Numbers:
    """Let each class be wider than the one before by a factor, and from some class on narrower by it.

    Of all such series the one is taken whose classes have the most equal numbers of rows: the sum of their
    squares is the smallest ("Data classification methods", ArcGIS Pro).
    """
    low, width = ordered[0], ordered[-1] - ordered[0]
    best, inner = np.inf, np.array([])
    classes = np.arange(rule.count)
    for turn in range(1, rule.count):
        widths = _FACTORS[:, None] ** np.minimum(classes, 2 * turn - classes)
        ends = np.cumsum(widths, axis=1)
        breaks = low + ends[:, :-1] / ends[:, -1:] * width
        below = np.searchsorted(ordered, breaks, side="right")
        squares = (np.diff(below, axis=1, prepend=0, append=len(ordered)).astype(float) ** 2).sum(axis=1)
        chosen = int(np.argmin(squares))
        if squares[chosen] < best:
            best, inner = float(squares[chosen]), breaks[chosen]
    return inner


def _divide_naturally(ordered: Numbers, rule: BreakRule) -> Numbers:
    """Let the squares of the distances to the means of the classes have the smallest sum (Fisher 1958)."""
    values, weights = np.unique(ordered, return_counts=True)
    groups = _Groups.of(values, weights.astype(np.float64))
    return groups.tops[_find_best_ends(groups, min(rule.count, len(groups.tops)))[:-1]]


METHODS: Mapping[str, Callable[[Numbers, BreakRule], Numbers]] = {
    "esriClassifyEqualInterval": _divide_equally,
    "esriClassifyQuantile": _divide_by_counts,
    "esriClassifyStandardDeviation": _divide_by_deviations,
    "esriClassifyGeometricalInterval": _divide_geometrically,
    "esriClassifyNaturalBreaks": _divide_naturally,
}
"""The methods by the names of ArcGIS."""


@dataclass(frozen=True)
class _Groups:
    """Groups of numbers that stay together, in rising order.

    Attributes:
        tops: The greatest number of each, shape (N,).
        weights: Sums of the weights of all groups before each place, shape (N + 1,).
        sums: Likewise of weight times number, from the mean of all.
        squares: Likewise of weight times square.
    """

    tops: Numbers
    weights: Numbers
    sums: Numbers
    squares: Numbers

    @classmethod
    def of(cls, values: Numbers, weights: Numbers) -> _Groups:
        """Return different numbers, put together if they are many."""
        scaled = values / np.abs(values).max()
        centred = scaled - np.average(scaled, weights=weights)
        centred = centred / np.abs(centred).max()  # squares of large and of tiny ones lose digits
        ends = np.arange(1, len(values) + 1)
        if len(values) > MOST_EXACT:
            ends = np.unique(
                np.ceil(np.arange(1, MOST_EXACT + 1) * len(values) / MOST_EXACT).astype(np.int64)
            )
        places = np.concatenate([[0], ends])
        summed = (np.concatenate([[0.0], np.cumsum(weights * centred**power)]) for power in range(3))
        return cls(values[ends - 1], *(each[places] for each in summed))

    def measure(self, begins: NDArray[np.int64], end: int) -> Numbers:
        """Return the sum of squared distances to the mean, of classes from each beginning to one end."""
        weights, sums, squares = (
            each[end] - each[begins] for each in (self.weights, self.sums, self.squares)
        )
        return np.asarray(squares - sums**2 / weights)


def _find_best_ends(groups: _Groups, count: int) -> NDArray[np.int64]:
    """Return the last group of each class, by dynamic programming over ends and numbers of classes."""
    size = len(groups.tops)
    costs = np.array([groups.measure(np.array([0]), end)[0] for end in range(1, size + 1)])
    choices = np.zeros((count, size), np.int64)
    for number in range(1, count):
        before, costs = costs, np.full(size, np.inf)
        for end in range(number, size):
            begins = np.arange(number, end + 1)  # the first group of the last class
            sums = before[begins - 1] + groups.measure(begins, end + 1)
            best = int(np.argmin(sums))
            costs[end], choices[number, end] = sums[best], begins[best]
    ends = [size - 1]
    for number in range(count - 1, 0, -1):
        ends.append(int(choices[number, ends[-1]]) - 1)
    return np.array(ends[::-1])
