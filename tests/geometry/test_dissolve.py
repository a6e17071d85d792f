"""Unions of polygons."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless.geometry.dissolve import unite
from gpserverless.values.units import LinearUnit
from tests.geometry.shapes import features


def test_overlapping_buffers_dissolve_to_one() -> None:
    zones = (
        features("POINT (0 0)", "POINT (150 0)", "POINT (1000 0)", None).buffer(LinearUnit(100)).dissolve()
    )
    lens = 2 * 100**2 * math.acos(0.75) - 75 * math.sqrt(4 * 100**2 - 150**2)
    assert zones.geometries[0].area == pytest.approx(3 * math.pi * 1e4 - lens, rel=1e-3)
    assert len(shapely.get_parts(zones.geometries[0])) == 2


def test_invalid_polygons_dissolve_too() -> None:
    bowtie = "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"
    assert features(bowtie, "POLYGON ((5 0, 5 10, 20 10, 20 0, 5 0))").dissolve().geometries[0].area == 175


SQUARE = shapely.box(0, 0, 2, 2)
NEIGHBOURS = {
    "a common border": [shapely.box(2, 0, 4, 2)],
    "a vertex of one side alone on the border": [shapely.box(2, 0, 4, 1), shapely.box(2, 1, 4, 2)],
    "an overlap": [shapely.box(1, 1, 3, 3)],
    "a sliver of an overlap": [shapely.box(2 - 1e-7, 0, 4, 2)],
    "the same twice": [SQUARE],
    "one inside": [shapely.box(0.5, 0.5, 1, 1)],
    "one inside with a common border": [shapely.box(0, 0, 1, 2)],
    "a corner in common": [shapely.box(2, 2, 4, 4)],
    "nothing in common": [shapely.box(5, 5, 6, 6)],
    "a hole that is filled": [shapely.box(-1, -1, 3, 3).difference(SQUARE)],
    "three times the same": [SQUARE, SQUARE],
}


@pytest.mark.parametrize("others", NEIGHBOURS.values(), ids=NEIGHBOURS)
@pytest.mark.parametrize("crowd", [0, 40])
def test_union_is_that_of_the_general_algorithm(others: list[shapely.Polygon], crowd: int) -> None:
    far = [shapely.box(10 + 3 * x, 0, 12 + 3 * x, 1) for x in range(crowd)]
    shapes = np.array([*far, SQUARE, *others], object)
    union = unite(shapes)
    assert shapely.is_valid(union)
    assert shapely.equals(union, shapely.union_all(shapes))


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.tuples(*[st.integers(0, 8)] * 2, *[st.integers(1, 4)] * 2), min_size=1, max_size=30)
)
def test_union_of_rectangles_is_that_of_the_general_algorithm(places: list[tuple[int, ...]]) -> None:
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in places], object)
    assert shapely.equals(unite(shapes), shapely.union_all(shapes))
