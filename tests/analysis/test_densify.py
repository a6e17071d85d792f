"""More vertices on edges: none leaves its place, no piece is too long, lines on the ellipsoid are true."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.analysis.densify import densify
from gpserverless.analysis.geodetic_densify import densify_geodetically
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.values.units import LinearUnit
from tests.analysis.told import Told, draw_walks, features

GEOD = Geod(ellps="GRS80")
WGS84 = Geod(ellps="WGS84")
METRE = LinearUnit(1)


def measure_pieces(shape: shapely.Geometry, geod: Geod = WGS84) -> np.ndarray:
    x, y = shapely.get_coordinates(shape).T
    return np.asarray(geod.inv(x[:-1], y[:-1], x[1:], y[1:])[2])


def test_edges_are_divided_in_equal_pieces() -> None:
    found = densify(features("LINESTRING ZM (0 0 0 5, 10 0 10 6, 10 1 0 7)"), LinearUnit(4), None, Told())
    x = shapely.get_coordinates(found.geometries, include_z=True, include_m=True)
    third = 10 / 3
    assert x == pytest.approx(
        np.array(
            [
                [0, 0, 0, 5],
                [third, 0, third, 16 / 3],
                [2 * third, 0, 2 * third, 17 / 3],
                [10, 0, 10, 6],
                [10, 1, 0, 7],
            ]
        )
    )


def test_lengths_areas_and_vertices_are_kept() -> None:
    walks = features(*draw_walks(50, 20, seed=2))
    found = densify(walks, LinearUnit(0.05), None, Told())
    assert shapely.length(found.geometries) == pytest.approx(shapely.length(walks.geometries))
    for before, after in zip(walks.geometries, found.geometries, strict=True):
        assert set(before.coords) <= set(after.coords)
        assert np.hypot(*np.diff(after.coords, axis=0).T).max() <= 0.05 + 1e-12
    holes = features("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (2 2, 5 2, 5 5, 2 2))", None)
    dense = densify(holes, METRE, None, Told())
    assert shapely.area(dense.geometries[0]) == pytest.approx(95.5)
    assert dense.geometries[1] is None


def test_most_vertices_of_an_edge_can_be_given() -> None:
    found = densify(features("LINESTRING (0 0, 10 0, 11 0)"), METRE, 2, Told())
    assert len(found.geometries[0].coords) == 5


def test_pieces_on_the_ellipsoid_are_no_longer_than_the_distance() -> None:
    steep = features("LINESTRING (0 0, 40 80)", wkid=4326)
    found = densify(steep, LinearUnit(50, "esriKilometers"), None, Told())
    pieces = measure_pieces(found.geometries[0])
    assert pieces.max() <= 50_000 * 1.0001
    assert pieces.max() > 49_000
    degrees = densify(steep, LinearUnit(1, "esriDecimalDegrees"), None, Told())
    assert len(degrees.geometries[0].coords) == int(np.ceil(np.hypot(40, 80))) + 1


@pytest.mark.parametrize(
    ("distance", "wkid", "error"),
    [
        (LinearUnit(0), 25832, "'distance': it is not above 0"),
        (LinearUnit(-1), 4326, "'distance': it is not above 0"),
        (LinearUnit(1), None, "'distance': the features have no spatial reference"),
        (LinearUnit(1, "esriDecimalDegrees"), 25832, "'distance': it is an angle"),
    ],
)
def test_distance_without_meaning_is_refused(distance: LinearUnit, wkid: int | None, error: str) -> None:
    with pytest.raises(InvalidParameter, match=error):
        densify(features("LINESTRING (0 0, 1 1)", wkid=wkid), distance, None, Told())


def test_too_many_vertices_are_refused_before_the_work() -> None:
    with pytest.raises(ToolError, match=r"would make [0-9,]{15,17} vertices; at most 50,000,000"):
        densify(features("LINESTRING (0 0, 1000000 0)"), LinearUnit(1e-6), None, Told())


def draw(line: str, kind: str, metres: float = 50_000, wkid: int = 4326) -> shapely.Geometry:
    return densify_geodetically(features(line, wkid=wkid), kind, metres, Told()).geometries[0]


def test_geodesic_is_that_of_geographiclib() -> None:
    found = draw("LINESTRING (-73.78 40.64, 2.55 49.01)", "GEODESIC")
    x, y = shapely.get_coordinates(found).T
    length = WGS84.inv(-73.78, 40.64, 2.55, 49.01)[2]
    pieces = measure_pieces(found)
    assert pieces.sum() == pytest.approx(length, abs=1e-3)
    assert pieces == pytest.approx(length / np.ceil(length / 50_000))
    expected = np.array(WGS84.npts(-73.78, 40.64, 2.55, 49.01, len(x) - 2))
    assert np.stack([x, y], axis=1)[1:-1] == pytest.approx(expected, abs=1e-9)


def test_loxodrome_keeps_its_azimuth() -> None:
    found = draw("LINESTRING (-70 -30, 20 55)", "LOXODROME", 10_000)
    x, y = shapely.get_coordinates(found).T
    azimuth = np.asarray(WGS84.inv(x[:-1], y[:-1], x[1:], y[1:])[0])
    assert np.ptp(azimuth) < 0.2  # pieces are short geodesics, which turn a little
    pieces = measure_pieces(found)
    assert pieces == pytest.approx(pieces[0], rel=1e-5)
    along = draw("LINESTRING (0 60, 30 60)", "LOXODROME")
    assert shapely.get_coordinates(along)[:, 1] == pytest.approx(60)


@pytest.mark.parametrize("kind", ["GREAT_ELLIPTIC", "NORMAL_SECTION"])
def test_sections_lie_in_their_plane_and_are_hardly_longer_than_the_geodesic(kind: str) -> None:
    found = draw("LINESTRING (-73.78 40.64, 2.55 49.01)", kind)
    space = place(shapely.get_coordinates(found))
    first = np.zeros(3) if kind == "GREAT_ELLIPTIC" else space[0] + normal(-73.78, 40.64)
    across = np.cross(space[0] - first, space[-1] - first)
    across /= np.linalg.norm(across)
    assert (space - first) @ across == pytest.approx(0, abs=1e-2)
    length = WGS84.inv(-73.78, 40.64, 2.55, 49.01)[2]
    pieces = measure_pieces(found)
    assert length <= pieces.sum() < length + 100
    assert pieces.max() <= 50_000


def normal(longitude: float, latitude: float) -> np.ndarray:
    x, y = np.radians([longitude, latitude])
    return np.array([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def place(degrees: np.ndarray) -> np.ndarray:
    x, y = np.radians(degrees).T
    radius = WGS84.a / np.sqrt(1 - WGS84.es * np.sin(y) ** 2)
    flat = radius * np.cos(y)
    return np.stack([flat * np.cos(x), flat * np.sin(x), (1 - WGS84.es) * radius * np.sin(y)], axis=1)


@pytest.mark.parametrize("kind", ["GEODESIC", "LOXODROME", "GREAT_ELLIPTIC", "NORMAL_SECTION"])
def test_equator_and_meridian_are_lines_of_every_kind(kind: str) -> None:
    equator, meridian = draw("LINESTRING (0 0, 60 0)", kind), draw("LINESTRING (7 -50, 7 70)", kind)
    assert shapely.get_coordinates(equator)[:, 1] == pytest.approx(0, abs=1e-9)
    assert shapely.get_coordinates(meridian)[:, 0] == pytest.approx(7, abs=1e-9)
    assert measure_pieces(equator).max() <= 50_000.001


@pytest.mark.parametrize("kind", ["GEODESIC", "LOXODROME", "GREAT_ELLIPTIC", "NORMAL_SECTION"])
def test_line_over_180_degrees_comes_out_in_two_parts(kind: str) -> None:
    told = Told()
    found = densify_geodetically(features("LINESTRING (170 50, -170 52)", wkid=4326), kind, 1e5, told)
    west, east = sorted(found.geometries[0].geoms, key=lambda part: part.bounds[0])
    assert west.bounds[0] == pytest.approx(-180)
    assert east.bounds[2] == pytest.approx(180)
    total = sum(measure_pieces(part).sum() for part in (west, east))
    assert total == pytest.approx(WGS84.inv(170, 50, -170, 52)[2], rel=0.02)
    assert told.warnings == ["1 edge is wider than 180 degrees; it runs the shorter way around the earth."]


def test_projected_features_come_back_in_their_reference() -> None:
    line = "LINESTRING (300000 5000000, 700000 6000000)"
    found = draw(line, "GEODESIC", wkid=25832)
    start, end = shapely.get_coordinates(found)[[0, -1]]
    assert [*start, *end] == pytest.approx([300000, 5000000, 700000, 6000000], abs=1e-3)
    assert 5 < shapely.hausdorff_distance(found, shapely.from_wkt(line)) < 5000


def test_ring_around_the_pole_is_closed_along_it() -> None:
    ring = ", ".join(f"{x} -60" for x in range(-180, 181, 30))
    told = Told()
    polygon = features(f"POLYGON ((-180 -90, {ring}, 180 -90, -180 -90))", wkid=4326)
    found = densify_geodetically(polygon, "LOXODROME", 200_000, told)
    assert shapely.is_valid(found.geometries).all()
    assert found.geometries[0].bounds == pytest.approx((-180, -90, 180, -60))
    assert shapely.area(found.geometries[0]) == pytest.approx(360 * 30)


def test_nothing_and_no_shapes_stay() -> None:
    none = features("LINESTRING (0 0, 1 1)", wkid=4326).with_geometries([None], "esriGeometryPolyline")
    assert densify_geodetically(none, "GEODESIC", 1000, Told()).geometries.tolist() == [None]
    assert densify(none, METRE, None, Told()).geometries.tolist() == [None]


def test_features_without_a_reference_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="'in_features': they have no spatial reference"):
        densify_geodetically(features("LINESTRING (0 0, 1 1)", wkid=None), "GEODESIC", 1000, Told())
