"""Which rings are polygons and which are holes, however they come."""

from __future__ import annotations

import itertools
from typing import Any

import orjson
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json import FeatureLimits, decode_features, encode_features
from tests.formats.esri_json.documents import feature_set


def ring(xmin: float, ymin: float, xmax: float, ymax: float, *, hole: bool = False) -> list[list[float]]:
    """Return a box as an outer ring (clockwise), or as a hole."""
    clockwise = [[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]]
    return clockwise[::-1] if hole else clockwise


OUTER, HOLE = ring(0, 0, 100, 100), ring(10, 10, 90, 90, hole=True)
ISLAND, LAKE = ring(20, 20, 80, 80), ring(30, 30, 70, 70, hole=True)
OTHER, OTHER_HOLE = ring(200, 0, 300, 100), ring(210, 10, 220, 20, hole=True)

# JTS TestOverlayAA.xml, case 11 (Eclipse Distribution License 1.0): the island lies in the hole of the second
# ring, so that a point of the hole tells nothing.
JTS_ISLAND_IN_HOLE = [
    [[100, 200], [120, 200], [120, 180], [100, 180], [100, 200]],
    [[60, 240], [220, 240], [220, 220], [160, 220], [160, 200], [200, 200], [200, 180], [160, 180],
     [160, 160], [220, 160], [220, 140], [60, 140], [60, 240]],
    [[80, 220], [80, 160], [140, 160], [140, 220], [80, 220]],
    [[280, 220], [300, 200], [260, 160], [240, 180], [280, 220]],
]  # fmt: skip
# JTS case 13: three holes touch each other and the first touches nothing.
JTS_TOUCHING_HOLES = [
    [[0, 0], [0, 4], [4, 4], [4, 0], [0, 0]],
    [[1, 1], [2, 1], [1, 2], [1, 1]],
    [[1, 2], [2, 3], [1, 3], [1, 2]],
    [[2, 3], [3, 2], [3, 3], [2, 3]],
]


def decoded(*rings: Any) -> Any:
    return decode_features(feature_set({"rings": list(rings)})).geometries[0]


@pytest.mark.parametrize(
    ("rings", "polygons", "holes", "area"),
    [
        ([OUTER], 1, 0, 10_000),
        ([OUTER[::-1]], 1, 0, 10_000),  # a lone ring is a polygon whichever way it runs
        ([OUTER, HOLE], 1, 1, 10_000 - 6_400),
        ([OUTER, OTHER], 2, 0, 20_000),
        ([OUTER, HOLE, ISLAND], 2, 1, 10_000 - 6_400 + 3_600),
        ([OUTER, HOLE, ISLAND, LAKE], 2, 2, 10_000 - 6_400 + 3_600 - 1_600),
        ([OUTER, HOLE, OTHER, OTHER_HOLE], 2, 2, 10_000 - 6_400 + 10_000 - 100),
        (JTS_ISLAND_IN_HOLE, 3, 1, 13_200 - 3_600 + 400 + 1_600),
        (JTS_TOUCHING_HOLES, 1, 3, 14.5),
    ],
)
def test_rings_nest_in_any_order(rings: list[Any], polygons: int, holes: int, area: float) -> None:
    orders = itertools.permutations(rings) if len(rings) < 5 else [rings]
    for order in orders:
        shape = decoded(*order)
        assert shapely.is_valid(shape)
        assert len(shapely.get_parts(shape)) == polygons
        assert sum(shapely.get_num_interior_rings(shapely.get_parts(shape))) == holes
        assert shape.area == pytest.approx(area)


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([OUTER[::-1], HOLE[::-1]], 10_000 - 6_400),  # everything the wrong way round
        ([OUTER[::-1], HOLE], 10_000 - 6_400),  # all rings counter-clockwise
        ([OUTER[::-1], HOLE, ISLAND[::-1], LAKE], 10_000 - 6_400 + 3_600 - 1_600),
        ([OUTER, OTHER[::-1]], 20_000),  # a hole in nothing is a polygon
        ([OUTER[::-1], OUTER[::-1]], 0),  # a ring is a hole in its twin
    ],
)
def test_rings_that_break_the_rule_nest_by_containment(rings: list[Any], area: float) -> None:
    assert decoded(*rings).area == pytest.approx(area)


