"""Shapes at the edges of maps: across 180 degrees, over the poles, and beyond the range of a map.

Truth: areas and distances of GeographicLib (`pyproj.Geod`) on finely divided hand-made shapes, widths by the
closed form of Mercator, and inverse transformation of single places by PROJ.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.spatial_reference import WGS84, SpatialReference, get_transformer
from gpserverless.values.units import LinearUnit

GEOD = Geod(ellps="WGS84")
METRES_PER_DEGREE = math.radians(6_378_137.0)
HALF_WORLD = 180 * METRES_PER_DEGREE

EAST = "POLYGON ((170 0, 170 10, 190 10, 190 0, 170 0))"
WEST = "POLYGON ((-190 0, -190 10, -170 10, -170 0, -190 0))"
CUT = "MULTIPOLYGON (((170 0, 170 10, 180 10, 180 0, 170 0)), ((-180 0, -180 10, -170 10, -170 0, -180 0)))"
HOLED = "POLYGON ((170 0, 170 10, 190 10, 190 0, 170 0), (175 2, 185 2, 185 8, 175 8, 175 2))"
LINE = "LINESTRING (170 0, 190 10)"
ANTARCTIC_BOX = "POLYGON ((-1e6 -1e6, -1e6 1e6, 1e6 1e6, 1e6 -1e6, -1e6 -1e6))"


def project(wkt: str, *references: int) -> Any:
    """Return one shape, brought from the first reference to each of the others in turn."""
    features = FeatureSet.of(shapely.from_wkt(np.array([wkt], object)), SpatialReference(references[0]))
    for reference in references[1:]:
        features = features.project(SpatialReference(reference))
    return features.geometries[0]


def count(shape: Any) -> int:
    return int(shapely.get_num_geometries(shape))


def width(shape: Any) -> float:
    bounds = shapely.bounds(shapely.get_parts(shape))
    return float((bounds[:, 2] - bounds[:, 0]).sum())


def true_area(shape: Any) -> float:
    """Return the area on the ellipsoid by GeographicLib, of edges straight in longitude and latitude."""
    rings = [
        (1 if not hole else -1, shapely.segmentize(ring, 0.05))
        for polygon in shapely.get_parts(shape)
        for hole, ring in enumerate([polygon.exterior, *polygon.interiors])
    ]
    return sum(sign * abs(GEOD.polygon_area_perimeter(*ring.coords.xy)[0]) for sign, ring in rings)


@pytest.mark.parametrize("target", [102100, 3857, 3395, 4087, 54034])
@pytest.mark.parametrize(
    ("wkt", "west", "east"),
    [(EAST, 170, 190), (WEST, -190, -170), (HOLED, 170, 190), (LINE, 170, 190)],
)
def test_shape_across_180_keeps_its_place_in_a_cylindrical_map(
    wkt: str, west: float, east: float, target: int
) -> None:
    shape = project(wkt, 4326, target)
    assert shape.bounds[0] == pytest.approx(west * METRES_PER_DEGREE, abs=0.01)
    assert shape.bounds[2] == pytest.approx(east * METRES_PER_DEGREE, abs=0.01)
    back = project(wkt, 4326, target, 4326)
    assert back.equals_exact(shapely.from_wkt(wkt), 1e-7)


def test_shape_drawn_beyond_the_edge_of_web_mercator_keeps_its_width() -> None:
    shape = project("POLYGON ((19e6 0, 19e6 1e6, 21e6 1e6, 21e6 0, 19e6 0))", 102100, 4326)
    assert shape.bounds[0] == pytest.approx(19e6 / METRES_PER_DEGREE)
    assert shape.bounds[2] == pytest.approx(21e6 / METRES_PER_DEGREE)
    line = project("LINESTRING (-21e6 0, -19e6 1e6)", 102100, 4326)
    assert line.bounds[0] == pytest.approx(-21e6 / METRES_PER_DEGREE)


@pytest.mark.parametrize(
    ("wkt", "west"),
    [
        ("POLYGON ((180 0, 180 10, 190 10, 190 0, 180 0))", -180),
        ("POLYGON ((190 0, 190 10, 200 10, 200 0, 190 0))", -170),
        ("POLYGON ((350 0, 350 10, 370 10, 370 0, 350 0))", -10),
        ("LINESTRING (-190 0, -185 5, -180 3)", 170),
    ],
)
def test_shape_beyond_the_edge_as_a_whole_moves_by_whole_turns(wkt: str, west: float) -> None:
    shape, drawn = project(wkt, 4326, 102100), shapely.from_wkt(wkt)
    assert shape.bounds[0] == pytest.approx(west * METRES_PER_DEGREE, abs=0.01)
    assert width(shape) == pytest.approx(width(drawn) * METRES_PER_DEGREE)


def test_parts_that_meet_at_180_stay_so_where_the_map_has_the_same_edge() -> None:
    shape = project(CUT, 4326, 102100)
    assert shape.bounds == pytest.approx((-HALF_WORLD, 0, HALF_WORLD, 1118889.975), abs=0.01)
    assert width(shape) == pytest.approx(20 * METRES_PER_DEGREE)


@pytest.mark.parametrize("target", [54030, 8857, 54009, 54012, 54042])
@pytest.mark.parametrize("wkt", [EAST, WEST, CUT])
def test_map_with_a_curved_edge_shows_two_parts_that_meet_there(wkt: str, target: int) -> None:
    shape = project(wkt, 4326, target)
    assert count(shape) == 2
    assert shapely.is_valid(shape)
    edge = get_transformer(WGS84, SpatialReference(target)).transform(180 - 1e-9, 0.0)[0]
    assert shape.bounds[0] == pytest.approx(-edge, abs=0.1)
    assert shape.bounds[2] == pytest.approx(edge, abs=0.1)
    assert width(shape) < 0.13 * edge


@pytest.mark.parametrize("target", [3832, 8859, 32601, 32660, 3995, 3031, 6931, 2193])
@pytest.mark.parametrize("wkt", [EAST, WEST, CUT])
def test_map_without_a_cut_at_180_shows_one_part(wkt: str, target: int) -> None:
    shape = project(wkt, 4326, target)
    assert count(shape) == 1
    assert shapely.is_valid(shape)
    middle = get_transformer(WGS84, SpatialReference(target)).transform(180.0, 5.0)
    assert shape.contains(shapely.Point(middle))


def test_shape_across_the_cut_of_another_map_is_cut_there() -> None:
    # PDC Mercator is cut at 30 degrees west.
    shape = project("POLYGON ((-40 0, -40 10, -20 10, -20 0, -40 0))", 4326, 3832)
    assert shape.bounds[::2] == pytest.approx((-HALF_WORLD, HALF_WORLD), abs=0.01)
    assert width(shape) == pytest.approx(20 * METRES_PER_DEGREE)
    world = project("POLYGON ((-180 -80, -180 80, 180 80, 180 -80, -180 -80))", 4326, 3832)
    assert width(world) == pytest.approx(2 * HALF_WORLD)


REFERENCES = [102100, 3832, 3395, 4087, 54030, 8857, 8859, 54009, 32601, 32660, 3031, 3995, 6931, 4269, 4807]


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("wkt", [EAST, WEST, CUT, HOLED])
def test_areas_hold_on_the_way_there_and_back(wkt: str, reference: int) -> None:
    fine = shapely.segmentize(shapely.from_wkt(wkt), 0.25)
    back = project(fine.wkt, 4326, reference, 4326)
    assert shapely.is_valid(back)
    assert true_area(back) == pytest.approx(true_area(fine), rel=1e-6)
    assert width(back) == pytest.approx(20, abs=1e-6)


@pytest.mark.parametrize("reference", [32601, 3995, 54030, 8857])
def test_lines_keep_their_length_on_the_way_there_and_back(reference: int) -> None:
    fine = shapely.segmentize(shapely.from_wkt(LINE), 0.1)
    back = project(fine.wkt, 4326, reference, 4326)
    assert GEOD.geometry_length(back) == pytest.approx(GEOD.geometry_length(fine), rel=1e-6)
    assert back.bounds[::2] == (-180, 180)


def test_cut_line_keeps_z_and_m() -> None:
    shape = project("LINESTRING ZM (170 0 1 10, 190 10 3 30)", 4326, 8857)
    ordinates = shapely.get_coordinates(shape, include_z=True, include_m=True)
    ends = ordinates[np.abs(ordinates[:, 0]) > 17.2e6]
    assert ends[:, 2:].tolist() == [[2, 20], [2, 20]]
    assert ordinates[[0, -1], 2:].tolist() == [[1, 10], [3, 30]]


def test_cut_polygon_keeps_z() -> None:
    shape = project("POLYGON Z ((170 0 1, 170 10 1, 190 10 3, 190 0 3, 170 0 1))", 4326, 8857)
    ordinates = shapely.get_coordinates(shape, include_z=True)
    at_edge = ordinates[np.abs(ordinates[:, 0]) > 17.2e6]
    assert at_edge[:, 2] == pytest.approx(np.full(len(at_edge), 2.0))


# The square of 2,000 km about the South Pole: its sides divided finely, areas of triangles to the pole.
def square_over_the_pole() -> float:
    side = shapely.segmentize(shapely.from_wkt(ANTARCTIC_BOX).exterior, 1000.0)
    lon, lat = get_transformer(SpatialReference(3031), WGS84).transform(*side.coords.xy)
    return abs(float(GEOD.polygon_area_perimeter(lon, lat)[0]))


def test_polygon_over_a_pole_has_its_area_in_degrees() -> None:
    assert square_over_the_pole() == pytest.approx(4_191_049e6, rel=1e-5)
    shape = project(ANTARCTIC_BOX, 3031, 4326)
    assert shapely.is_valid(shape)
    assert shape.bounds[:3] == (-180, -90, 180)
    area = FeatureSet.of([shape], WGS84).areas()[0]
    assert area == pytest.approx(4_191_049e6, rel=5e-5)


@pytest.mark.parametrize(
    ("wkt", "share"),
    [
        ("POLYGON ((0 0, 0 1e6, 1e6 1e6, 1e6 0, 0 0))", 1 / 4),
        ("POLYGON ((0 -1e6, 0 1e6, 1e6 1e6, 1e6 -1e6, 0 -1e6))", 1 / 2),
    ],
)
def test_polygon_whose_edge_meets_the_pole_has_its_share(wkt: str, share: float) -> None:
    area = FeatureSet.of([project(wkt, 3031, 4326)], WGS84).areas()[0]
    assert area == pytest.approx(share * 4_191_049e6, rel=1e-4)


def test_hole_over_the_pole_stays_a_hole() -> None:
    hole = "(-1e5 -1e5, -1e5 1e5, 1e5 1e5, 1e5 -1e5, -1e5 -1e5)"
    shape = project(ANTARCTIC_BOX[:-1] + f", {hole})", 3031, 4326)
    assert not shape.intersects(shapely.Point(10, -89.9))
    assert shape.contains(shapely.Point(10, -85))


@pytest.mark.parametrize("target", [3031, 32601, 32733, 9354])
def test_polygon_over_a_pole_is_one_part_without_a_slit_there(target: int) -> None:
    shape = project(ANTARCTIC_BOX, 3031, 4326, target)
    assert count(shape) == 1
    assert shapely.is_valid(shape)
    assert len(shape.interiors) == 0
    assert true_area(project(shape.wkt, target, 4326)) == pytest.approx(4_191_049e6, rel=3e-4)


def test_cap_in_degrees_is_a_disc_in_a_polar_map() -> None:
    cap = project("POLYGON ((-180 -90, -180 -60, 180 -60, 180 -90, -180 -90))", 4326, 3031)
    radius = get_transformer(WGS84, SpatialReference(3031)).transform(0.0, -60.0)[1]
    assert cap.area == pytest.approx(math.pi * radius**2, rel=1e-3)
    assert shapely.is_valid(cap)


def test_polygon_over_a_pole_reaches_to_the_end_of_web_mercator() -> None:
    shape = project(ANTARCTIC_BOX, 3031, 102100)
    assert shape.bounds[::2] == pytest.approx((-HALF_WORLD, HALF_WORLD))
    assert shape.bounds[1] == pytest.approx(-20_048_966, abs=1)


def test_polygon_that_holds_a_place_without_image_becomes_null_and_is_counted() -> None:
    features = FeatureSet.of(shapely.from_wkt([ANTARCTIC_BOX, "POLYGON EMPTY"]), SpatialReference(3031))
    said: list[str] = []
    projected = features.project(SpatialReference(3995), warn=said.append)
    assert projected.geometries[0] is None
    assert said == ["1 feature has no place in the spatial reference 3995; its shape is null."]


def test_what_becomes_null_or_is_cut_off_is_counted() -> None:
    boxes = shapely.box(0, [0, 80, 86, 87], 5, [5, 90, 90, 90])
    said: list[str] = []
    FeatureSet.of(boxes, WGS84).project(SpatialReference(3857), warn=said.append)
    assert said == [
        "2 features have no place in the spatial reference 3857; their shapes are null.",
        "1 feature reaches beyond 85.06 degrees of latitude, where the spatial reference 3857 ends; the part "
        "beyond was cut off.",
    ]


def test_shape_many_turns_wide_is_no_place_on_the_earth() -> None:
    assert project("LINESTRING (100 0, 1e7 0)", 4326, 8857) is None
    assert project("POLYGON ((100 0, 1e7 0, 5 5, 100 0))", 4326, 8857) is None


@pytest.mark.parametrize("target", [4314, 4277, 4301])
def test_another_datum_does_not_turn_an_edge_at_180_around(target: int) -> None:
    for wkt in (
        "POLYGON ((179 -17, 179 -16, 180 -16, 180 -17, 179 -17))",
        "POLYGON ((-180 -17, -180 -16, -179 -16, -179 -17, -180 -17))",
    ):
        assert width(project(wkt, 4326, target)) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("reference", [4326, 102100, 3395])
def test_shapes_away_from_the_edge_are_transformed_vertex_by_vertex(reference: int) -> None:
    shape = project("POLYGON ((10 40, 10 45, 15 45, 10 40))", 4326, 8857)
    assert len(shape.exterior.coords) == 4
    assert len(project(shape.wkt, 8857, reference).exterior.coords) == 4


@pytest.mark.parametrize(
    ("wkid", "middle", "is_cut", "period"),
    [
        (4326, 0, True, 360),
        (4807, 2.33722917, True, 400),
        (102100, 0, True, 2 * HALF_WORLD),
        (3832, 150, True, 2 * HALF_WORLD),
        (54030, 0, True, 0),
        (8859, 150, True, 0),
        (102004, -96, True, 0),
        (32601, -177, False, 0),
        (3031, 0, False, 0),
        (3035, 10, False, 0),
    ],
)
def test_edge_of_a_map_is_found(wkid: int, middle: float, is_cut: bool, period: float) -> None:
    edge = find_map_edge(SpatialReference(wkid))
    assert (edge.middle, edge.is_cut) == (pytest.approx(middle), is_cut)
    assert edge.period == pytest.approx(period, abs=1e-6)


@pytest.mark.parametrize(
    ("wkid", "parts"),
    [(4326, 2), (102100, 2), (3832, 1), (54030, 2), (8859, 1), (32601, 1), (32660, 1), (3031, 1), (3995, 1)],
)
@pytest.mark.parametrize("wkt", ["POINT (179.9 -17)", "LINESTRING (179 60, 181 61)"])
def test_geodesic_buffers_across_180_are_valid_and_whole(wkt: str, wkid: int, parts: int) -> None:
    fine = shapely.segmentize(shapely.from_wkt(wkt), 0.01)
    features = FeatureSet.of([fine], WGS84)
    expected = true_area(features.buffer(LinearUnit(150e3)).geometries[0])
    drawn = features.project(SpatialReference(wkid)).buffer(LinearUnit(150e3), geodesic=True)
    zone = drawn.geometries[0]
    assert shapely.is_valid(zone)
    assert count(zone) == parts
    assert true_area(drawn.project(WGS84).geometries[0]) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("wkid", [3995, 32601, 6931, 8857])
def test_geodesic_buffers_over_a_pole_are_valid_and_whole(wkid: int) -> None:
    # The disc of reference case buffer_geodesic_over_pole, by GeographicLib.
    point = FeatureSet.of([shapely.Point(30, 89)], WGS84).project(SpatialReference(wkid))
    drawn = point.buffer(LinearUnit(200e3), geodesic=True)
    assert shapely.is_valid(drawn.geometries[0])
    assert count(drawn.geometries[0]) == 1
    assert drawn.project(WGS84).areas()[0] == pytest.approx(125_653_478_570, rel=2e-3)


def test_line_drawn_across_the_date_line_of_web_mercator_has_a_narrow_zone() -> None:
    line = FeatureSet.of(shapely.from_wkt(["LINESTRING (19.9e6 0, 20.2e6 0)"]), SpatialReference(102100))
    zone = line.buffer(LinearUnit(10e3), geodesic=True)
    length = 300_000  # along the equator the scale is 1
    assert zone.project(WGS84).areas()[0] == pytest.approx(length * 20e3 + math.pi * 1e8, rel=2e-3)
    assert width(zone.geometries[0]) == pytest.approx(length + 20e3, rel=1e-3)


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("POINT (190 5)", "POINT (-170 5)"),
        ("MULTIPOINT ((179 0), (-181 2))", "MULTIPOINT ((179 0), (179 2))"),
        (LINE, "MULTILINESTRING ((170 0, 180 5), (-180 5, -170 10))"),
        ("LINESTRING (180 0, 180 5)", "LINESTRING (180 0, 180 5)"),
        ("LINESTRING (-190 0, -170 0)", "MULTILINESTRING ((170 0, 180 0), (-180 0, -170 0))"),
        (EAST, CUT),
        (WEST, CUT),
        ("LINESTRING (500000 5000000, 500100 5000000)", "LINESTRING (500000 5000000, 500100 5000000)"),
        ("POINT (500000 5000000)", "POINT (500000 5000000)"),
    ],
)
def test_shapes_are_cut_at_the_antimeridian_when_asked(wkt: str, expected: str) -> None:
    features = FeatureSet.of(shapely.from_wkt(np.array([wkt], object)), WGS84)
    assert shapely.equals(features.cut_at_antimeridian().geometries[0], shapely.from_wkt(expected))


def test_no_shape_makes_a_warning_of_numpy() -> None:
    shapes = shapely.from_wkt([EAST, CUT, "POLYGON ((0 88, 0 90, 10 90, 0 88))"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for reference in REFERENCES:
            FeatureSet.of([*shapes, None], WGS84).project(SpatialReference(reference)).project(WGS84)


@pytest.mark.parametrize("wkid", [54030, 8857, 54009])
def test_place_beside_the_map_becomes_null(wkid: int) -> None:
    # 30,000 km east of the middle: the maps end at 17,000 to 18,040 km.
    assert project("POINT (3e7 0)", wkid, 4326) is None
    assert project("LINESTRING (0 0, 3e7 1)", wkid, 102100) is None
    assert project("POINT (1.7e7 5e6)", wkid, 3857) is None
    assert project("POINT (1e7 5e6)", wkid, 3857) is not None


def measure_box(west: float, south: float, east: float, north: float) -> float:
    """Return the area between parallels and meridians, by the authalic latitude (Snyder 1987, 3-12)."""
    e = math.sqrt(GEOD.es)

    def authalic(latitude: float) -> float:
        sine = math.sin(math.radians(latitude))
        return (1 - GEOD.es) * (sine / (1 - GEOD.es * sine**2) + math.atanh(e * sine) / e)

    return GEOD.a**2 / 2 * math.radians(east - west) * (authalic(north) - authalic(south))


@pytest.mark.parametrize(
    "sides",
    [(-200, 80, -180, 90), (-180, 80, -160, 90), (160, 40, 180, 70), (-180, 80, 120, 90), (100, 80, 200, 90)],
    ids=str,
)
@pytest.mark.parametrize("target", [3035, 6931, 102017])
def test_polygon_along_one_side_of_180_keeps_its_area_in_an_equal_area_map(
    sides: tuple[float, float, float, float], target: int
) -> None:
    shape = shapely.segmentize(shapely.box(*sides), 0.5).wkt
    moved = project(shape, 4326, target)
    assert moved.area == pytest.approx(measure_box(*sides), rel=2e-3)
    assert moved.is_valid


def test_polygon_is_cut_at_the_edge_of_a_map_that_counts_from_paris() -> None:
    # Paris lies 2 degrees, 20 minutes and 14.025 seconds east of Greenwich.
    edge = 2 + 20 / 60 + 14.025 / 3600 + 180
    moved = project(EAST, 4326, 27572)
    own = get_transformer(SpatialReference.from_json(4275), SpatialReference.from_json(27572))
    sides = [(170, edge - 1e-9), (edge + 1e-9 - 360, -170)]
    area = 0.0
    for west, east in sides:
        side = shapely.segmentize(shapely.box(west, 0, east, 10), 0.5)
        area += shapely.transform(side, lambda c: np.column_stack(own.transform(*c.T))).area
    assert len(moved.geoms) == 2
    assert moved.area == pytest.approx(area, rel=1e-3)


def test_polygon_over_a_pole_that_is_infinitely_far_becomes_null_and_is_counted() -> None:
    warned: list[str] = []
    cap = FeatureSet.of([shapely.from_wkt(ANTARCTIC_BOX)], SpatialReference.from_json(3031))
    moved = cap.project(SpatialReference.from_json(27572), warn=warned.append)
    assert moved.geometries.tolist() == [None]
    assert warned == ["1 feature has no place in the spatial reference 27572; its shape is null."]


def test_polygon_that_loses_its_m_at_a_cut_is_told() -> None:
    across = "POLYGON M ((170 0 1, 170 10 1, 190 10 3, 190 0 3, 170 0 1))"
    away = "POLYGON M ((0 0 1, 0 10 1, 10 10 3, 10 0 3, 0 0 1))"
    shapes = FeatureSet.of([shapely.from_wkt(across), shapely.from_wkt(away)], WGS84)
    told: list[str] = []
    moved = shapes.project(SpatialReference.from_json(54009), warn=told.append)
    assert told == ["1 feature was cut at an edge of the spatial reference 54009; its shape lost the m."]
    assert shapely.get_coordinates(moved.geometries[1], include_m=True)[0, -1] == 1
    shapes.project(SpatialReference.from_json(102100), warn=told.append)
    assert len(told) == 1
