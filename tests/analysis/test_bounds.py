"""The least shapes around features: closed forms, and every direction of the hull tried one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

from gpserverless.analysis.bounds import bound_by_envelopes, bound_features
from gpserverless.analysis.calipers import find_diameters, fit_rectangles, list_hulls
from tests.analysis.told import Told, draw_walks, features, texts

CLOUD = [shapely.convex_hull(shapely.from_wkt(text)) for text in draw_walks(200, 30, seed=3)]
BOXES = [shapely.box(0, 0, 4, 1), shapely.box(-3, -3, 0, 0), shapely.Polygon([(0, 0), (2, 0), (1, 5)])]
HULLS = np.array(CLOUD + BOXES, object)


def measure_spans(hull: shapely.Polygon) -> np.ndarray:
    """Return both sides of the rectangle on each edge of a hull, one by one."""
    x = shapely.get_coordinates(hull)
    sides = []
    for a, b in pairwise(x):
        u = (b - a) / np.hypot(*(b - a))
        along, across = x @ u, x @ [-u[1], u[0]]
        sides.append((np.ptp(along), np.ptp(across)))
    return np.array(sides)


def test_rectangles_are_the_least_of_all_directions() -> None:
    listed = list_hulls(HULLS)
    by_area, by_width = (fit_rectangles(listed, by_width=by_width) for by_width in (False, True))
    for number, hull in enumerate(HULLS):
        sides = measure_spans(hull)
        assert by_area.width[number] * by_area.length[number] == pytest.approx(sides.prod(axis=1).min())
        assert by_width.width[number] == pytest.approx(sides.min())


@pytest.mark.parametrize("by_width", [True, False])
def test_rectangles_cover_their_hulls_and_have_their_sizes(by_width: bool) -> None:
    found = fit_rectangles(list_hulls(HULLS), by_width=by_width)
    drawn = shapely.polygons(found.corners)
    assert shapely.covers(shapely.buffer(drawn, 1e-9), HULLS).all()
    assert shapely.area(drawn) == pytest.approx(found.width * found.length)
    run = found.corners[:, 1] - found.corners[:, 0]
    rise = found.corners[:, 2] - found.corners[:, 1]
    longer = np.where((np.hypot(*run.T) >= np.hypot(*rise.T))[:, None], run, rise)
    azimuth = np.degrees(np.arctan2(longer[:, 0], longer[:, 1])) % 180
    apart = np.abs(azimuth - found.orientation) % 180
    assert np.minimum(apart, 180 - apart) == pytest.approx(0, abs=1e-6)
    assert (found.orientation >= 0).all()
    assert (found.orientation < 180).all()


def test_diameter_is_the_greatest_distance_of_all_pairs() -> None:
    listed = list_hulls(HULLS)
    first, second = find_diameters(listed)
    found = np.hypot(*(listed.vertices[first] - listed.vertices[second]).T)
    for number, hull in enumerate(HULLS):
        x = shapely.get_coordinates(hull)
        assert found[number] == pytest.approx(np.hypot(*(x[:, None] - x[None]).T).max())


def test_circle_is_the_least_one() -> None:
    triangle = "POLYGON ((0 0, 6 0, 0 8, 0 0))"  # of a right angle: half of the longest side
    shapes, columns = bound_features(features(triangle), "CIRCLE", None, Told())
    assert columns["MBG_Diameter"].tolist() == [pytest.approx(10)]
    x, y = shapely.get_coordinates(shapes.geometries).T
    assert np.hypot(x - 3, y - 4) == pytest.approx(5)


def test_hull_tells_its_width_length_and_farthest_vertices() -> None:
    shapes, columns = bound_features(features("LINESTRING (0 0, 4 0, 4 3)"), "CONVEX_HULL", None, Told())
    assert shapely.area(shapes.geometries).tolist() == [6]
    assert columns["MBG_Length"].tolist() == [pytest.approx(5)]
    assert columns["MBG_Width"].tolist() == [pytest.approx(2.4)]  # the height on the longest side: 2 * 6 / 5
    ends = {(columns[f"MBG_APodX{i}"][0], columns[f"MBG_APodY{i}"][0]) for i in (1, 2)}
    assert ends == {(0, 0), (4, 3)}


def test_groups_have_one_shape_each() -> None:
    points = features(
        *(f"POINT ({x} {y})" for x, y in [(0, 0), (9, 9), (4, 0), (0, 3), (9, 8), (8, 9)]), K=list("abaabb")
    )
    listed, _ = bound_features(points, "CONVEX_HULL", ["K"], Told())
    assert dict(zip(listed.column("K"), shapely.area(listed.geometries), strict=True)) == {"a": 6, "b": 0.5}
    assert list(listed.columns) == ["K"]
    whole, _ = bound_features(points, "ENVELOPE", [], Told())
    assert [shape.bounds for shape in whole.geometries] == [(0, 0, 9, 9)]
    assert not whole.fields


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("POINT (1 1)", "CIRCLE", False),
        ("LINESTRING (0 0, 5 0)", "ENVELOPE", False),
        ("LINESTRING (0 0, 5 5)", "ENVELOPE", True),
        ("LINESTRING (0 0, 5 5)", "CIRCLE", True),
        ("LINESTRING (0 0, 5 5)", "CONVEX_HULL", False),
        ("LINESTRING (0 0, 5 5)", "RECTANGLE_BY_AREA", False),
    ],
)
def test_shapes_without_an_area_are_left_out_and_said(text: str, kind: str, kept: bool) -> None:
    told = Told()
    shapes, _ = bound_features(features(text), kind, None, told)
    assert len(shapes) == kept
    assert (told.warnings == []) == kept
    assert all("left out" in warning for warning in told.warnings)


def test_results_do_not_depend_on_the_order() -> None:
    walks = draw_walks(30, 20, seed=5)
    forth, forth_columns = bound_features(features(*walks), "RECTANGLE_BY_WIDTH", None, Told())
    back, back_columns = bound_features(features(*walks[::-1]), "RECTANGLE_BY_WIDTH", None, Told())
    assert texts(forth) == texts(back)[::-1]
    assert all((forth_columns[name] == back_columns[name][::-1]).all() for name in forth_columns)


def test_envelopes_of_features_and_of_their_parts() -> None:
    two = "MULTILINESTRING ((0 0, 2 3), (10 10, 14 11))"
    whole = bound_by_envelopes(features(two), Told(), parts=False)
    assert [shape.bounds for shape in whole.geometries] == [(0, 0, 14, 11)]
    apart = bound_by_envelopes(features(two), Told(), parts=True)
    assert shapely.area(apart.geometries).tolist() == [10]
    assert shapely.get_num_geometries(apart.geometries).tolist() == [2]
    over = bound_by_envelopes(features("MULTILINESTRING ((0 0, 4 4), (2 2, 6 6))"), Told(), parts=True)
    assert shapely.is_valid(over.geometries).all()
    assert shapely.area(over.geometries).tolist() == [28]


def test_envelopes_keep_the_features_apart() -> None:
    told = Told()
    flat, wide = "LINESTRING (0 0, 5 0)", "LINESTRING (0 0, 5 2)"
    found = bound_by_envelopes(features(flat, wide, None, wide), told, parts=True)
    assert found.column("ORIG_FID").tolist() == [102, 104]
    assert told.warnings == [
        "1 feature without a shape was left out.",
        "1 envelope has no area, and was left out.",
    ]


@pytest.mark.parametrize(
    "kind", ["RECTANGLE_BY_AREA", "RECTANGLE_BY_WIDTH", "CONVEX_HULL", "CIRCLE", "ENVELOPE"]
)
@pytest.mark.parametrize("groups", [None, []])
def test_no_features_give_no_shapes(kind: str, groups: list[str] | None) -> None:
    none = features("POINT (0 0)").take(np.zeros(1, bool))
    shapes, columns = bound_features(none, kind, groups, Told())
    assert len(shapes) == 0
    assert all(len(column) == 0 for column in columns.values())
