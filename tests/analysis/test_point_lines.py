"""Lines through points: which points, in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.parts import divide_parts
from gpserverless.analysis.point_lines import join_points, rank_nulls_last
from gpserverless.errors import InvalidParameter, InvalidValue
from tests.analysis.told import Told, features, texts

PLACES = [f"POINT ({x} {y})" for x, y in [(0, 0), (5, 5), (1, 0), (6, 5), (1, 1)]]


def join(line: str | None, sort: str | None, close: bool = False, **columns: Any) -> list[str]:
    return texts(join_points(features(*PLACES, **columns), line, sort, Told(), close=close))


def test_all_points_make_one_line_in_their_order() -> None:
    assert join(None, None) == ["LINESTRING (0 0, 5 5, 1 0, 6 5, 1 1)"]


def test_values_make_lines_which_keep_them() -> None:
    found = join_points(features(*PLACES, K=list("abaac")), "k", None, Told(), close=False)
    assert texts(found) == ["LINESTRING (0 0, 1 0, 6 5)"]
    assert found.column("K").tolist() == ["a"]
    assert [field.name for field in found.fields] == ["K"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5, 4, 3, 2, 1], "LINESTRING (1 1, 6 5, 1 0, 5 5, 0 0)"),
        ([2.5, np.nan, 1.5, 9, 0], "LINESTRING (1 1, 1 0, 0 0, 6 5, 5 5)"),
        (["b", "a", None, "b", "c"], "LINESTRING (5 5, 0 0, 6 5, 1 1, 1 0)"),
    ],
)
def test_field_puts_the_points_in_order_nulls_last(values: list[Any], expected: str) -> None:
    assert join(None, "S", S=values) == [expected]


def test_line_may_close() -> None:
    assert join("K", None, close=True, K=list("ababa")) == [
        "LINESTRING (0 0, 1 0, 1 1, 0 0)",
        "LINESTRING (5 5, 6 5, 5 5)",
    ]
    closed = features("POINT (0 0)", "POINT (1 0)", "POINT (0 0)")
    assert texts(join_points(closed, None, None, Told(), close=True)) == ["LINESTRING (0 0, 1 0, 0 0)"]


def test_one_point_alone_makes_no_line_and_that_is_said() -> None:
    told = Told()
    found = join_points(features(*PLACES, None, K=list("aabcab")), "K", None, told, close=False)
    assert len(found) == 1
    assert told.warnings == [
        "1 feature without a shape was left out.",
        "2 lines have one point alone, and were left out.",
    ]


def test_heights_and_measures_are_kept() -> None:
    found = join_points(features("POINT ZM (0 0 1 2)", "POINT ZM (1 0 3 4)"), None, None, Told(), close=True)
    x = shapely.get_coordinates(found.geometries, include_z=True, include_m=True)
    assert x.tolist() == [[0, 0, 1, 2], [1, 0, 3, 4], [0, 0, 1, 2]]


def test_wrong_kind_and_unknown_field_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="'Input_Features': it holds lines"):
        join_points(features("LINESTRING (0 0, 1 1)"), None, None, Told(), close=False)
    with pytest.raises(InvalidValue, match="there is no field 'Q'"):
        join("Q", None)


def test_no_points_make_no_lines() -> None:
    none = features(*PLACES).take(np.zeros(5, bool))
    found = join_points(none, None, None, Told(), close=True)
    assert len(found) == 0
    assert found.geometry_type == "esriGeometryPolyline"


def test_mixed_values_have_one_order() -> None:
    assert rank_nulls_last(np.array(["a", 2, None, 10, "B"], object)).tolist() == [4, 1, 5, 2, 3]


def test_parts_become_features() -> None:
    told = Told()
    two = "MULTIPOLYGON (((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1)), ((20 0, 20 1, 21 1, 20 0)))"
    found = divide_parts(features(two, None, two, NAME=["a", "b", "c"]), told)
    assert found.column("ORIG_FID").tolist() == [101, 101, 103, 103]
    assert found.column("NAME").tolist() == ["a", "a", "c", "c"]
    assert shapely.area(found.geometries).tolist() == [80.5, 0.5] * 2
    assert told.warnings == ["1 feature without a shape was left out."]
    points = divide_parts(features("MULTIPOINT ((1 2), (3 4))"), Told())
    assert points.geometry_type == "esriGeometryPoint"
    assert texts(points) == ["POINT (1 2)", "POINT (3 4)"]
