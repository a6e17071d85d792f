"""Buffers in the plane, by closed forms; and which surface a distance is measured on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.circles import MANY, count_circle_vertices
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from gpserverless.values.units import LinearUnit

UTM33, NEW_YORK_FEET = SpatialReference(32633), SpatialReference(2263)
LINE, SQUARE = "LINESTRING (0 0, 1000 0)", "POLYGON ((0 0, 0 100, 100 100, 100 0, 0 0))"


def features(*wkts: str | None, reference: SpatialReference | None = UTM33) -> FeatureSet[Any]:
    return FeatureSet.of(shapely.from_wkt(np.array(wkts, object)), reference)


@pytest.mark.parametrize(
    ("wkt", "distance", "style", "area", "bounds"),
    [
        ("POINT (5 7)", 100, {}, math.pi * 1e4, (-95, -93, 105, 107)),
        ("MULTIPOINT ((0 0), (1000 0))", 100, {}, 2 * math.pi * 1e4, (-100, -100, 1100, 100)),
        (LINE, 100, {}, 2e5 + math.pi * 1e4, (-100, -100, 1100, 100)),
        (LINE, 100, {"end": "FLAT"}, 2e5, (0, -100, 1000, 100)),
        (LINE, 100, {"side": "LEFT"}, 1e5, (0, 0, 1000, 100)),
        (LINE, 100, {"side": "RIGHT"}, 1e5, (0, -100, 1000, 0)),
        (SQUARE, 10, {}, 1e4 + 4e3 + math.pi * 100, (-10, -10, 110, 110)),
        (SQUARE, 10, {"side": "OUTSIDE_ONLY"}, 4e3 + math.pi * 100, (-10, -10, 110, 110)),
        (SQUARE, -10, {}, 6400, (10, 10, 90, 90)),
        (SQUARE, 0, {}, 1e4, (0, 0, 100, 100)),
    ],
)
def test_zones_have_the_size_of_the_formula(
    wkt: str, distance: float, style: dict[str, Any], area: float, bounds: Any
) -> None:
    zone = features(wkt).buffer(LinearUnit(distance), **style).geometries[0]
    assert zone.area == pytest.approx(area, rel=1e-3)
    assert zone.bounds == pytest.approx(bounds, abs=1e-6)


@pytest.mark.parametrize(
    ("wkt", "distance"),
    [
        (SQUARE, -51),
        ("POINT (0 0)", 0),
        ("POINT (0 0)", -5),
        (LINE, 0),
        (LINE, -5),
        (None, 5),
        ("POINT EMPTY", 5),
    ],
)
def test_where_nothing_is_left_there_is_no_shape(wkt: str | None, distance: float) -> None:
    assert features(wkt, wkt).buffer(LinearUnit(distance)).geometries.tolist() == [None, None]


def test_every_feature_may_have_its_own_distance() -> None:
    points = features("POINT (0 0)", "POINT (500 0)", "POINT (900 0)", None)
    zones = points.buffer([10, 20, np.nan, 5])
    assert zones.geometry_type == "esriGeometryPolygon"
    assert [None if z is None else round(z.bounds[2] - z.bounds[0]) for z in zones.geometries] == [
        20,
        40,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("unit", "metres"),
    [("esriMeters", 1), ("esriFeet", 1200 / 3937), ("esriIntFeet", 0.3048), ("esriNauticalMiles", 1853.248)],
)
@pytest.mark.parametrize("reference", [UTM33, NEW_YORK_FEET])
def test_a_distance_is_brought_to_the_unit_of_the_coordinates(
    unit: str, metres: float, reference: SpatialReference
) -> None:
    points = features("POINT (0 0)", reference=reference)
    expected = 100 * metres / reference.metres_per_unit
    assert points.buffer(LinearUnit(100, unit)).geometries[0].bounds[2] == pytest.approx(expected, rel=1e-12)
    assert points.buffer_distance(LinearUnit(100, unit)).reported == pytest.approx([expected])


@pytest.mark.parametrize("count", [1, MANY, MANY + 1, 100_000])
def test_circles_are_fine_enough(count: int) -> None:
    vertices = count_circle_vertices(count)
    assert vertices >= 64
    assert vertices % 4 == 0
    lost = 1 - math.sin(2 * math.pi / vertices) / (2 * math.pi / vertices)
    assert lost <= 0.001


def test_every_vertex_of_a_circle_is_at_the_distance() -> None:
    zone = features("POINT (1000 2000)").buffer(LinearUnit(500)).geometries[0]
    x, y = shapely.get_coordinates(zone).T
    assert np.hypot(x - 1000, y - 2000) == pytest.approx(500, abs=1e-9)
    assert zone.bounds == (500, 1500, 1500, 2500)
    assert not zone.exterior.is_ccw


# ArcGIS' rule: on longitude and latitude a length is geodesic under either method, an angle is planar.
@pytest.mark.parametrize(
    ("reference", "unit", "asked", "geodesic"),
    [
        (UTM33, "esriMeters", False, False),
        (UTM33, "esriMeters", True, True),
        (UTM33, "esriUnknownUnits", False, False),
        (WGS84, "esriMeters", False, True),
        (WGS84, "esriMeters", True, True),
        (WGS84, "esriDecimalDegrees", False, False),
        (WGS84, "esriUnknownUnits", False, False),
        (None, "esriUnknownUnits", False, False),
    ],
)
def test_the_surface_follows_reference_unit_and_method(
    reference: SpatialReference | None, unit: str, asked: bool, geodesic: bool
) -> None:
    reach = features("POINT (0 0)", reference=reference).buffer_distance(LinearUnit(2, unit), geodesic=asked)
    assert reach.geodesic is geodesic
    assert reach.values.tolist() == reach.reported.tolist() == [2.0]


@pytest.mark.parametrize(
    ("reference", "unit", "asked"),
    [
        (UTM33, "esriDecimalDegrees", False),
        (WGS84, "esriDecimalDegrees", True),
        (WGS84, "esriUnknownUnits", True),
        (None, "esriMeters", False),
    ],
)
def test_a_distance_without_a_meaning_is_refused(
    reference: SpatialReference | None, unit: str, asked: bool
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        features("POINT (0 0)", reference=reference).buffer(LinearUnit(2, unit), geodesic=asked)
    assert refusal.value.accepted


@pytest.mark.parametrize(
    ("wkt", "style"),
    [
        ("POINT (0 0)", {"side": "LEFT"}),
        (SQUARE, {"side": "RIGHT"}),
        (LINE, {"side": "OUTSIDE_ONLY"}),
        ("POINT (0 0)", {"end": "FLAT"}),
        (SQUARE, {"end": "FLAT"}),
    ],
)
def test_a_style_that_does_not_suit_the_shapes_is_refused(wkt: str, style: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        features(wkt).buffer(LinearUnit(1), **style)


def test_angles_are_buffered_in_the_plane_of_degrees() -> None:
    zone = (
        features("POINT (10 60)", reference=WGS84).buffer(LinearUnit(2, "esriDecimalDegrees")).geometries[0]
    )
    assert zone.bounds == pytest.approx((8, 58, 12, 62))


def test_overlapping_zones_dissolve_to_one() -> None:
    zones = (
        features("POINT (0 0)", "POINT (150 0)", "POINT (1000 0)", None).buffer(LinearUnit(100)).dissolve()
    )
    lens = 2 * 100**2 * math.acos(0.75) - 75 * math.sqrt(4 * 100**2 - 150**2)
    assert zones.geometries[0].area == pytest.approx(3 * math.pi * 1e4 - lens, rel=1e-3)
    assert len(shapely.get_parts(zones.geometries[0])) == 2


def test_invalid_polygons_dissolve_too() -> None:
    bowtie = "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"
    assert features(bowtie, "POLYGON ((5 0, 5 10, 20 10, 20 0, 5 0))").dissolve().geometries[0].area == 175
