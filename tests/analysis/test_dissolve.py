"""Dissolve: areas and lengths are kept, borders vanish, and the order of features does not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gpserverless import FeatureSet, SpatialReference
from gpserverless.analysis.dissolve import DissolveOptions, dissolve
from gpserverless.analysis.summary_statistics import read_statistics
from tests.analysis.recorder import Recorder

UTM = SpatialReference(32633)
BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def features(shapes: Any, **columns: Any) -> FeatureSet[Any]:
    return FeatureSet.of(shapes, UTM, columns)


def united(given: FeatureSet[Any], *fields: str, text: str = "", **options: Any) -> FeatureSet[Any]:
    statistics = read_statistics(text, given)
    return dissolve(given, DissolveOptions(fields, statistics, **options), Recorder())


@settings(max_examples=25, deadline=None)
@given(keys=st.lists(st.sampled_from("abc"), min_size=36, max_size=36))
def test_a_coverage_keeps_its_area_and_loses_its_borders(keys: list[str]) -> None:
    cells = [box(x, y, x + 1, y + 1) for x in range(6) for y in range(6)]
    found = united(features(cells, K=keys), "K", text="K COUNT")
    counts = {key: keys.count(key) for key in set(keys)}
    assert dict(zip(found.column("K"), found.areas(), strict=True)) == pytest.approx(counts)
    assert dict(zip(found.column("K"), found.column("COUNT_K"), strict=True)) == counts
    assert shapely.is_valid(found.geometries).all()


@settings(max_examples=25, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from("ab")), min_size=1),
    data=st.data(),
)
def test_overlaps_count_once_in_any_order(places: list[tuple[int, int, str]], data: st.DataObject) -> None:
    squares = [box(x, y, x + 3, y + 3) for x, y, _ in places]
    given = features(squares, K=[key for *_, key in places])
    cells = {(x + i, y + j, key) for x, y, key in places for i in range(3) for j in range(3)}
    found = united(given, "K")
    for key, area in zip(found.column("K"), found.areas(), strict=True):
        assert area == pytest.approx(sum(cell[2] == key for cell in cells))
    order = data.draw(st.permutations(range(len(places))))
    other = united(given.take(order), "K")
    assert other.column("K").tolist() == found.column("K").tolist()
    assert shapely.equals(other.geometries, found.geometries).all()


def test_single_parts_have_the_statistics_of_the_features_in_them() -> None:
    shapes = [
        box(0, 0, 1, 1),
        box(1, 0, 2, 1),
        box(5, 0, 6, 1),
        MultiPolygon([box(6, 0, 7, 1), box(9, 0, 10, 1)]),
    ]
    found = united(features(shapes, V=[1, 2, 4, 8]), text="V SUM", multi_part=False)
    assert sorted(zip(found.areas(), found.column("SUM_V"), strict=True)) == [(1, 8), (2, 3), (2, 12)]


CROSS = [LineString([(0, 0), (10, 0)]), LineString([(10, 0), (20, 0)]), LineString([(5, -5), (5, 5)])]


@pytest.mark.parametrize(
    ("unsplit", "multi", "wanted"),
    [
        (False, True, [(30, 7)]),
        (False, False, [(5, 1), (5, 4), (5, 4), (15, 3)]),
        (True, True, [(30, 7)]),
        (True, False, [(10, 4), (20, 3)]),
    ],
)
def test_lines_are_split_where_they_cross_or_joined_at_ends_alone(
    unsplit: bool, multi: bool, wanted: list[tuple[int, int]]
) -> None:
    found = united(features(CROSS, V=[1, 2, 4]), text="V SUM", multi_part=multi, unsplit_lines=unsplit)
    assert sorted(zip(found.lengths(), found.column("SUM_V"), strict=True)) == wanted


def test_lines_that_run_together_count_once() -> None:
    found = united(features([LineString([(0, 0), (6, 0)]), LineString([(4, 0), (10, 0)])]))
    assert found.lengths().tolist() == [10]


@pytest.mark.parametrize(("multi", "kind", "number"), [(True, "Multipoint", 1), (False, "Point", 2)])
def test_points_become_multipoints_without_repetition(multi: bool, kind: str, number: int) -> None:
    found = united(features([Point(0, 0), Point(1, 1), Point(0, 0)]), multi_part=multi)
    assert (found.geometry_type, len(found)) == (f"esriGeometry{kind}", number)
    assert len(shapely.get_parts(found.geometries)) == 2


def test_null_and_not_a_number_are_one_case() -> None:
    cells = [box(x, 0, x + 1, 1) for x in range(4)]
    found = united(features(cells, K=np.array([np.nan, 1.5, np.nan, 1.5])), "K")
    assert len(found) == 2


def test_shapes_that_are_missing_or_wrong_are_counted() -> None:
    watch = Recorder()
    found = dissolve(features([BOW, None, Polygon(), box(9, 9, 10, 10)]), DissolveOptions(), watch)
    assert found.areas().tolist() == [3.0]
    assert watch.warnings == ["2 features without a shape were left out.", "1 invalid polygon was repaired."]


def test_heights_are_left_out_and_it_is_said() -> None:
    watch = Recorder()
    found = dissolve(features([Point(0, 0, 5)]), DissolveOptions(), watch)
    assert not found.has_z
    assert watch.warnings == ["Dissolved features have no z and m."]


@pytest.mark.parametrize("shapes", [[], [None, None]])
@pytest.mark.parametrize("multi", [True, False])
def test_nothing_dissolves_to_nothing_with_its_fields(shapes: list[None], multi: bool) -> None:
    given = features(shapes, K=["a"] * len(shapes), V=[1] * len(shapes))
    found = united(given, "K", text="V SUM;K COUNT", multi_part=multi)
    assert (len(found), [f.name for f in found.fields]) == (0, ["K", "SUM_V", "COUNT_K"])


def test_shapes_without_a_union_are_united_on_a_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> Any:
        raise shapely.errors.GEOSException("TopologyException")

    monkeypatch.setattr("gpserverless.analysis.dissolve.unite_polygons", fail)
    watch = Recorder()
    found = dissolve(features([box(0, 0, 2, 2), box(1, 0, 3, 2)]), DissolveOptions(), watch)
    assert found.areas() == pytest.approx([6])
    assert watch.warnings == ["Shapes were united on a grid of 3e-09, since they have no union without one."]
