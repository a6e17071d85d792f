"""Gi* against its printed formula over a whole matrix of weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless import FeatureSet
from gpserverless.analysis.hot_spots import find_critical, score_features
from gpserverless.analysis.neighbours import Places
from gpserverless.analysis.spatial_weights import Weighting, find_band, sum_weights
from gpserverless.errors import ToolError
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference

RANDOM = np.random.default_rng(3)
XY = RANDOM.uniform(0, 1000, (120, 2))
VALUES = RANDOM.gamma(2, 10, 120) + np.where(XY[:, 0] > 700, 30, 0)
FAR = np.hypot(*(XY[:, None] - XY).transpose(2, 0, 1))
POINTS = FeatureSet.of(np.asarray(shapely.points(XY)), SpatialReference(32633))
GRID = FeatureSet.of(
    np.array([shapely.box(c, r, c + 1, r + 1) for r in range(6) for c in range(7)], object),
    SpatialReference(32633),
)


def score(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The formula as it is printed, feature by feature."""
    n, mean = len(x), x.mean()
    s = math.sqrt((x * x).sum() / n - mean**2)
    above = [(w * x).sum() - mean * w.sum() for w in weights]
    below = [s * math.sqrt((n * (w * w).sum() - w.sum() ** 2) / (n - 1)) for w in weights]
    return np.array(above) / np.array(below)


def nearest(count: int) -> np.ndarray:
    return (np.argsort(np.argsort(FAR, axis=1), axis=1) <= count).astype(float)


def grid(corners: bool) -> np.ndarray:
    row, column = np.divmod(np.arange(42), 7)
    apart = np.abs(row[:, None] - row), np.abs(column[:, None] - column)
    return ((np.maximum(*apart) <= 1) if corners else (apart[0] + apart[1] <= 1)).astype(float)


LIMIT = np.sort(FAR, axis=1)[:, 1].max()
CLOSE = np.where(FAR <= 200, 1 / np.maximum(FAR, 1), 0)


@pytest.mark.parametrize(
    ("features", "weighting", "weights"),
    [
        (POINTS, Weighting(band=150), (FAR <= 150).astype(float)),
        (POINTS, Weighting(), (FAR <= LIMIT).astype(float)),
        (POINTS, Weighting("INVERSE_DISTANCE", band=200), CLOSE),
        (POINTS, Weighting("INVERSE_DISTANCE_SQUARED", band=200), CLOSE**2),
        (POINTS, Weighting("INVERSE_DISTANCE", band=0), 1 / np.maximum(FAR, 1)),
        (POINTS, Weighting("K_NEAREST_NEIGHBORS", count=6), nearest(6)),
        (
            POINTS,
            Weighting(method="MANHATTAN_DISTANCE", band=150),
            (np.abs(XY[:, None] - XY).sum(axis=-1) <= 150).astype(float),
        ),
        (GRID, Weighting("CONTIGUITY_EDGES_ONLY"), grid(corners=False)),
        (GRID, Weighting("CONTIGUITY_EDGES_CORNERS"), grid(corners=True)),
    ],
)
def test_statistic_is_that_of_the_formula(
    features: FeatureSet[Any], weighting: Weighting, weights: np.ndarray
) -> None:
    x = VALUES[: len(features)]
    sums, numbers = sum_weights(features, x, np.ones(len(x)), weighting, RecordedRun())
    spots = score_features(x, sums)
    assert spots.score == pytest.approx(score(weights, x), rel=1e-9, abs=1e-9)
    assert (numbers == (weights > 0).sum(axis=1) - 1).all()
    rows = weights / weights.sum(axis=1, keepdims=True)
    assert spots.score == pytest.approx(score(rows, x), rel=1e-9, abs=1e-9), "standardization changes nothing"


def test_probability_and_bins_are_those_of_the_normal_distribution() -> None:
    sums, _ = sum_weights(POINTS, VALUES, np.ones(120), Weighting(band=150), RecordedRun())
    spots = score_features(VALUES, sums)
    limits = np.array([1.6448536269514722, 1.959963984540054, 2.5758293035489004])
    expected = np.sign(spots.score) * (np.abs(spots.score)[:, None] >= limits).sum(axis=1)
    assert (spots.confidence == expected).all()
    assert set(spots.confidence) >= {-1, 0, 3}
    assert spots.probability[0] == pytest.approx(math.erfc(abs(spots.score[0]) / math.sqrt(2)))


def test_false_discovery_rate_leaves_fewer() -> None:
    """The example of Benjamini and Hochberg's paper (1995, section 4.1): four of fifteen at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert find_critical(np.array(p[::-1]), 0.05) == 0.0095
    assert find_critical(np.array([0.5, 0.9]), 0.05) < 0


def test_order_of_features_does_not_matter() -> None:
    order = RANDOM.permutation(120)
    for weighting in (Weighting(), Weighting("K_NEAREST_NEIGHBORS"), Weighting("INVERSE_DISTANCE", band=100)):
        sums, _ = sum_weights(POINTS, VALUES, np.ones(120), weighting, RecordedRun())
        turned, _ = sum_weights(POINTS.take(order), VALUES[order], np.ones(120), weighting, RecordedRun())
        assert score_features(VALUES[order], turned).score == pytest.approx(
            score_features(VALUES, sums).score[order]
        )


def test_band_lets_every_place_have_a_neighbour() -> None:
    assert find_band(Places(XY), RecordedRun()) == pytest.approx(LIMIT)


@pytest.mark.parametrize(
    ("features", "weighting", "words"),
    [
        (POINTS, Weighting("ZONE_OF_INDIFFERENCE"), "is not offered"),
        (POINTS, Weighting("GET_SPATIAL_WEIGHTS_FROM_FILE"), "are not read"),
    ],
)
def test_relationship_that_is_not_offered_is_refused(
    features: FeatureSet[Any], weighting: Weighting, words: str
) -> None:
    with pytest.raises(ToolError, match=words):
        sum_weights(features, VALUES, np.ones(120), weighting, RecordedRun())


def test_features_with_too_many_neighbours_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpserverless.analysis.spatial_weights.MAX_NEIGHBOURS", 100)
    with pytest.raises(ToolError, match="at most 100"):
        sum_weights(POINTS, VALUES, np.ones(120), Weighting(band=500), RecordedRun())


@pytest.mark.parametrize(("values", "words"), [(np.ones(9), "the same"), (np.array([1.0, 2]), "at least 3")])
def test_values_that_tell_nothing_are_refused(values: np.ndarray, words: str) -> None:
    points = POINTS.take(np.arange(len(values)))
    sums, _ = sum_weights(points, values, np.ones(len(values)), Weighting(band=500), RecordedRun())
    with pytest.raises(ToolError, match=words):
        score_features(values, sums)
