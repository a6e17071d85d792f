"""Polygons are valid or not, as GEOS says, whichever way is taken to tell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gpserverless.geometry.validity import find_valid

FAR = 5_000_000.0
SPIRAL = [(np.cos(a) * (1 + a / 9), np.sin(a) * (1 + a / 9)) for a in np.linspace(0, 4 * np.pi, 17)[:-1]]


def move_vertex(x: float) -> Polygon:
    """Return a box with another x of its second vertex."""
    places = np.array([(0, 0), (x, 0), (1, 1), (0, 1), (0, 0)])
    return shapely.set_coordinates(box(0, 0, 1, 1), places)


CASES = {
    "nothing": None,
    "no vertices": Polygon(),
    "a box": box(0, 0, 1, 1),
    "a box the other way": box(0, 0, 1, 1, ccw=False),
    "a box far away": box(FAR, FAR, FAR + 1e-3, FAR + 1e-3),
    "a box of no width": Polygon([(0, 0), (0, 1), (0, 2)]),
    "a bow": Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]),
    "a star drawn in two turns": Polygon([(np.cos(a), np.sin(a)) for a in np.arange(5) * 0.8 * np.pi]),
    "a spiral of two turns": Polygon(SPIRAL),
    "a vertex twice": Polygon([(0, 0), (1, 0), (1, 0), (1, 1), (0, 1)]),
    "a spike": Polygon([(0, 0), (2, 0), (2, 1), (4, 1), (2, 1), (2, 2), (0, 2)]),
    "a bend around its middle": Polygon([(0, 0), (9, 0), (9, 9), (0, 9), (0, 8), (8, 8), (8, 1), (0, 1)]),
    "a hole": Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 2, 2).exterior.coords]),
    "a hole outside": Polygon(box(0, 0, 1, 1).exterior, [box(3, 3, 4, 4).exterior.coords]),
    "two parts that overlap": MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)]),
    "an infinite vertex": move_vertex(np.inf),
    "a vertex that is no number": move_vertex(np.nan),
    "a vertex of the largest numbers": Polygon([(-1e308, -1e308), (1e308, -1e308), (1e308, 1e308)]),
    "a box of the smallest numbers": box(0, 0, 1e-200, 1e-200),
    "a line": LineString([(0, 0), (0, 0)]),
    "a point": Point(1, 2),
}


def test_geos_agrees_on_each_kind_of_shape_alone_and_beside_others() -> None:
    shapes = np.array(list(CASES.values()), object)
    expected = dict(zip(CASES, shapely.is_valid(shapes).tolist(), strict=True))
    assert dict(zip(CASES, find_valid(shapes).tolist(), strict=True)) == expected
    alone = {name: bool(find_valid(np.array([shape], object))[0]) for name, shape in CASES.items()}
    assert alone == expected


def test_no_shapes_have_no_answers() -> None:
    assert find_valid(np.empty(0, object)).tolist() == []


place = st.integers(-4, 4)
outline = st.lists(st.tuples(place, place), min_size=3, max_size=9)


@settings(max_examples=300, deadline=None)
@given(st.lists(outline, min_size=1, max_size=6), st.sampled_from([0.0, 0.1, FAR]))
def test_geos_agrees_on_any_outlines(outlines: list[list[tuple[int, int]]], shift: float) -> None:
    shapes = np.array([Polygon(np.array(each) * 0.1 + shift) for each in outlines], object)
    assert find_valid(shapes).tolist() == shapely.is_valid(shapes).tolist()


@pytest.mark.parametrize("jag", [0.05, 0.5, 2.0])
def test_geos_agrees_on_many_jagged_discs(jag: float) -> None:
    random = np.random.default_rng(5)
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) + random.normal(0, jag, (25_000, 12, 2))
    shapes = np.asarray(shapely.polygons(ring + random.uniform(-FAR, FAR, (25_000, 1, 2))))
    found = find_valid(shapes)
    assert found.tolist() == shapely.is_valid(shapes).tolist()
    assert found.any()
