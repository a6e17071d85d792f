"""Slope, aspect and light of planes: closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod

from gpserverless.analysis.surface import Grid, Surface
from gpserverless.analysis.terrain import measure_aspects, measure_slopes, shade
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference

GRID = Grid(left=500_000, top=5_000_000, width=30, height=20, rows=9, columns=11)
UTM = SpatialReference(32633)
RUN = RecordedRun()


def plane(east: float, north: float) -> Surface:
    """Return a plane that rises to the east and to the north by so much for each unit."""
    heights = east * (GRID.x[None] - GRID.left) + north * (GRID.y[:, None] - GRID.top)
    return Surface(heights, GRID, UTM)


PLANES = [(0.3, 0.4), (1, 0), (-1, 0), (0, 2), (0, -2), (-0.5, 0.7), (0.1, -0.1)]


@pytest.mark.parametrize(("east", "north"), PLANES)
def test_plane(east: float, north: float) -> None:
    rise = math.hypot(east, north)
    inner = (slice(1, -1), slice(1, -1))
    slopes = measure_slopes(plane(east, north), RUN)
    assert slopes[inner] == pytest.approx(math.degrees(math.atan(rise)), abs=1e-4)
    assert measure_slopes(plane(east, north), RUN, percent=True)[inner] == pytest.approx(100 * rise, rel=1e-6)
    downhill = math.degrees(math.atan2(-east, -north)) % 360
    assert measure_aspects(plane(east, north), RUN)[inner] == pytest.approx(downhill, abs=1e-4)
    zenith, slope = math.radians(55), math.atan(rise)
    light = math.cos(zenith) * math.cos(slope) + math.sin(zenith) * math.sin(slope) * math.cos(
        math.radians(300 - downhill)
    )
    shades = shade(plane(east, north), RUN, azimuth=300, altitude=35)
    assert shades[inner] == pytest.approx(max(0, round(255 * light)), abs=0)


def test_edge_has_no_gradient() -> None:
    slopes = measure_slopes(plane(0.3, 0.4), RUN)
    assert np.isnan(slopes[[0, -1]]).all()
    assert np.isnan(slopes[:, [0, -1]]).all()
    assert np.isfinite(slopes[1:-1, 1:-1]).all()


def test_flat_cell_has_no_direction() -> None:
    assert (measure_aspects(plane(0, 0), RUN)[1:-1, 1:-1] == -1).all()


def test_one_unknown_neighbour_is_left_out_and_two_are_too_many() -> None:
    surface = plane(1, 0)
    surface.values[4, 4] = np.nan
    slopes = measure_slopes(surface, RUN)
    assert np.isnan(slopes[4, 4])
    assert slopes[4, 3] == pytest.approx(45)  # the rise on its east side is that of the corners
    to_south = ((2 * 0 - 30) / 3 - (0 - 30 + 30) / 4) / 2 / 20  # a corner is missing, as in ArcGIS
    assert slopes[3, 3] == pytest.approx(math.degrees(math.atan(math.hypot(1, to_south))))
    surface.values[5, 4] = np.nan
    assert np.isnan(measure_slopes(surface, RUN)[4, 3])


def test_factor_scales_heights() -> None:
    assert measure_slopes(plane(0.3, 0.4), RUN, percent=True, factor=2)[4, 4] == pytest.approx(100)


def test_blocks_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    heights = Surface(np.random.default_rng(1).uniform(0, 100, (9, 11)), GRID, UTM)
    whole = measure_slopes(heights, RUN)
    monkeypatch.setattr("gpserverless.analysis.terrain._BLOCK", 22)
    assert np.array_equal(measure_slopes(heights, RUN), whole, equal_nan=True)


def test_cells_of_degrees_are_measured_on_the_ellipsoid() -> None:
    """A surface that rises by one metre for each metre to the north, and for each to the east."""
    grid = Grid(left=10, top=60.005, width=0.001, height=0.001, rows=10, columns=10)
    geod, world = Geod(ellps="WGS84"), SpatialReference(4326)
    north = geod.inv(np.full(10, 10), np.full(10, 59.99), np.full(10, 10), grid.y)[2]
    slopes = measure_slopes(Surface(np.repeat(north[:, None], 10, 1), grid, world), RUN, geodesic=True)
    assert slopes[1:-1, 1:-1] == pytest.approx(45, abs=1e-3)
    east = geod.inv(np.full(10, 9.99), np.full(10, 60), grid.x, np.full(10, 60))[2]
    slopes = measure_slopes(Surface(np.repeat(east[None], 10, 0), grid, world), RUN, geodesic=True)
    assert slopes[1:-1, 1:-1] == pytest.approx(45, abs=5e-3)
