"""Distances of buffers: their unit, and the surface that they are measured on."""

from __future__ import annotations

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from gpserverless.values.units import LinearUnit
from tests.geometry.shapes import NEW_YORK_FEET, UTM33, features


@pytest.mark.parametrize(
    ("unit", "metres"),
    [("esriMeters", 1), ("esriFeet", 1200 / 3937), ("esriIntFeet", 0.3048), ("esriNauticalMiles", 1853.248)],
)
@pytest.mark.parametrize("reference", [UTM33, NEW_YORK_FEET])
def test_distance_is_converted_to_the_unit_of_the_coordinates(
    unit: str, metres: float, reference: SpatialReference
) -> None:
    points = features("POINT (0 0)", reference=reference)
    expected = 100 * metres / reference.metres_per_unit
    assert points.buffer(LinearUnit(100, unit)).geometries[0].bounds[2] == pytest.approx(expected, rel=1e-12)
    assert points.buffer_distance(LinearUnit(100, unit)).reported == pytest.approx([expected])


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
def test_surface_follows_reference_unit_and_method(
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
def test_distance_without_a_scale_is_refused(
    reference: SpatialReference | None, unit: str, asked: bool
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        features("POINT (0 0)", reference=reference).buffer(LinearUnit(2, unit), geodesic=asked)
    assert refusal.value.accepted
