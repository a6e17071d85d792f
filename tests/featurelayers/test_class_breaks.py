"""Classes of numbers, against all ways to divide them and against numpy."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from gpserverless.featurelayers.class_breaks import MOST_EXACT, BreakRule, find_breaks
from tests.patience import SOON

NATURAL = "esriClassifyNaturalBreaks"


def measure_squares(numbers: np.ndarray, breaks: np.ndarray) -> float:
    """Return the sum of squared distances to the mean of each class."""
    owners = np.searchsorted(breaks[1:], numbers)
    return sum(
        float(((some - some.mean()) ** 2).sum()) for k in set(owners) if len(some := numbers[owners == k])
    )


def find_least_squares(numbers: np.ndarray, count: int) -> float:
    """Try every way to divide numbers."""
    values = np.unique(numbers)
    ways = itertools.combinations(range(len(values) - 1), min(count, len(values)) - 1)
    return min(
        measure_squares(numbers, np.array([values[0], *(values[i] for i in way), values[-1]])) for way in ways
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_natural_breaks_are_the_best_of_all(seed: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    numbers = np.concatenate([chance.normal(0, 1, 9), chance.normal(30, 3, 5).round(), [30.0, 30.0]])
    found = find_breaks(numbers, BreakRule(NATURAL, count))
    assert len(found) <= count + 1
    assert measure_squares(numbers, found) == pytest.approx(find_least_squares(numbers, count))


@pytest.mark.parametrize("offset", [0.0, 1e9, -1e12])
def test_far_numbers_are_divided_alike(offset: float) -> None:
    numbers = np.array([1.0, 2, 3, 50, 51, 52, 200, 201])
    found = find_breaks(numbers + offset, BreakRule(NATURAL, 3))
    assert (found - offset).tolist() == [1, 3, 52, 201]


def test_a_million_different_numbers_are_divided_in_time() -> None:
    numbers = np.random.default_rng(3).lognormal(0, 2, 1_000_000)
    started = time.process_time()
    found = find_breaks(numbers, BreakRule(NATURAL, 7))
    assert time.process_time() - started < SOON
    assert len(found) == 8
    sample = np.quantile(numbers, np.linspace(0, 1, MOST_EXACT // 2))
    exact = find_breaks(sample, BreakRule(NATURAL, 7))
    assert measure_squares(numbers, found) <= measure_squares(numbers, exact) * 1.02


NUMBERS = np.array([4.0, 1, 1, 1, 9, 16, 2, 7, 100, 3])


@pytest.mark.parametrize(
    ("rule", "breaks"),
    [
        (BreakRule("esriClassifyEqualInterval", 4), [1, 25.75, 50.5, 75.25, 100]),
        (BreakRule("esriClassifyEqualInterval", 1), [1, 100]),
        (BreakRule("esriClassifyQuantile", 5), [1, 1, 2, 4, 9, 100]),  # three of ten are 1
        (BreakRule("esriClassifyQuantile", 2), [1, 3, 100]),
    ],
)
def test_other_methods(rule: BreakRule, breaks: list[float]) -> None:
    assert find_breaks(NUMBERS, rule).tolist() == pytest.approx(breaks)


@pytest.mark.parametrize(
    ("interval", "edges"), [(1.0, (0.5, 1.5, 2.5)), (0.5, (0.25, 0.75, 1.25, 1.75, 2.25))]
)
def test_standard_deviations_have_the_mean_in_a_middle(interval: float, edges: tuple[float, ...]) -> None:
    numbers = np.random.default_rng(5).normal(50, 10, 5_000)
    mean, deviation = np.mean(numbers), np.std(numbers, ddof=1)
    inner = sorted(mean + sign * edge * deviation for edge in edges for sign in (-1, 1))
    found = find_breaks(numbers, BreakRule("esriClassifyStandardDeviation", interval=interval))
    assert found.tolist() == pytest.approx([numbers.min(), *inner, numbers.max()])


@pytest.mark.parametrize(
    "method",
    ["NaturalBreaks", "EqualInterval", "Quantile", "StandardDeviation", "GeometricalInterval"],
)
def test_one_number_is_one_class(method: str) -> None:
    assert find_breaks(np.array([7.0, 7.0]), BreakRule(f"esriClassify{method}")).tolist() == [7, 7]


SPREAD = {
    "many small": np.random.default_rng(1).lognormal(0, 1.5, 4_000),
    "many large": -np.random.default_rng(2).lognormal(0, 1.5, 4_000),
    "both": np.random.default_rng(3).standard_cauchy(4_000).clip(-500, 900),
    "even": np.arange(1_000.0),
    "below zero, and zero": np.array([-5.0, -4, 0, 0, 1, 1, 2, 3, 50]),
}


def sum_squares(numbers: np.ndarray, inner: np.ndarray) -> int:
    """Return the sum of the squares of the numbers of each class."""
    owners = [int(np.sum(inner < number)) for number in numbers]
    return sum(owners.count(each) ** 2 for each in range(len(inner) + 1))


def make_series(factor: float, turn: int, count: int) -> np.ndarray:
    """Return where classes end, from 0 to 1; widths change by a factor, and after a turn by its inverse."""
    widths = [1.0]
    for each in range(1, count):
        widths.append(widths[-1] * (factor if each <= turn else 1 / factor))
    return np.cumsum(widths)[:-1] / np.sum(widths)


@pytest.mark.parametrize("count", [2, 5, 9])
@pytest.mark.parametrize("name", SPREAD)
def test_geometrical_intervals_have_the_most_equal_counts(name: str, count: int) -> None:
    numbers = SPREAD[name]
    low, span = numbers.min(), np.ptp(numbers)
    found = find_breaks(numbers, BreakRule("esriClassifyGeometricalInterval", count))
    assert (found[0], found[-1]) == (low, numbers.max())
    chance = np.random.default_rng(4)
    tried = [
        make_series(float(np.exp(chance.uniform(-5, 5))), int(chance.integers(1, count + 1)), count)
        for _ in range(40)
    ]
    others = [sum_squares(numbers, low + ends * span) for ends in (*tried, np.arange(1, count) / count)]
    assert sum_squares(numbers, found[1:-1]) <= 1.01 * min(others)


@pytest.mark.parametrize("name", ["many small", "many large", "both"])
def test_geometrical_intervals_change_by_one_factor_that_turns_once(name: str) -> None:
    widths = np.diff(find_breaks(SPREAD[name], BreakRule("esriClassifyGeometricalInterval", 6)))
    changes = np.log(widths[1:] / widths[:-1])
    assert np.abs(changes) == pytest.approx(np.abs(changes[0]))
    assert np.count_nonzero(np.diff(np.sign(changes))) <= 1
    assert abs(changes[0]) > 0.1


def test_even_numbers_have_geometrical_intervals_of_one_width() -> None:
    found = find_breaks(SPREAD["even"], BreakRule("esriClassifyGeometricalInterval", 4))
    assert found.tolist() == pytest.approx([0, 249.75, 499.5, 749.25, 999])


def test_a_million_numbers_have_32_geometrical_intervals_in_time() -> None:
    numbers = np.random.default_rng(3).lognormal(0, 2, 1_000_000)
    started = time.process_time()
    assert len(find_breaks(numbers, BreakRule("esriClassifyGeometricalInterval", 32))) == 33
    assert time.process_time() - started < SOON
