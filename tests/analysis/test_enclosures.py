"""Areas that lines enclose: all of them, each once, with the attributes of the point inside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.enclosures import enclose
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.values.units import LinearUnit
from tests.analysis.layers import scattered
from tests.analysis.told import Told, features

HASH = features(
    *(f"LINESTRING ({n} 0, {n} 9)" for n in (3, 6)), *(f"LINESTRING (0 {n}, 9 {n})" for n in (3, 6))
)
"""Two lines across two others; they enclose the square in the middle."""


def areas(*layers: FeatureSet[Any], given: LinearUnit | None = None) -> list[float]:
    found = enclose(layers, given, Told())
    return sorted(shapely.area(found.geometries).round(6).tolist())


def test_lines_enclose_an_area_and_their_loose_ends_do_not() -> None:
    found = enclose([HASH], None, Told())
    assert found.geometry_type == POLYGON
    assert not found.columns
    assert shapely.equals(found.geometries, shapely.box(3, 3, 6, 6)).tolist() == [True]


@pytest.mark.parametrize(
    ("shapes", "sizes"),
    [
        (["POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (3 3, 6 3, 6 6, 3 6, 3 3))"], [9, 72]),  # the hole too
        (["POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))", "POLYGON ((2 2, 2 6, 6 6, 6 2, 2 2))"], [4, 12, 12]),
        (["POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))", "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))"], [16]),
    ],
)
def test_areas_of_polygons_do_not_overlap(shapes: list[str], sizes: list[float]) -> None:
    assert areas(features(*shapes)) == sizes


def test_lines_and_polygons_of_several_layers_enclose_areas_together() -> None:
    square = features("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))")
    assert areas(square, features("LINESTRING (-5 4, 15 4)", "LINESTRING (2 2, 4 2)")) == [40, 60]
    assert areas(square, HASH) == [9, 9, 9, 9, 64]


def test_chords_divide_a_disc_as_often_as_they_cross() -> None:
    random = np.random.default_rng(2)
    angle = random.uniform(0, 2 * np.pi, (40, 2))
    ends = 2.0 * np.stack([np.cos(angle), np.sin(angle)], -1)
    chords = np.asarray(shapely.linestrings(ends), object)
    disc = shapely.Point(0, 0).buffer(1.0)
    layer = features(*(shapely.to_wkt(chord, rounding_precision=-1) for chord in chords))
    found = enclose([features(disc.wkt), layer], None, Told())
    inside = shapely.within(shapely.point_on_surface(found.geometries), disc)
    left, right = np.triu_indices(len(chords), 1)
    crossings = shapely.intersects(shapely.intersection(chords[left], chords[right]), disc).sum()
    assert inside.sum() == 1 + shapely.intersects(chords, disc).sum() + crossings  # Euler's formula


def test_areas_cover_all_polygons_and_do_not_depend_on_their_order() -> None:
    layer = scattered(6, 40)
    found = enclose([layer], None, Told())
    outer = shapely.union_all(layer.geometries)
    filled = shapely.union_all([shapely.polygons(part.exterior) for part in shapely.get_parts(outer)])
    assert shapely.area(found.geometries).sum() == pytest.approx(filled.area)
    turned = layer.take(np.arange(len(layer))[::-1])
    assert areas(layer) == pytest.approx(areas(turned), abs=1e-5)


def test_tolerance_closes_what_is_nearly_closed() -> None:
    gap = features("LINESTRING (0 0.3, 0 10, 10 10, 10 0, 0 0)")
    assert areas(gap) == []
    assert areas(gap, given=LinearUnit(1)) == [100]


def test_area_gets_the_attributes_of_the_point_inside() -> None:
    squares = features("POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))", "POLYGON ((4 0, 4 4, 8 4, 8 0, 4 0))")
    points = features("POINT (1 1)", "POINT (2 2)", "POINT (4 1)", NAME=["p", "q", "border"], SIZE=[1, 2, 3])
    told = Told()
    found = enclose([squares], None, told, points)
    assert found.column("NAME").tolist() == ["p", None]
    assert found.column("SIZE").tolist() == [1, None]
    assert list(found.columns) == ["NAME", "SIZE"]
    assert told.warnings == [
        "1 point lies inside no polygon and was not used.",
        "1 point lies in the polygon of another and was not used.",
    ]


def test_points_may_be_in_another_reference() -> None:
    square = features(
        "POLYGON ((499000 5500000, 499000 5502000, 501000 5502000, 501000 5500000, 499000 5500000))"
    )
    there = features("POINT (0 0)", wkid=4326).spatial_reference
    assert there is not None
    points = features("POINT (500000 5501000)", NAME=["p"]).project(there)
    found = enclose([square], None, Told(), points)
    assert found.column("NAME").tolist() == ["p"]
    assert found.spatial_reference == square.spatial_reference


def test_nothing_is_enclosed_by_nothing() -> None:
    none = HASH.take(np.zeros(4, bool))
    found = enclose([none], None, Told(), features("POINT (1 1)", NAME=["p"]))
    assert len(found) == 0
    assert list(found.columns) == ["NAME"]


def test_points_enclose_nothing_and_lines_are_no_labels() -> None:
    point = features("POINT (1 2)")
    with pytest.raises(InvalidParameter, match="in_features"):
        enclose([point], None, Told())
    with pytest.raises(InvalidParameter, match="in_features"):
        enclose([], None, Told())
    with pytest.raises(InvalidParameter, match="label_features"):
        enclose([HASH], None, Told(), HASH)
