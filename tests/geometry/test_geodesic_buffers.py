"""Geodesic zones: closed forms, GeographicLib, and every point near a zone tried by brute force."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from gpserverless.values.units import LinearUnit
from tests.geometry.shapes import geodesic_buffer

GEOD = Geod(ellps="WGS84")

SHAPES = {
    "a line": "LINESTRING (10 40, 12 41, 15 40)",
    "a line along a meridian": "LINESTRING (20 -10, 20 50)",
    "a line along a parallel": "LINESTRING (-20 60, 40 60)",
    "a line past 180": "LINESTRING (175 -17, 185 -15)",
    "a line near the pole": "LINESTRING (10 86, 100 87, 190 86)",
    "a line around the pole": "LINESTRING (0 88, 90 88, 180 88, 270 88, 360 88)",
    "a square": "POLYGON ((24 60, 24 61, 25 61, 25 60, 24 60))",
    "a large donut": "POLYGON ((0 0, 0 20, 25 20, 25 0, 0 0), (8 5, 18 5, 18 13, 8 13, 8 5))",
    "a polygon past 180": "POLYGON ((170 -20, 170 -10, 190 -10, 190 -20, 170 -20))",
    "a polygon cut at 180": "MULTIPOLYGON (((170 -20, 170 -10, 180 -10, 180 -20, 170 -20)),"
    " ((-180 -20, -180 -10, -170 -10, -170 -20, -180 -20)))",
    "a cap": "POLYGON ((-180 -90, -180 -75, 180 -75, 180 -90, -180 -90))",
    "points on both sides of 180": "MULTIPOINT ((179 0), (-179 2))",
}


def distances(
    shape: Any, x: NDArray[np.float64], y: NDArray[np.float64], piece: float = 0.05
) -> NDArray[np.float64]:
    """Return the distance of every place from a shape in pieces, 0 inside: slow and plain.

    Args:
        shape: The shape.
        x: Longitudes of the places.
        y: Latitudes of the places.
        piece: Degrees between two vertices.
    """
    lon, lat = shapely.get_coordinates(shapely.segmentize(shape, piece)).T
    shapes = [
        GEOD.inv(np.full(len(lon), px), np.full(len(lon), py), lon, lat)[2].min()
        for px, py in zip(x, y, strict=True)
    ]
    inside = np.zeros(len(x), bool)
    if shapely.get_dimensions(shape) == 2:
        for turn in (-360, 0, 360):
            inside |= shapely.contains_xy(shape, x + turn, y)
    return np.where(inside, 0.0, shapes)


@pytest.mark.parametrize("metres", [150e3, 1000e3, 3500e3])
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_geodesic_buffer_holds_exactly_the_near_places(name: str, metres: float) -> None:
    shape, zone = shapely.from_wkt(SHAPES[name]), geodesic_buffer(SHAPES[name], metres)
    random = np.random.default_rng(7)
    origin = shapely.get_coordinates(shapely.segmentize(shape, 1.0))
    origin = origin[random.integers(0, len(origin), 80)]
    away = metres * random.uniform(0.8, 1.2, len(origin))
    x, y, _ = GEOD.fwd(*origin.T, random.uniform(0, 360, len(origin)), away)
    # Half a piece is 28 km for every 1000 km of distance, and makes that 0.4 km longer at most.
    true = distances(shape, np.asarray(x), np.asarray(y), piece=metres / 2e6)
    sure = np.abs(true - metres) > 0.002 * metres
    assert (shapely.contains_xy(zone, x, y) == (true < metres))[sure].all()
    assert shapely.is_valid(zone)
    assert shapely.box(-180, -90, 180, 90).covers(zone)


def test_buffer_of_the_equator_has_the_area_of_the_closed_form() -> None:
    # A band of latitudes and two half discs (reference case buffer_geodesic_line_equator).
    zone = geodesic_buffer("LINESTRING (0 0, 10 0)", 100e3)
    assert FeatureSet.of([zone], WGS84).areas()[0] == pytest.approx(254_045_077_469.6, rel=2e-3)


@pytest.mark.parametrize(
    ("style", "inside", "outside"),
    [
        ({"side": "LEFT"}, (5, 0.5), (5, -0.5)),
        ({"side": "RIGHT"}, (5, -0.5), (5, 0.5)),
        ({"end": "FLAT"}, (9.9, 0.5), (10.1, 0)),
    ],
)
def test_sides_and_ends_of_lines(style: dict[str, Any], inside: Any, outside: Any) -> None:
    zone = geodesic_buffer("LINESTRING (0 0, 10 0)", 100e3, **style)
    assert zone.contains(shapely.Point(inside))
    assert not zone.intersects(shapely.Point(outside))


@pytest.mark.parametrize("name", ["a square", "a large donut", "a polygon cut at 180"])
def test_negative_distance_shrinks_polygons(name: str) -> None:
    shape, zone = shapely.from_wkt(SHAPES[name]), geodesic_buffer(SHAPES[name], -20e3)
    assert shapely.is_valid(zone)
    assert shape.contains(zone)
    points = shapely.get_coordinates(zone)
    points = points[np.abs(points[:, 0]) < 180]
    edge = shapely.difference(
        shape.boundary, shapely.MultiLineString([[(s, -90), (s, 90)] for s in (-180, 180)])
    )
    far = distances(edge, *points[:: max(1, len(points) // 20)].T)
    assert far == pytest.approx(20e3, rel=0.02)


def test_buffer_of_a_vanished_polygon_is_null() -> None:
    assert geodesic_buffer(SHAPES["a square"], -60e3) is None


def test_side_outside_only_leaves_the_polygon_out() -> None:
    zone = geodesic_buffer(SHAPES["a square"], 10e3, side="OUTSIDE_ONLY")
    assert not zone.contains(shapely.Point(24.5, 60.5))
    assert zone.contains(shapely.Point(24.5, 61.05))


def test_projected_features_are_measured_on_the_ellipsoid_when_asked() -> None:
    mercator = FeatureSet.of(shapely.points([[0, 60]]), WGS84).project(SpatialReference(3857))
    flat, round_ = (mercator.buffer(LinearUnit(10e3), geodesic=g).geometries[0] for g in (False, True))
    assert flat.bounds[2] == pytest.approx(10e3, rel=1e-9)
    assert round_.bounds[2] == pytest.approx(20e3, rel=0.01)  # at 60 degrees Mercator is twice too large


def test_latitude_beyond_90_degrees_is_refused() -> None:
    for wkt in ("POINT (0 91)", "LINESTRING (0 80, 0 100)"):
        with pytest.raises(InvalidValue, match="latitude"):
            geodesic_buffer(wkt, 1000)


def test_buffers_of_many_features_are_those_of_each_alone() -> None:
    shapes = shapely.from_wkt([SHAPES["a line"], SHAPES["a line past 180"], SHAPES["a line near the pole"]])
    together = FeatureSet.of([*shapes, None], WGS84).buffer([1e5, 2e5, 3e5, 4e5]).geometries
    alone = [
        FeatureSet.of([s], WGS84).buffer([d]).geometries[0]
        for s, d in zip(shapes, (1e5, 2e5, 3e5), strict=True)
    ]
    assert [a.equals_exact(b, 1e-9) for a, b in zip(together, alone, strict=False)] == [True] * 3
    assert together[3] is None
