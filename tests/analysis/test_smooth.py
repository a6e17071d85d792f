"""Smooth paths: ends and straight lines stay, waves shrink as the kernel says, curves meet vertices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.lengths import Length
from gpserverless.analysis.smooth import REACH, Smoothing, smooth
from gpserverless.errors import ToolError
from tests.analysis.told import Told, draw_walks, features

CORNER = "LINESTRING (0 0, 100 0, 100 100)"
SQUARE = "POLYGON ((0 0, 0 100, 100 100, 100 0, 0 0))"
PAEK = Smoothing(bezier=False, fixed=True, check="NO_CHECK")
FREE = Smoothing(bezier=False, fixed=False, check="NO_CHECK")
BEZIER = Smoothing(bezier=True, fixed=True, check="NO_CHECK")


def draw(text: str, tolerance: float, smoothing: Smoothing = PAEK) -> Any:
    return smooth(features(text), Length(tolerance), smoothing, Told()).geometries[0]


def test_straight_line_stays_and_ends_stay() -> None:
    assert draw("LINESTRING (0 0, 30 40, 60 80)", 7).equals_exact(
        shapely.from_wkt("LINESTRING (0 0, 60 80)"), 1e-9
    )
    for text in draw_walks(20, 30, seed=14):
        line = shapely.from_wkt(text)
        found = draw(text, 2)
        assert [*found.coords[0], *found.coords[-1]] == pytest.approx([*line.coords[0], *line.coords[-1]])


def test_corner_is_cut_within_half_of_the_kernel() -> None:
    found, line = draw(CORNER, 20), shapely.from_wkt(CORNER)
    assert shapely.hausdorff_distance(found, line) < 10
    assert shapely.distance(found, shapely.Point(100, 0)) > 1
    far = shapely.get_coordinates(found)
    far = far[np.hypot(*(far - [100, 0]).T) > 10.1]
    assert shapely.distance(shapely.points(far), line) == pytest.approx(0, abs=1e-6)
    turns = np.diff(np.unwrap(np.arctan2(*np.diff(shapely.get_coordinates(found), axis=0).T[::-1])))
    assert np.abs(turns).max() < 0.3


def test_small_wave_shrinks_by_the_transform_of_the_kernel() -> None:
    x = np.linspace(0, 400, 40_001)
    line = shapely.LineString(np.stack([x, 0.1 * np.sin(2 * np.pi * x / 40)], axis=1))
    wave = shapely.to_wkt(line, rounding_precision=-1)
    found = shapely.get_coordinates(draw(wave, 20))
    at = np.arange(-REACH, REACH + 1) / REACH
    weights = np.exp(-4.5 * at**2)
    left = (weights * np.cos(2 * np.pi * at * 10 / 40)).sum() / weights.sum()
    inner = found[(found[:, 0] > 40) & (found[:, 0] < 360)]
    assert np.abs(inner[:, 1]).max() == pytest.approx(0.1 * left, rel=0.03)
    assert left < 0.95


def test_larger_tolerance_is_smoother() -> None:
    lengths = [draw(draw_walks(1, 300, seed=15)[0], tolerance).length for tolerance in (1, 3, 10, 30)]
    assert lengths == sorted(lengths, reverse=True)


def test_rings_are_closed_and_keep_their_first_vertex_if_fixed() -> None:
    fixed, free = draw(SQUARE, 40), draw(SQUARE, 40, FREE)
    assert fixed.is_valid
    assert free.is_valid
    assert fixed.distance(shapely.Point(0, 0)) == pytest.approx(0, abs=1e-9)
    assert free.distance(shapely.Point(0, 0)) > 2
    cut = 100 * 100 - free.area
    corners = [free.distance(shapely.Point(p)) for p in [(0, 0), (0, 100), (100, 100), (100, 0)]]
    assert corners == pytest.approx([corners[0]] * 4, abs=0.1)
    assert 0 < cut < 4 * 20 * 20 / 2
    assert not free.exterior.is_ccw


def test_holes_stay_holes_and_parts_stay_parts() -> None:
    holed = "POLYGON ((0 0, 0 100, 100 100, 100 0, 0 0), (30 30, 70 30, 70 70, 30 70, 30 30))"
    found = draw(holed, 10, FREE)
    assert len(found.interiors) == 1
    assert found.area == pytest.approx(100 * 100 - 40 * 40, rel=0.01)
    two = draw("MULTILINESTRING ((0 0, 9 0, 9 9), (20 0, 29 0))", 2)
    assert len(two.geoms) == 2


def test_shape_shorter_than_the_kernel_does_not_vanish() -> None:
    found = draw("POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))", 1000, FREE)
    assert 0 < found.area < 1


def test_curves_run_through_all_vertices_with_one_direction() -> None:
    found = draw(CORNER, 0, BEZIER)
    x = shapely.get_coordinates(found)
    assert len(x) == 21
    assert x[[0, 10, 20]].tolist() == [[0, 0], [100, 0], [100, 100]]
    before, after = x[10] - x[9], x[11] - x[10]
    angle = np.degrees(np.arctan2(before[0] * after[1] - before[1] * after[0], before @ after))
    assert 0 < angle < 20  # the chords turn little; the corner turns by 90 degrees
    ring = draw(SQUARE, 0, Smoothing(bezier=True, fixed=False, check="NO_CHECK"))
    assert ring.area > 100 * 100
    assert {(0, 0), (0, 100), (100, 100), (100, 0)} <= set(ring.exterior.coords)


def test_heights_are_smoothed_too() -> None:
    found = draw("LINESTRING Z (0 0 0, 50 0 10, 100 0 20)", 10)
    z = shapely.get_coordinates(found, include_z=True)
    assert z[:, 2] == pytest.approx(z[:, 0] / 5)


def test_result_tells_its_feature_and_crossings() -> None:
    told = Told()
    check = Smoothing(bezier=True, fixed=True, check="FLAG_ERRORS")
    found = smooth(features(CORNER, None, CORNER, NAME=["a", "b", "c"]), Length(0), check, told)
    assert found.column("InLine_FID").tolist() == [101, 103]
    assert found.column("SmoLnFlag").tolist() == [0, 0]
    assert found.column("NAME").tolist() == ["a", "c"]
    assert told.warnings == ["1 feature without a shape was left out."]


@pytest.mark.parametrize("seed", range(3))
def test_smoothed_less_so_as_not_to_cross(seed: int) -> None:
    simple = [text for text in draw_walks(400, 9, seed=seed) if shapely.from_wkt(text).is_simple]
    check = Smoothing(bezier=True, fixed=True, check="RESOLVE_ERRORS")
    found = smooth(features(*simple), Length(0), check, Told())
    assert shapely.is_simple(found.geometries).all()


def test_tolerance_on_longitudes_and_latitudes_is_a_length() -> None:
    scale = 1 / 111_319.49
    x, y = np.array([[0, 0], [1000, 0], [1000, 1000]]).T * scale
    corner = shapely.LineString(np.stack([10 + x / np.cos(np.radians(60)), 60 + y], axis=1)).wkt
    found = smooth(features(corner, wkid=4326), Length(200, geodesic=True), PAEK, Told()).geometries[0]
    plane = (shapely.get_coordinates(found) - [10, 60]) * [np.cos(np.radians(60)), 1]
    flat = draw("LINESTRING (0 0, 1000 0, 1000 1000)", 200)
    assert shapely.hausdorff_distance(shapely.LineString(plane / scale), flat) < 1


def test_too_many_vertices_are_refused_before_the_work() -> None:
    with pytest.raises(ToolError, match="at most 50,000,000 fit"):
        draw(CORNER, 1e-6)


def test_no_features_stay_none() -> None:
    assert len(smooth(features(SQUARE).take(np.zeros(1, bool)), Length(1), PAEK, Told())) == 0
