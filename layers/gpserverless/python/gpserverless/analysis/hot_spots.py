"""Hot spots and cold spots: the statistic Gi* of Getis and Ord.

Gi* = (sum_j w_ij x_j - m sum_j w_ij) / (s sqrt((n sum_j w_ij^2 - (sum_j w_ij)^2) / (n - 1))), with the mean m
and the population's standard deviation s of all n values (Ord and Getis, Geographical Analysis 27, 1995).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import ToolError

Floats = NDArray[np.float64]

LEVELS = ((0.10, 1), (0.05, 2), (0.01, 3))
"""Levels of significance, and the bin of each."""


@dataclass(frozen=True)
class WeightSums:
    """Sums of the weights w of each of n features' neighbours, itself among them, shape (n,) each."""

    #: Sum of w.
    weight: Floats
    #: Sum of the squares of w.
    square: Floats
    #: Sum of w times the neighbour's value.
    value: Floats


@dataclass(frozen=True)
class HotSpots:
    """Gi* of n features, shape (n,) each."""

    #: Standard deviations from what chance would give; 0 where a feature has all others as equal neighbours.
    score: Floats
    #: Probability that chance gives as much, on both sides.
    probability: Floats
    #: -3 to 3: cold or hot with 90, 95 or 99 percent of confidence, 0 for neither.
    confidence: NDArray[np.int64]


def add_weights(
    target: NDArray[np.int64], place: NDArray[np.int64], weight: Floats, values: Floats, count: int
) -> WeightSums:
    """Add up weights by target.

    Args:
        target: Shape (M,), index of the feature.
        place: Shape (M,), index of its neighbour.
        weight: Shape (M,), weight of the neighbour.
        values: The neighbours' values, by index.
        count: Number of targets.
    """
    sums = (weight, weight * weight, weight * values[place])
    return WeightSums(*(np.bincount(target, w, count).astype(np.float64) for w in sums))


def score_features(values: Floats, sums: WeightSums, *, correct: bool = False) -> HotSpots:
    """Return Gi* of every feature.

    Args:
        values: Shape (n,), the features' values.
        sums: The sums of weights, of the weights as they are: Gi* does not change when the weights of a
            feature are all divided by their sum.
        correct: Whether bins are given by the false discovery rate (Benjamini and Hochberg, 1995).

    Raises:
        ToolError: There are fewer than three features, or their values are all the same.
    """
    n = len(values)
    if n < 3:
        raise ToolError(f"Hot spots need at least 3 features with a value; there are {n}.")
    mean, deviation = values.mean(), values.std()
    if deviation <= 1e-12 * max(np.abs(values).max(), 1e-300):
        raise ToolError("All values of the field are the same: no feature can be hot or cold.")
    spread = np.maximum(n * sums.square - sums.weight**2, 0) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (sums.value - mean * sums.weight) / (deviation * np.sqrt(spread))
    score[spread <= 1e-12 * n * sums.square] = 0
    probability = np.fromiter(map(math.erfc, (np.abs(score) / math.sqrt(2)).tolist()), np.float64, n)
    return HotSpots(score, probability, _sort_into_bins(score, probability, correct))


def _sort_into_bins(score: Floats, probability: Floats, correct: bool) -> NDArray[np.int64]:
    bins = np.zeros(len(score), np.int64)
    for level, number in LEVELS:
        limit = find_critical(probability, level) if correct else level
        bins[probability <= limit] = number
    return bins * np.sign(score).astype(np.int64)


def find_critical(probability: Floats, level: float) -> float:
    """Return the greatest probability that is significant at a false discovery rate, -1 if none is.

    Args:
        probability: Shape (n,), of all tests.
        level: The rate: of the tests that are called significant, the share that chance may have made.
    """
    ordered = np.sort(probability)
    passed = ordered <= level * np.arange(1, len(ordered) + 1) / len(ordered)
    return float(ordered[passed].max()) if passed.any() else -1.0
