"""True curves: where they run, how closely they are drawn, and what is none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import orjson
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import FeatureLimits, decode_features
from gpserverless.geometry.curves import STEP

TURN = math.pi


def features(*geometries: Any) -> bytes:
    return orjson.dumps({"features": [{"attributes": {"A": 1}, "geometry": g} for g in geometries]})


def drawn(*geometries: Any) -> FeatureSet[Any]:
    return decode_features(features(*geometries))


CIRCLES = [
    [[0, 1], {"c": [[0, -1], [1, 0]]}, {"c": [[0, 1], [-1, 0]]}],
    [[1, 0], {"c": [[1, 0], [-1, 0]]}],
    [[1, 0], {"a": [[1, 0], [0, 0], 0, 1]}],
    [[1, 0], {"a": [[1, 0], [0, 0], 0, 0, 0, 1, 1]}],
    [[0, 1], {"a": [[1, 0], [0, 0], 1, 1]}, {"a": [[0, 1], [0, 0], 0, 1]}],
]


@pytest.mark.parametrize("ring", CIRCLES)
def test_circles_are_round(ring: Any) -> None:
    circle = drawn({"curveRings": [ring]}).geometries[0]
    radii = np.hypot(*shapely.get_coordinates(circle).T)
    assert radii == pytest.approx(np.ones(len(radii)))
    assert circle.area == pytest.approx(math.pi, rel=1e-3)
    assert circle.is_valid
    closest = shapely.distance(shapely.Point(0, 0), circle.exterior)
    assert closest >= math.cos(STEP / 2) - 1e-12


def test_ellipses_are_turned_and_flattened() -> None:
    ring = [[0, 4], {"a": [[0, 4], [0, 0], 0, 0, math.pi / 2, 4, 0.5]}]
    ellipse = drawn({"curveRings": [ring]}).geometries[0]
    assert ellipse.bounds == pytest.approx((-2, -4, 2, 4))
    assert ellipse.area == pytest.approx(8 * math.pi, rel=1e-3)


ARCS = [
    ({"a": [[0, 1], [0, 0], 1, 0]}, math.pi / 2),
    ({"a": [[0, 1], [0, 0], 0, 1]}, 3 * math.pi / 2),
    ({"c": [[0, 1], [math.sqrt(0.5), math.sqrt(0.5)]]}, math.pi / 2),
    ({"c": [[0, 1], [-math.sqrt(0.5), -math.sqrt(0.5)]]}, 3 * math.pi / 2),
    ({"c": [[-1, 0], [0, 0]]}, 2.0),
    ({"b": [[4, 0], [1, 0], [3, 0]]}, 3.0),
]


@pytest.mark.parametrize(("curve", "length"), ARCS)
def test_arcs_run_the_way_they_say(curve: Any, length: float) -> None:
    path = drawn({"curvePaths": [[[1, 0], curve]]}).geometries[0]
    assert path.length == pytest.approx(length, rel=1e-3)


def test_bezier_curve_departs_little_from_its_chords() -> None:
    start, one, two, end = (np.array(p, float) for p in ((0, 0), (0, 4), (4, 4), (4, 0)))
    path = drawn({"curvePaths": [[[0, 0], {"b": [[4, 0], [0, 4], [4, 4]]}]]}).geometries[0]
    t = np.linspace(0, 1, 5001)[:, None]
    curve = (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * one + 3 * (1 - t) * t**2 * two + t**3 * end
    assert shapely.distance(shapely.points(curve), path).max() <= 12 * (1 - math.cos(STEP / 2))


def test_vertices_between_curves_stay_and_heights_are_interpolated() -> None:
    path = {"hasZ": True, "curvePaths": [[[1, 0, 10], {"a": [[0, 1, 20], [0, 0], 1, 0]}, [-5, 1, 30]]]}
    line = drawn(path).geometries[0]
    points = shapely.get_coordinates(line, include_z=True)
    assert points[[0, -2, -1]].tolist() == [[1, 0, 10], [0, 1, 20], [-5, 1, 30]]
    assert points[len(points) // 2 - 1, 2] == pytest.approx(15, abs=0.5)


def test_curves_beside_plain_geometries_and_layers() -> None:
    mixed = drawn({"paths": [[[0, 0], [1, 1]]]}, {"curvePaths": [[[1, 0], {"c": [[-1, 0], [0, 1]]}]]}, None)
    assert shapely.get_num_coordinates(mixed.geometries).tolist()[0] == 2
    assert mixed.geometries[1].length == pytest.approx(math.pi, rel=1e-3)
    assert mixed.geometries[2] is None
    parsed = orjson.loads(features({"curvePaths": [[[1, 0], {"c": [[-1, 0], [0, 1]]}]]}))
    assert decode_features(parsed).geometries[0].length == pytest.approx(math.pi, rel=1e-3)


def test_decode_warns_with_the_number_of_curves() -> None:
    said: list[str] = []
    decode_features(features({"curveRings": [CIRCLES[0]]}, {"curveRings": [CIRCLES[1]]}), warn=said.append)
    assert said == ["Densified 3 true curves: a chord departs by at most 0.03 % of the radius."]
    decode_features(features({"paths": [[[0, 0], [1, 1]]]}), warn=said.append)
    assert len(said) == 1


WRONG = [
    ([{"c": [[2, 0], [1, 0]]}], "features[0]: a path begins with a curve"),
    ([[0, 0], {"z": 1}], "features[0]: {'z': 1} is not a curve"),
    ([[0, 0], {"c": [[1, 0]]}], "features[0]: a curve has 1 point"),
    ([[0, 0], {"c": [[1, 0, 5], [1, 1]]}], "features[0]: a curve ends with more or fewer ordinates"),
    ([[0, 0], {"a": [[1, 0], [0, 0]]}], "features[0]: an arc is not [end, centre, minor, clockwise]"),
    ([[0, 0], {"a": [[1, 0], [0, 0], 1, 1, 0, -2, 0.5]}], "features[0]: an arc's axis is not above 0"),
    ([[0, 0], {"b": [[1, 0], [0, 0]]}], "features[0]: a curve has 2 points"),
    ([[0, "x"]], "features[0]: [0, 'x'] in a curve is not a vertex"),
    (3, "features[0]: its curvePaths are not lists"),
]


@pytest.mark.parametrize(("path", "problem"), WRONG)
def test_malformed_curves_are_named(path: Any, problem: str) -> None:
    geometry = {"curvePaths": path if path == 3 else [path]}
    with pytest.raises(InvalidValue) as caught:
        drawn(geometry)
    assert problem in caught.value.problem


def test_curves_cannot_come_to_too_many_vertices() -> None:
    many = features(*[{"curveRings": [CIRCLES[1]]}] * 20)
    with pytest.raises(InvalidValue, match="its true curves come to more than 1,000 vertices"):
        decode_features(many, limits=FeatureLimits(100, 1000))
