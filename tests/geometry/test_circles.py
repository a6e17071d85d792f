"""Circles about points, by closed forms and against GeographicLib."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.circles import MANY, count_circle_vertices
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from gpserverless.values.units import LinearUnit
from tests.geometry.shapes import features, geodesic_buffer

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("count", [1, MANY, MANY + 1, 100_000])
def test_circles_are_fine_enough(count: int) -> None:
    vertices = count_circle_vertices(count)
    assert vertices >= 64
    assert vertices % 4 == 0
    lost = 1 - math.sin(2 * math.pi / vertices) / (2 * math.pi / vertices)
    assert lost <= 0.001


def test_circle_vertices_are_all_at_the_distance() -> None:
    zone = features("POINT (1000 2000)").buffer(LinearUnit(500)).geometries[0]
    x, y = shapely.get_coordinates(zone).T
    assert np.hypot(x - 1000, y - 2000) == pytest.approx(500, abs=1e-9)
    assert zone.bounds == (500, 1500, 1500, 2500)
    assert not zone.exterior.is_ccw


@pytest.mark.parametrize(
    ("x", "y", "metres", "parts"),
    [
        (0, 0, 100e3, 1),
        (10, 60, 100e3, 1),
        (179.5, -17, 150e3, 2),
        (-180, 10, 1000, 2),
        (190, 0, 50e3, 1),
        (-540, 0, 50e3, 2),
        (30, 89, 200e3, 1),
        (0, -90, 500e3, 1),
        (120, 90, 500e3, 1),
        (-60, 30, 5000e3, 1),
        (170, 70, 5000e3, 1),
        (0, 5, 12000e3, 1),
        (0, 0, 15000e3, 1),
    ],
)
def test_geodesic_circles_are_at_the_distance_in_parts(x: float, y: float, metres: float, parts: int) -> None:
    disc = geodesic_buffer(f"POINT ({x} {y})", metres)
    assert shapely.is_valid(disc)
    assert len(shapely.get_parts(disc)) == parts
    assert shapely.box(-180, -90, 180, 90).covers(disc)
    outline = shapely.get_coordinates(disc)
    drawn = outline[
        (np.abs(np.abs(outline[:, 0]) - 180) > 1e-7) & (np.abs(np.abs(outline[:, 1]) - 90) > 1e-7)
    ]
    far = GEOD.inv(np.full(len(drawn), x), np.full(len(drawn), y), *drawn.T)[2]
    assert far == pytest.approx(metres, abs=0.001)
    random = np.random.default_rng(3)
    places = np.column_stack(
        [random.uniform(-180, 180, 400), np.degrees(np.arcsin(random.uniform(-1, 1, 400)))]
    )
    true = GEOD.inv(np.full(400, x), np.full(400, y), *places.T)[2]
    sure = np.abs(true - metres) > 0.002 * metres
    assert (shapely.contains_xy(disc, *places.T) == (true < metres))[sure].all()


def test_circle_of_half_a_meridian_is_the_world() -> None:
    assert geodesic_buffer("POINT (10 20)", 20_100e3).equals(shapely.box(-180, -90, 180, 90))


def test_small_geodesic_circle_has_the_area_of_its_formula() -> None:
    # pi r^2 (1 - K r^2 / 12) with the Gaussian curvature K; 100 km at the equator.
    square = geodesic_buffer("POINT (0 0)", 100e3)
    area = FeatureSet.of([square], WGS84).areas()[0]
    curvature = 1 / (6_335_439.327 * 6_378_137.0)
    assert area == pytest.approx(np.pi * 1e10 * (1 - curvature * 1e10 / 12), rel=1e-3)


@pytest.mark.parametrize("wkid", [32633, 4326])
def test_circles_of_many_points_are_those_of_few(wkid: int) -> None:
    """Many circles are drawn block by block; each is at its own place, as large as its own distance."""
    places = np.random.default_rng(1).uniform(-60, 60, (45_000, 2))
    distances = np.linspace(1_000, 2_000, 45_000)
    points = FeatureSet.of(np.asarray(shapely.points(places)), SpatialReference(wkid))
    circles = points.buffer(distances).geometries
    some = np.r_[0:300, 19_900:20_100, 39_900:40_100, 44_900:45_000]
    alone = points.take(some).buffer(distances[some]).geometries
    assert len(alone) > MANY
    assert shapely.equals_identical(circles[some], alone).all()
