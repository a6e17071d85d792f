"""Fewer vertices: against the plain recursion of Douglas and Peucker, and the plain loop of Visvalingam and
Whyatt; and borders that stay shared."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.analysis.lengths import Length
from gpserverless.analysis.simplify import (
    Simplified,
    drop_small,
    simplify_coverage,
    simplify_lines,
    simplify_polygons,
)
from gpserverless.errors import InvalidParameter
from tests.analysis.told import Told, draw_walks, features, texts

ZIGZAG = "LINESTRING (" + ", ".join(f"{x} {0.5 * (x % 2)}" for x in range(11)) + ", 10 10)"


def recurse(x: np.ndarray, tolerance: float) -> list[tuple[float, ...]]:
    """Return the vertices that stay, by the recursion as it is printed."""
    a, b = x[0], x[-1]
    chord = shapely.LineString([a, b]) if (a != b).any() else shapely.Point(a)
    far = shapely.distance(shapely.points(x), chord)
    worst = int(far.argmax())
    if far[worst] <= tolerance:
        return [tuple(a), tuple(b)]
    return recurse(x[: worst + 1], tolerance)[:-1] + recurse(x[worst:], tolerance)


def simplify(text: str, tolerance: float, check: str = "NO_CHECK") -> Simplified:
    return simplify_lines(features(text), Length(tolerance), check, Told())  # type: ignore[arg-type]


def test_vertices_near_their_chord_go() -> None:
    assert texts(simplify(ZIGZAG, 1).features) == ["LINESTRING (0 0, 10 0, 10 10)"]
    assert texts(simplify(ZIGZAG, 0.1).features) == texts(features(ZIGZAG))


@pytest.mark.parametrize("tolerance", [0.3, 1, 3])
def test_lines_are_those_of_the_recursion(tolerance: float) -> None:
    walks = draw_walks(40, 60, seed=11)
    found = simplify_lines(features(*walks), Length(tolerance), "NO_CHECK", Told()).features
    for text, line in zip(walks, found.geometries, strict=True):
        assert list(line.coords) == recurse(shapely.get_coordinates(shapely.from_wkt(text)), tolerance)


def eliminate(x: np.ndarray, least: float) -> list[tuple[float, ...]]:
    """Return the vertices that stay, by measuring all triangles anew after each vertex that goes."""
    while len(x) > 2:
        triangles = shapely.polygons(np.stack([x[:-2], x[1:-1], x[2:]], axis=1))
        areas = shapely.area(triangles)
        if areas.min() >= least:
            break
        x = np.delete(x, int(areas.argmin()) + 1, axis=0)
    return [tuple(each) for each in x]


def simplify_by_area(text: str, tolerance: float) -> Simplified:
    return simplify_lines(features(text), Length(tolerance), "NO_CHECK", Told(), "EFFECTIVE_AREA")


@pytest.mark.parametrize("tolerance", [0.3, 1, 3, 100])
def test_lines_by_area_are_those_of_the_loop(tolerance: float) -> None:
    walks = draw_walks(40, 60, seed=14)
    found = simplify_lines(features(*walks), Length(tolerance), "NO_CHECK", Told(), "EFFECTIVE_AREA").features
    for text, line in zip(walks, found.geometries, strict=True):
        xy = shapely.get_coordinates(shapely.from_wkt(text))
        assert list(line.coords) == eliminate(xy, tolerance**2)


def test_triangle_as_large_as_the_square_of_the_tolerance_stays() -> None:
    spike = "LINESTRING (0 0, 1 2, 2 0)"
    assert texts(simplify_by_area(spike, 2**0.5 * 0.999).features) == [spike]
    assert texts(simplify_by_area(spike, 2**0.5 * 1.001).features) == ["LINESTRING (0 0, 2 0)"]


def test_paths_by_area_keep_their_ends_heights_and_measures() -> None:
    lines = "MULTILINESTRING ZM ((0 0 1 5, 5 0.1 2 6, 9 0 3 7), (0 5 1 1, 9 5 2 2))"
    found = simplify_lines(features(lines), Length(1), "NO_CHECK", Told(), "EFFECTIVE_AREA").features
    kept = [[0, 0, 1, 5], [9, 0, 3, 7], [0, 5, 1, 1], [9, 5, 2, 2]]
    assert shapely.get_coordinates(found.geometries, include_z=True, include_m=True).tolist() == kept


def test_closed_line_by_area_collapses_to_a_point_too() -> None:
    found = simplify_by_area("LINESTRING (5 5, 5.1 5, 5.1 5.1, 5 5)", 3)
    assert (len(found.features), len(found.collapsed)) == (0, 1)


def test_lines_keep_attributes_heights_and_the_id_of_their_feature() -> None:
    told = Told()
    lines = features("LINESTRING Z (0 0 1, 5 0.1 2, 9 0 3)", None, NAME=["a", "b"])
    found = simplify_lines(lines, Length(1), "NO_CHECK", told).features
    assert shapely.get_coordinates(found.geometries, include_z=True).tolist() == [[0, 0, 1], [9, 0, 3]]
    assert found.column("NAME").tolist() == ["a"]
    assert found.column("InLine_FID").tolist() == [101]
    assert told.warnings == ["1 feature without a shape was left out."]


def test_line_that_would_cross_itself_is_changed_less_or_flagged() -> None:
    crossing = next(
        text
        for text in draw_loops(400)
        if not shapely.is_simple(shapely.simplify(shapely.from_wkt(text), 2, preserve_topology=False))
    )
    told = Told()
    solved = simplify_lines(features(crossing), Length(2), "RESOLVE_ERRORS", told).features
    assert shapely.is_simple(solved.geometries).all()
    assert told.infos == ["1 shape was changed less, so as not to cross itself."]
    told = Told()
    flagged = simplify_lines(features(crossing, ZIGZAG), Length(2), "FLAG_ERRORS", told).features
    assert flagged.column("SimLnFlag").tolist() == [1, 0]
    assert told.warnings == ["1 shape crosses itself."]
    assert "SimLnFlag" not in simplify(crossing, 2).features.columns


def draw_loops(count: int) -> list[str]:
    """Return winding lines that do not cross themselves."""
    walks = [shapely.from_wkt(text) for text in draw_walks(count * 5, 12, seed=12)]
    return [shapely.to_wkt(line, rounding_precision=-1) for line in walks if line.is_simple][:count]


def test_closed_line_that_collapses_becomes_a_point() -> None:
    found = simplify("LINESTRING (5 5, 5.1 5, 5.1 5.1, 5 5)", 3)
    assert len(found.features) == 0
    assert found.collapsed.geometry_type == "esriGeometryPoint"
    assert found.collapsed.column("InLine_FID").tolist() == [101]
    assert shapely.distance(found.collapsed.geometries[0], shapely.Point(5, 5)) < 0.2


def test_closed_part_that_collapses_goes_alone() -> None:
    loop = "(5 5, 5.1 5, 5.1 5.1, 5 5)"
    found = simplify(f"MULTILINESTRING ({loop}, (0 0, 9 0), (0 2, 9 2))", 3)
    assert texts(found.features) == ["MULTILINESTRING ((0 0, 9 0), (0 2, 9 2))"]
    assert texts(simplify(f"MULTILINESTRING ((0 0, 9 0), {loop})", 3).features) == ["LINESTRING (0 0, 9 0)"]


@pytest.mark.parametrize("latitude", [0, 60, -75])
def test_tolerance_on_longitudes_and_latitudes_is_a_length(latitude: int) -> None:
    """A spike of 1 km goes at 1.1 km and stays at 0.9 km, to the east as to the north."""
    degree = 1000 / 111_320
    wide = degree / np.cos(np.radians(latitude))
    north = f"LINESTRING (0 {latitude}, 1 {latitude + degree}, 2 {latitude})"
    east = f"LINESTRING (0 {latitude - 1}, {wide} {latitude}, 0 {latitude + 1})"
    for text in (north, east):
        lines = features(text, wkid=4326)
        lengths = [Length(metres, geodesic=True) for metres in (900, 1100)]
        found = [simplify_lines(lines, length, "NO_CHECK", Told()).features for length in lengths]
        counts = [int(shapely.get_num_coordinates(lines.geometries[0])) for lines in found]
        assert counts == [3, 2]


def make_blocks() -> list[str]:
    """Return four polygons with wavy borders that they share."""
    wave = [(x, 3 * np.sin(x)) for x in np.linspace(0, 40, 161)]
    border = shapely.LineString([(-5, 0), *wave, (45, 0)])
    upright = shapely.LineString([(20 + 2 * np.sin(y), y) for y in np.linspace(-22, 22, 161)])
    frame = shapely.box(-2, -20, 42, 20)
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all([border, upright, frame.exterior])]))
    return [shapely.to_wkt(piece, rounding_precision=-1) for piece in pieces]


def test_borders_stay_shared_by_area() -> None:
    blocks = features(*make_blocks())
    found = simplify_coverage(blocks, Length(1.5), Told()).features
    assert shapely.coverage_is_valid(found.geometries)
    before, after = (shapely.get_num_coordinates(f.geometries).sum() for f in (blocks, found))
    assert after < before / 3
    assert shapely.area(found.geometries).sum() == pytest.approx(44 * 40)


def test_polygons_that_overlap_are_simplified_apart_and_that_is_said() -> None:
    told = Told()
    squares = "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))", "POLYGON ((5 5, 5 15, 15 15, 15 5, 5 5))"
    found = simplify_coverage(features(*squares), Length(1), told).features
    assert shapely.area(found.geometries).tolist() == [81, 100]
    assert len(told.warnings) == 1
    assert told.warnings[0].startswith("Some polygons overlap")


def test_polygon_keeps_its_holes_or_collapses() -> None:
    ring = "POLYGON ((0 0, 0 10, 5 10.1, 10 10, 10 0, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))"
    speck = "POLYGON ((50 50, 50.1 50, 50.1 50.1, 50 50))"
    found = simplify_polygons(features(ring, speck), Length(1), "RESOLVE_ERRORS", Told())
    assert shapely.area(found.features.geometries).tolist() == [96]
    assert found.features.column("InPoly_FID").tolist() == [101]
    assert found.collapsed.column("InPoly_FID").tolist() == [102]


@pytest.mark.parametrize("check", ["NO_CHECK", "FLAG_ERRORS", "RESOLVE_ERRORS"])
def test_polygons_are_valid_with_every_check(check: str) -> None:
    stars = []
    generator = np.random.default_rng(13)
    for _ in range(200):
        angle = np.sort(generator.uniform(0, 2 * np.pi, 40))
        radius = generator.uniform(1, 10, 40)
        stars.append(shapely.Polygon(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)).wkt)
    found = simplify_polygons(features(*stars), Length(1.5), check, Told())  # type: ignore[arg-type]
    assert shapely.is_valid(found.features.geometries).all()
    assert len(found.features) + len(found.collapsed) == 200


def test_small_polygons_can_be_left_out() -> None:
    told = Told()
    polygons = features("POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))", "POLYGON ((0 0, 0 1, 1 1, 0 0))")
    assert len(drop_small(polygons, 10, told)) == 1
    assert told.infos == ["1 polygon is smaller than minimum_area."]


def test_wrong_kind_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="'in_features': it holds points"):
        simplify("POINT (0 0)", 1)


def test_no_features_stay_none() -> None:
    none = features("POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))").take(np.zeros(1, bool))
    assert len(simplify_coverage(none, Length(1), Told()).features) == 0
    assert len(simplify_polygons(none, Length(1), "RESOLVE_ERRORS", Told()).collapsed) == 0
