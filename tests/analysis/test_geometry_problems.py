"""Problems of shapes: one shape for each, found with its place, and gone after the repair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.geometry_problems import find_problems, mend
from tests.analysis.told import Told, draw_walks, features, texts

BOW = "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"
GOOD = "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"

OUTSIDE = "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (20 20, 21 20, 21 21, 20 20))"

PROBLEMS = [
    (None, "Null geometry", None),
    ("POLYGON EMPTY", "Null geometry", None),
    (BOW, "Self-intersection", (5, 5)),
    (
        "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (20 20, 21 20, 21 21, 20 20))",
        "Hole lies outside shell",
        (20, 20),
    ),
    ("MULTIPOLYGON (((0 0, 0 9, 9 9, 9 0, 0 0)), ((1 1, 1 2, 2 2, 1 1)))", "Nested shells", (1, 1)),
    ("POLYGON ((0 0, 0 9, 0 9, 9 9, 9 0, 0 0))", "Repeated vertex", None),
    ("LINESTRING (0 0, 5 5, 5 5, 9 9)", "Repeated vertex", None),
]


@pytest.mark.parametrize(("text", "problem", "at"), PROBLEMS)
def test_each_problem_is_found_with_its_place(text: str | None, problem: str, at: Any) -> None:
    kind = "esriGeometryPolyline" if text and "LINE" in text else "esriGeometryPolygon"
    shapes = features(text)
    table = find_problems(shapes.with_geometries(shapes.geometries, kind), Told())
    assert table.column("PROBLEM").tolist() == [problem]
    assert table.column("FEATURE_ID").tolist() == [101]
    place = (table.column("X")[0], table.column("Y")[0])
    assert np.isnan(place).all() if at is None else place == at


def make_endless() -> Any:
    """Return a line with a coordinate that is not a number."""
    with np.errstate(invalid="ignore"):
        return features("LINESTRING (0 0, 1 1)").with_geometries(shapely.linestrings([[[0, 0], [1, np.nan]]]))


def test_coordinate_that_is_no_number_is_found_and_becomes_null() -> None:
    assert find_problems(make_endless(), Told()).column("PROBLEM").tolist() == [
        "Coordinate that is not a number"
    ]
    told = Told()
    assert mend(make_endless(), told, drop_null=False).geometries.tolist() == [None]
    assert told.infos == ["1 shape without a size or a place became null."]


def test_line_at_one_place_has_two_problems_and_rows_follow_the_features() -> None:
    table = find_problems(features("LINESTRING (1 1, 1 1)", "LINESTRING (0 0, 1 1)", None), Told())
    assert table.column("FEATURE_ID").tolist() == [101, 101, 103]
    assert table.column("PROBLEM").tolist() == ["Repeated vertex", "Line without a length", "Null geometry"]


@pytest.mark.parametrize(
    "text", [GOOD, "POINT (1 1)", "MULTIPOINT ((1 1), (1 1))", "LINESTRING (0 0, 9 9, 0 9, 9 0)"]
)
def test_good_shapes_have_no_rows_but_the_fields(text: str) -> None:
    table = find_problems(features(text), Told())
    assert len(table) == 0
    assert [field.name for field in table.fields] == ["FEATURE_ID", "PROBLEM", "X", "Y"]


def test_repair_leaves_no_problem_and_keeps_ids_and_areas() -> None:
    told = Told()
    shapes = features(
        BOW, None, GOOD, OUTSIDE, "POLYGON ((0 0, 0 9, 0 9, 9 9, 9 0, 0 0))", "POLYGON ((0 0, 5 5, 9 9, 0 0))"
    )
    found = mend(shapes, told, drop_null=True)
    assert shapely.area(found.geometries).tolist() == [50, 100, 81.5, 81]
    assert found.object_ids.tolist() == [101, 103, 104, 105]
    assert len(find_problems(found, Told())) == 0
    assert told.infos == [
        "3 invalid polygons were repaired.",
        "1 shape had repeated vertices.",
        "1 shape without a size or a place became null.",
        "2 null shapes were left out.",
    ]


def test_null_shapes_may_stay() -> None:
    found = mend(features(GOOD, None), Told(), drop_null=False)
    assert found.geometries.tolist() == [shapely.from_wkt(GOOD), None]


def test_lines_lose_repeated_vertices_and_vanish_without_a_length() -> None:
    lines = features("LINESTRING Z (0 0 1, 5 5 2, 5 5 3, 9 9 4)", "LINESTRING (3 3, 3 3)")
    found = mend(lines, Told(), drop_null=False)
    assert texts(found.take([0])) == ["LINESTRING Z (0 0 1, 5 5 2, 9 9 4)"]
    assert found.geometries[1:].tolist() == [None]


def test_random_outlines_become_valid_with_no_area_beyond_their_hull() -> None:
    walks = shapely.get_coordinates(shapely.from_wkt(draw_walks(200, 12, seed=16))).reshape(200, 12, 2)
    rings = [shapely.to_wkt(ring) for ring in shapely.polygons(walks)]
    shapes = features(*rings)
    found = mend(shapes, Told(), drop_null=True)
    assert shapely.is_valid(found.geometries).all()
    assert len(found) == 200
    hulls = shapely.buffer(shapely.convex_hull(shapes.geometries), 1e-9)
    assert shapely.covers(hulls, found.geometries).all()
    assert len(find_problems(found, Told())) == 0


def test_good_features_come_back_as_they_are() -> None:
    told = Told()
    found = mend(features(GOOD, GOOD), told, drop_null=True)
    assert texts(found) == [GOOD, GOOD]
    assert told.infos == []