def test_many_features_nest_each_by_itself() -> None:
    donut, plain = {"rings": [OUTER, HOLE]}, {"rings": [OUTER]}
    islands = {"rings": [HOLE, ISLAND, OUTER]}
    features = decode_features(feature_set(plain, donut, None, islands, donut, plain))
    expected = [10_000, 3_600, None, 7_200, 3_600, 10_000]
    assert [None if g is None else g.area for g in features.geometries] == expected


def test_many_rings_in_one_feature_nest_by_a_tree() -> None:
    places = [(20.0 * i, 20.0 * j) for i in range(15) for j in range(15)]
    outers = [ring(x, y, x + 10, y + 10) for x, y in places]
    holes = [ring(x + 2, y + 2, x + 4, y + 4, hole=True) for x, y in reversed(places)]
    shape = decoded(*holes, *outers)
    assert shape.area == pytest.approx(225 * 96)
    assert shapely.is_valid(shape)


@pytest.mark.parametrize(
    "rings", [[OUTER], [OUTER[::-1]], [HOLE[::-1], OUTER[::-1], OTHER], JTS_ISLAND_IN_HOLE]
)
def test_encoded_rings_run_clockwise_outside_and_counter_clockwise_inside(rings: list[Any]) -> None:
    features = decode_features(feature_set({"rings": rings}))
    again = decode_features(encode_features(features))
    shape = again.geometries[0]
    assert shape.equals(features.geometries[0])
    parts = shapely.get_parts(shape)
    assert not shapely.is_ccw(shapely.get_exterior_ring(parts)).any()
    inner = [hole for part in parts for hole in part.interiors]
    assert all(shapely.is_ccw(inner))


def test_measures_survive_nesting() -> None:
    def measured(corners: list[list[float]], m: float) -> list[list[float]]:
        return [[*corner, m] for corner in corners]

    document = feature_set({"rings": [measured(HOLE, 2), measured(OUTER, 1)]}, hasM=True)
    shape = decode_features(document).geometries[0]
    assert set(shapely.get_coordinates(shape.exterior, include_m=True)[:, 2]) == {1}
    assert set(shapely.get_coordinates(shape.interiors[0], include_m=True)[:, 2]) == {2}


def test_rings_nested_too_often_are_refused_at_once() -> None:
    def square(size: int) -> list[list[int]]:
        ring = [[-size, -size], [-size, size], [size, size], [size, -size], [-size, -size]]
        return ring if size % 2 else ring[::-1]

    feature = {"geometry": {"rings": [square(size + 1) for size in range(4000)]}}
    with pytest.raises(InvalidValue, match="its rings lie in one another too often"):
        decode_features({"features": [feature]}, accepted=frozenset(), limits=FeatureLimits(10, 10**6))


def compute_net_area(rings: list[Any]) -> float:
    """Return the area as readers of Esri JSON compute it: clockwise rings count, others are taken off."""
    return -sum((a[0] * b[1] - b[0] * a[1]) / 2 for ring in rings for a, b in itertools.pairwise(ring))


# Two triangles that meet at (5, 5): the right one is 2, counter-clockwise, the left one 1, clockwise. It is a
# hole of 1, though its highest corner turns the other way.
CROSSING_HOLE = [[5, 5], [7, 4], [7, 6], [5, 5], [4, 8], [5, 7], [5, 5]]
BOX = [[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]
TALL_LOOP = [[0, 0], [0, 10], [10, 10], [10, 0], [5, -1], [4, 12], [6, 12], [5, -1], [0, 0]]
STAR = [[0, 10], [5.877852523, -8.090169944], [-9.510565163, 3.090169944], [9.510565163, 3.090169944],
        [-5.877852523, -8.090169944], [0, 10]]  # fmt: skip


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([BOX, CROSSING_HOLE], 99),
        ([CROSSING_HOLE, BOX], 99),
        ([TALL_LOOP], None),
        ([STAR, [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]], None),  # a hole where the star runs round twice
        ([[[2 - x, y] for x, y in CROSSING_HOLE]], 1),
    ],
)
def test_ring_that_crosses_itself_keeps_its_direction(rings: list[Any], area: float | None) -> None:
    wanted = compute_net_area(rings)
    assert area is None or wanted == pytest.approx(area)
    features = decode_features(feature_set({"rings": rings}))
    for _ in range(2):
        written = orjson.loads(encode_features(features))["features"][0]["geometry"]["rings"]
        assert compute_net_area(written) == pytest.approx(wanted, abs=1e-6)
        features = decode_features(feature_set({"rings": written}))
