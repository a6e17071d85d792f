"""Lengths and areas against closed forms and against GeographicLib."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.measures import measure_geodesic_areas
from gpserverless.values.spatial_reference import WGS84, SpatialReference

WGS84_ELLIPSOID = Geod(ellps="WGS84")


def one(wkt: str, wkid: int = 4326) -> FeatureSet[shapely.Geometry]:
    return FeatureSet.of(np.array([shapely.from_wkt(wkt), None], object), SpatialReference(wkid))


def test_area_of_the_world_is_that_of_its_ellipsoid() -> None:
    # Moritz, GRS 80 and WGS 84: 510 065 621.7 km2.
    world = one("POLYGON ((-180 -90, -180 90, 180 90, 180 -90, -180 -90))")
    assert world.areas() == pytest.approx([510_065_621.7e6, 0], rel=1e-9)


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((10 50, 10 51, 11 51, 11 50, 10 50))",
        "POLYGON ((10 50, 11 50, 11 51, 10 51, 10 50), (10.4 50.4, 10.4 50.6, 10.6 50.6, 10.4 50.4))",
        "MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)), ((-70 -50, -70 -49, -69 -49, -70 -50)))",
        "POLYGON ((0 80, 3 89, 120 85, 0 80))",
    ],
)
def test_areas_agree_with_geographiclib(wkt: str) -> None:
    # GeographicLib takes edges as geodesics; divided finely enough the two are the same.
    fine = shapely.segmentize(shapely.orient_polygons(shapely.from_wkt(wkt)), 0.005)
    expected = sum(abs(WGS84_ELLIPSOID.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(fine))
    assert one(wkt).areas()[0] == pytest.approx(expected, rel=1e-6)


def test_lengths_agree_with_geographiclib() -> None:
    line = "LINESTRING (10 50, 10.5 50.2, 11 51)"
    assert one(line).lengths()[0] == pytest.approx(
        WGS84_ELLIPSOID.geometry_length(shapely.from_wkt(line)), rel=1e-7
    )
    quarter = one("LINESTRING (20 0, 20 90)").lengths()[0]
    assert quarter == pytest.approx(10_001_965.729, abs=0.01)  # the quarter meridian of WGS 84
    outline = one("POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))")
    ring = "LINESTRING (0 0, 0 1, 1 1, 1 0, 0 0)"
    assert outline.lengths() == pytest.approx(one(ring).lengths())


def test_measures_of_a_plane_are_in_metres() -> None:
    square = one("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))", 2263)  # US survey feet
    assert square.areas() == pytest.approx([100 * (1200 / 3937) ** 2, 0])
    assert square.lengths() == pytest.approx([40 * 1200 / 3937, 0])


def test_areas_of_parts_add_up_to_the_whole() -> None:
    whole = shapely.box(-10, 40, 30, 70)
    parts = shapely.intersection(whole, shapely.box([-10, 3, 17], 40, [3, 17, 30], 70))
    areas = FeatureSet.of(parts, WGS84).areas()
    assert areas.sum() == pytest.approx(FeatureSet.of([whole], WGS84).areas()[0], rel=1e-12)


def test_area_on_a_sphere_is_exact() -> None:
    octant = np.array([shapely.from_wkt("POLYGON ((0 0, 90 0, 90 90, 0 90, 0 0))")], object)
    assert measure_geodesic_areas(octant, Geod(a=1, b=1)) == pytest.approx([np.pi / 2])
