"""Centres and ellipses: closed forms, and no better place anywhere near."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless import FeatureSet
from gpserverless.analysis.centres import (
    draw_ellipses,
    find_central_features,
    find_mean_centres,
    find_median,
    find_median_centres,
    read_cases,
)
from gpserverless.errors import InvalidParameter, InvalidValue, ToolError
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference

UTM = SpatialReference(32633)
RANDOM = np.random.default_rng(11)
XY = RANDOM.normal(0, 1, (200, 2)) * [300, 80] @ [[0.8, 0.6], [-0.6, 0.8]] + 5000
WEIGHT = RANDOM.integers(0, 5, 200)
PLACES = FeatureSet.of(
    np.asarray(shapely.points(XY)), UTM, {"W": WEIGHT, "G": ["a", "b"] * 100, "D": XY[:, 0] * 2}
)


def cases(features: FeatureSet[Any] = PLACES, weight: str | None = None, group: str | None = None) -> Any:
    return read_cases(features, weight, group, RecordedRun())


def test_mean_centre() -> None:
    found = find_mean_centres(cases(weight="W", group="G"), "D")
    assert found.column("G").tolist() == ["a", "b"]
    for row in (0, 1):
        mean = np.average(XY[row::2], axis=0, weights=WEIGHT[row::2])
        assert shapely.get_coordinates(found.geometries[row])[0] == pytest.approx(mean)
        assert found.numbers("XCoord")[row] == pytest.approx(mean[0])
        assert found.numbers("D")[row] == pytest.approx(2 * mean[0])


def test_median_centre_has_the_least_sum_of_distances() -> None:
    found = find_median_centres(cases(weight="W"), ["D"], RecordedRun())
    x, y = shapely.get_coordinates(found.geometries[0])[0]

    def add_up(x: float, y: float) -> float:
        return float((WEIGHT * np.hypot(XY[:, 0] - x, XY[:, 1] - y)).sum())

    least = add_up(x, y)
    assert all(add_up(x + a, y + b) > least for a, b in RANDOM.normal(0, 0.5, (50, 2)))
    assert found.numbers("D")[0] == np.median(XY[:, 0] * 2)


@pytest.mark.parametrize(
    ("xy", "weight", "expected"),
    [
        ([(0, 0), (2, 0), (1, 3), (1, 1)], [1, 1, 1, 9], (1, 1)),
        ([(0, 0), (4, 0), (4, 4), (0, 4)], [1, 1, 1, 1], (2, 2)),
        ([(0, 0), (1, 0), (5, 0)], [1, 1, 1], (1, 0)),
        ([(3, 3), (3, 3)], [1, 1], (3, 3)),
    ],
)
def test_median_of_a_few(xy: list[tuple[int, int]], weight: list[int], expected: tuple[int, int]) -> None:
    assert find_median(np.array(xy, float), np.array(weight, float)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("method", ["EUCLIDEAN_DISTANCE", "MANHATTAN_DISTANCE"])
def test_central_feature(method: Any) -> None:
    own = np.where(np.arange(200) % 3 == 0, 2000.0, 0)
    away = np.abs(XY[:, None] - XY)
    far = np.hypot(away[..., 0], away[..., 1]) if method == "EUCLIDEAN_DISTANCE" else away.sum(axis=-1)
    best = int(np.argmin(far @ WEIGHT + own * WEIGHT))
    found = find_central_features(cases(weight="W"), method, own, RecordedRun())
    assert found.geometries[0].equals(PLACES.geometries[best])
    assert found.column("G").tolist() == [PLACES.column("G")[best]]


def test_too_many_distances_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpserverless.analysis.centres.MAX_DISTANCES", 100)
    with pytest.raises(ToolError, match="40,000 distances"):
        find_central_features(cases(), "EUCLIDEAN_DISTANCE", np.zeros(200), RecordedRun())


def test_ellipse_of_a_cross() -> None:
    cross = FeatureSet.of(np.asarray(shapely.points([(0, 3), (0, -3), (1, 0), (-1, 0)])), UTM)
    found = draw_ellipses(cases(cross), "2_STANDARD_DEVIATIONS")
    assert [found.numbers(n)[0] for n in ("CenterX", "CenterY", "XStdDist", "YStdDist", "Rotation")] == (
        pytest.approx([0, 0, 2, 6, 0])
    )  # deviations of 1/sqrt(2) and 3/sqrt(2), times sqrt(2), times 2
    assert found.areas()[0] == pytest.approx(np.pi * 12, rel=1e-4)
    assert found.geometries[0].bounds == pytest.approx((-2, -6, 2, 6), abs=1e-9)


def test_ellipse_turns_with_its_places() -> None:
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    before = draw_ellipses(cases(), "1_STANDARD_DEVIATION")
    turned = FeatureSet.of(np.asarray(shapely.points(XY @ turn)), UTM)  # by 30 degrees clockwise
    after = draw_ellipses(cases(turned), "1_STANDARD_DEVIATION")
    assert (after.numbers("Rotation")[0] - before.numbers("Rotation")[0]) % 180 == pytest.approx(30)
    assert after.numbers("YStdDist")[0] == pytest.approx(before.numbers("YStdDist")[0])
    assert before.numbers("Rotation")[0] == pytest.approx(53.13, abs=5)


def test_ellipse_holds_63_percent_of_a_normal_scatter() -> None:
    scatter = RANDOM.normal(0, 10, (20_000, 2))
    found = draw_ellipses(
        cases(FeatureSet.of(np.asarray(shapely.points(scatter)), UTM)), "1_STANDARD_DEVIATION"
    )
    inside = shapely.contains_xy(found.geometries[0], *scatter.T).mean()
    assert inside == pytest.approx(1 - np.exp(-1), abs=0.01)


@pytest.mark.parametrize("points", [[(0, 0), (1, 1)], [(0, 0), (1, 1), (2, 2)]])
def test_ellipse_of_a_line_is_refused(points: list[tuple[int, int]]) -> None:
    with pytest.raises(ToolError, match="not on one line"):
        draw_ellipses(cases(FeatureSet.of(np.asarray(shapely.points(points)), UTM)), "1_STANDARD_DEVIATION")


def test_weights_are_numbers_from_zero() -> None:
    with pytest.raises(InvalidParameter, match="-1 is no weight"):
        cases(PLACES.with_columns({"W": np.full(200, -1)}), "W")
    with pytest.raises(InvalidParameter, match="at least one weight above 0"):
        cases(PLACES.with_columns({"W": np.zeros(200)}), "W")
    with pytest.raises(InvalidValue, match="no field 'X'"):
        cases(weight="X")


def test_features_without_a_shape_or_a_weight_are_left_out() -> None:
    run = RecordedRun()
    shapes = np.array([shapely.Point(0, 0), None, shapely.Point(4, 0), shapely.Point(9, 9)], object)
    features = FeatureSet.of(shapes, SpatialReference(4326), {"W": [1.0, 1.0, 3.0, np.nan]})
    found = find_mean_centres(read_cases(features, "W", None, run))
    assert found.numbers("XCoord").tolist() == [3]
    assert [t.partition(" ")[0] for t in run.texts] == ["1", "1", "The"]


def test_nothing_has_no_centre() -> None:
    none = PLACES.take([])
    for found in (
        find_mean_centres(cases(none, group="G")),
        find_median_centres(cases(none), [], RecordedRun()),
        draw_ellipses(cases(none), "1_STANDARD_DEVIATION"),
        find_central_features(cases(none), "EUCLIDEAN_DISTANCE", np.empty(0), RecordedRun()),
    ):
        assert len(found) == 0
