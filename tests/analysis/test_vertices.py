"""Vertices as points: which of them, and for dangles a comparison with every pair of lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.analysis.vertices import make_vertex_points
from gpserverless.errors import InvalidParameter
from tests.analysis.told import Told, features, texts

BENT = "LINESTRING (0 0, 10 0, 10 20)"
PARTS = "MULTILINESTRING ((0 0, 2 0), (5 5, 5 15))"
SQUARE = "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))"


@pytest.mark.parametrize(
    ("text", "location", "expected"),
    [
        (BENT, "ALL", ["POINT (0 0)", "POINT (10 0)", "POINT (10 20)"]),
        (BENT, "START", ["POINT (0 0)"]),
        (BENT, "END", ["POINT (10 20)"]),
        (BENT, "BOTH_ENDS", ["POINT (0 0)", "POINT (10 20)"]),
        (BENT, "MID", ["POINT (10 5)"]),
        (PARTS, "MID", ["POINT (5 9)"]),  # half of 2 and 10 lies 4 behind the beginning of the second part
        (PARTS, "BOTH_ENDS", ["POINT (0 0)", "POINT (5 15)"]),
        (SQUARE, "ALL", ["POINT (0 0)", "POINT (0 4)", "POINT (4 4)", "POINT (4 0)", "POINT (0 0)"]),
        (SQUARE, "MID", ["POINT (4 4)"]),
        ("MULTIPOINT ((1 2), (3 4))", "ALL", ["POINT (1 2)", "POINT (3 4)"]),
    ],
)
def test_location_chooses_the_vertices(text: str, location: str, expected: list[str]) -> None:
    assert texts(make_vertex_points(features(text), location, Told())) == expected


def test_points_know_their_feature_and_keep_heights_and_measures() -> None:
    line = "LINESTRING ZM (0 0 1 10, 4 0 3 30)"
    found = make_vertex_points(features(line, None, line, NAME=["a", "b", "c"]), "MID", Told())
    assert (
        shapely.get_coordinates(found.geometries, include_z=True, include_m=True).tolist()
        == [[2, 0, 2, 20]] * 2
    )
    assert found.column("ORIG_FID").tolist() == [101, 103]
    assert found.column("NAME").tolist() == ["a", "c"]


def test_middle_on_the_ellipsoid_is_at_half_of_the_way() -> None:
    meridian = "LINESTRING (10 0, 10 60)"
    found = make_vertex_points(features(meridian, wkid=4326), "MID", Told())
    geod = features(meridian, wkid=4326).spatial_reference.geod  # type: ignore[union-attr]
    latitude = found.geometries[0].y
    assert geod.inv(10, 0, 10, latitude)[2] == pytest.approx(geod.inv(10, latitude, 10, 60)[2], abs=20)


def test_ends_that_meet_no_line_are_dangles() -> None:
    lines = features(
        "LINESTRING (0 0, 10 0)",
        "LINESTRING (5 0, 5 8)",  # begins on the first
        "LINESTRING (20 0, 24 0, 24 4, 20 0)",  # closed
        "LINESTRING (30 0, 34 0, 34 4, 32 0)",  # ends on itself
    )
    found = make_vertex_points(lines, "DANGLE", Told())
    assert texts(found) == ["POINT (0 0)", "POINT (10 0)", "POINT (5 8)", "POINT (30 0)"]
    assert found.column("ORIG_FID").tolist() == [101, 101, 102, 104]


def test_dangles_are_those_of_every_pair_of_lines() -> None:
    walks = shapely.linestrings(np.random.default_rng(1).integers(0, 12, (80, 3, 2)).astype(float))
    lines = features(*(shapely.to_wkt(line) for line in walks[shapely.is_simple(walks)]))
    found = make_vertex_points(lines, "DANGLE", Told())
    expected = []
    for number, line in enumerate(lines.geometries):
        others = np.delete(lines.geometries, number)
        for end in (line.coords[0], line.coords[-1]):
            if not shapely.intersects(others, shapely.Point(end)).any():
                expected.append(end)
    assert sorted(map(tuple, shapely.get_coordinates(found.geometries).tolist())) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "location"),
    [("POINT (0 0)", "ALL"), (SQUARE, "DANGLE"), ("MULTIPOINT ((0 0), (1 1))", "MID")],
)
def test_wrong_kind_is_refused(text: str, location: str) -> None:
    with pytest.raises(InvalidParameter, match="'in_features': it holds"):
        make_vertex_points(features(text), location, Told())


@pytest.mark.parametrize("location", ["ALL", "MID", "START", "END", "BOTH_ENDS", "DANGLE"])
def test_no_shapes_give_no_points(location: str) -> None:
    told = Told()
    lines = features(BENT, BENT).with_geometries([None, None], "esriGeometryPolyline")
    assert len(make_vertex_points(lines, location, told)) == 0
    assert told.warnings == ["2 features without a shape were left out."]
