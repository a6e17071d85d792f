"""Lines cut at points: the pieces make up the whole, and each cut lies nearest to its point."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.analysis.lengths import Length
from gpserverless.analysis.split_lines import split_at_points
from tests.analysis.told import Told, draw_walks, features, texts

BENT = "LINESTRING (0 0, 10 0, 10 20)"


def split(lines: tuple[str | None, ...], points: tuple[str, ...], radius: float | None = None) -> list[str]:
    length = None if radius is None else Length(radius)
    return texts(split_at_points(features(*lines), features(*points), length, Told()))


def test_nearest_line_is_cut_at_the_nearest_place() -> None:
    assert split((BENT, "LINESTRING (0 9, 9 9)"), ("POINT (4 1)",)) == [
        "LINESTRING (0 0, 4 0)",
        "LINESTRING (4 0, 10 0, 10 20)",
        "LINESTRING (0 9, 9 9)",
    ]


def test_all_lines_within_the_radius_are_cut() -> None:
    lines = ("LINESTRING (0 0, 10 0)", "LINESTRING (0 2, 10 2)", "LINESTRING (0 5, 10 5)")
    found = split(lines, ("POINT (4 1)",), radius=1.5)
    assert found == [
        "LINESTRING (0 0, 4 0)",
        "LINESTRING (4 0, 10 0)",
        "LINESTRING (0 2, 4 2)",
        "LINESTRING (4 2, 10 2)",
        "LINESTRING (0 5, 10 5)",
    ]
    assert split(lines, ("POINT (4 1)",), radius=0.5) == list(lines)


@pytest.mark.parametrize(
    ("points", "pieces"),
    [
        (("POINT (0 0)",), 1),  # the beginning
        (("POINT (99 99)",), 1),  # the end is nearest
        (("POINT (10 0)",), 2),  # a vertex
        (("POINT (4 0)", "POINT (4 0)", "POINT (4 1)"), 2),  # three times one place
        (("POINT (4 0)", "POINT (10 7)", "POINT (2 0)"), 4),
    ],
)
def test_each_place_cuts_once_and_ends_cut_nothing(points: tuple[str, ...], pieces: int) -> None:
    assert len(split((BENT,), points)) == pieces


def test_vertex_at_a_cut_is_not_doubled() -> None:
    assert split((BENT,), ("POINT (10 0)",)) == ["LINESTRING (0 0, 10 0)", "LINESTRING (10 0, 10 20)"]


def test_pieces_make_up_the_lines() -> None:
    lines = features(*draw_walks(80, 25, seed=6))
    generator = np.random.default_rng(7)
    places = [f"POINT ({x} {y})" for x, y in generator.normal(scale=6, size=(500, 2))]
    found = split_at_points(lines, features(*places), None, Told())
    lengths = np.bincount(found.column("ORIG_FID") - 101, weights=shapely.length(found.geometries))
    assert lengths == pytest.approx(shapely.length(lines.geometries))
    assert (shapely.length(found.geometries) > 0).all()
    starts = found.column("ORIG_SEQ") == 1
    assert starts.sum() == len(lines)
    ends = shapely.get_point(found.geometries, -1)[:-1][~starts[1:]]
    assert (ends == shapely.get_point(found.geometries, 0)[1:][~starts[1:]]).all()
    # Every cut is the nearest place of all lines to one of the points.
    points = shapely.from_wkt(places)
    nearest = shapely.distance(points[:, None], lines.geometries[None, :]).min(axis=1)
    cut = shapely.distance(ends[:, None], points[None, :])
    assert (np.abs(cut - nearest[None, :]).min(axis=1) < 1e-9).all()


def test_line_that_is_not_cut_stays_whole_and_one_that_is_falls_apart() -> None:
    two = "MULTILINESTRING ((0 0, 4 0), (6 0, 9 0))"
    told = Told()
    found = split_at_points(
        features(two, two.replace(" 0", " 50"), None), features("POINT (7 0)"), None, told
    )
    assert found.column("ORIG_FID").tolist() == [101, 101, 101, 102]
    assert found.column("ORIG_SEQ").tolist() == [1, 2, 3, 1]
    assert [shape.geom_type for shape in found.geometries] == ["LineString"] * 3 + ["MultiLineString"]
    assert told.warnings == ["1 feature without a shape was left out."]


def test_heights_are_those_of_the_place_and_points_may_be_in_another_reference() -> None:
    lines = features("LINESTRING Z (500000 5500000 0, 500000 5600000 100)", wkid=25832)
    middle = features("POINT (500000 5550000)", wkid=25832)
    found = split_at_points(
        lines, middle.project(features("POINT (0 0)", wkid=4326).spatial_reference), None, Told()
    )
    assert shapely.get_coordinates(found.geometries, include_z=True)[1] == pytest.approx(
        [500000, 5550000, 50], abs=1e-3
    )


def test_radius_on_longitudes_and_latitudes_is_a_length() -> None:
    lines = features("LINESTRING (0 60, 1 60)", wkid=4326)  # a degree of latitude is 111 km
    point = features("POINT (0.5 60.1)", wkid=4326)
    counts = [len(split_at_points(lines, point, Length(r, geodesic=True), Told())) for r in (10_000, 12_000)]
    assert counts == [1, 2]


def test_no_points_or_no_lines_change_nothing() -> None:
    lines, points = features(BENT), features("POINT (1 0)")
    none = np.zeros(1, bool)
    assert texts(split_at_points(lines, points.take(none), None, Told())) == [BENT]
    assert len(split_at_points(lines.take(none), points, None, Told())) == 0
