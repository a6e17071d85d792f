"""Points along lines: at the distances asked for, on the line, on the ellipsoid too."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.analysis.lengths import Length
from gpserverless.analysis.points_along_lines import place_points
from gpserverless.errors import ToolError
from tests.analysis.told import Told, draw_walks, features, texts

GEOD = Geod(ellps="WGS84")
BENT = "LINESTRING (0 0, 10 0, 10 20)"
SQUARE = "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))"


@pytest.mark.parametrize(
    ("text", "distance", "ends", "expected"),
    [
        (BENT, 12, False, ["POINT (10 2)", "POINT (10 14)"]),
        (BENT, 12, True, ["POINT (0 0)", "POINT (10 2)", "POINT (10 14)", "POINT (10 20)"]),
        (BENT, 15, False, ["POINT (10 5)"]),  # the second falls on the end
        (BENT, 15, True, ["POINT (0 0)", "POINT (10 5)", "POINT (10 20)"]),
        (BENT, 100, False, []),
        (BENT, 100, True, ["POINT (0 0)", "POINT (10 20)"]),
        (SQUARE, 8, True, ["POINT (0 0)", "POINT (4 4)"]),
        ("MULTILINESTRING ((0 0, 5 0), (0 9, 7 9))", 3, False, ["POINT (3 0)", "POINT (3 9)", "POINT (6 9)"]),
    ],
)
def test_points_lie_at_multiples_of_the_distance(
    text: str, distance: float, ends: bool, expected: list[str]
) -> None:
    assert texts(place_points(features(text), Told(), distance=Length(distance), ends=ends)) == expected


@pytest.mark.parametrize(("percentage", "count"), [(50, 1), (40, 2), (10, 9), (100, 0), (33.3, 3)])
def test_percentage_is_a_share_of_each_line(percentage: float, count: int) -> None:
    found = place_points(features(BENT, "LINESTRING (0 0, 0 1)"), Told(), percentage=percentage)
    assert found.column("ORIG_FID").tolist() == [101] * count + [102] * count
    assert shapely.get_y(found.geometries[count:]) == pytest.approx(
        np.arange(1, count + 1) * percentage / 100
    )


def test_places_are_those_of_shapely_on_every_line() -> None:
    walks = features(*draw_walks(300, 40, seed=4))
    found = place_points(walks, Told(), distance=Length(0.7))
    number = found.column("ORIG_FID") - 101
    first = np.searchsorted(number, np.arange(len(walks)))
    distance = (np.arange(len(found)) - first[number] + 1) * 0.7
    expected = shapely.line_interpolate_point(walks.geometries[number], distance)
    assert shapely.distance(found.geometries, expected) == pytest.approx(0, abs=1e-9)
    assert (
        np.bincount(number).tolist() == np.floor(shapely.length(walks.geometries) / 0.7).astype(int).tolist()
    )


def test_distances_on_the_ellipsoid_are_those_of_the_drawn_line() -> None:
    found = place_points(
        features("LINESTRING (0 10, 50 70)", wkid=4326), Told(), distance=Length(100_000, geodesic=True)
    )
    x, y = shapely.get_coordinates(found.geometries).T
    assert (y - 10) / (x * 60 / 50) == pytest.approx(1)
    fine = np.linspace(0, 1, 200_001)
    steps = GEOD.inv(50 * fine[:-1], 10 + 60 * fine[:-1], 50 * fine[1:], 10 + 60 * fine[1:])[2]
    along = np.interp(x / 50, fine, np.concatenate([[0], np.cumsum(steps)]))
    assert along == pytest.approx(100_000 * np.arange(1, len(found) + 1), abs=10)


def test_heights_and_measures_are_those_of_the_place() -> None:
    found = place_points(features("LINESTRING ZM (0 0 0 100, 10 0 20 200)"), Told(), distance=Length(4))
    x = shapely.get_coordinates(found.geometries, include_z=True, include_m=True)
    assert x.tolist() == [[4, 0, 8, 140], [8, 0, 16, 180]]


def test_too_many_points_are_refused_before_the_work() -> None:
    with pytest.raises(ToolError, match="at most 50,000,000 fit"):
        place_points(features(BENT), Told(), distance=Length(1e-9))


def test_lines_without_a_shape_or_a_length_give_no_points_between() -> None:
    told = Told()
    found = place_points(features("LINESTRING (1 1, 1 1)", None), told, distance=Length(1), ends=False)
    assert len(found) == 0
    assert told.warnings == ["1 feature without a shape was left out."]
