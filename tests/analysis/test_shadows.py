"""Shadows: as long as the wall is high by the tangent, and those of rays that are followed one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpserverless.analysis.shadows import find_shadows
from gpserverless.analysis.surface import Grid, Surface
from gpserverless.errors import ToolError
from gpserverless.testing.recorded_run import RecordedRun

RUN = RecordedRun()


def lay(heights: np.ndarray, width: float = 10, height: float = 10) -> Surface:
    return Surface(np.asarray(heights, float), Grid(0, 0, width, height, *np.shape(heights)), None)


def follow(surface: Surface, row: int, column: int, azimuth: float, altitude: float) -> bool:
    """Return whether the ray from one cell meets ground, crossing by crossing."""
    grid, values = surface.grid, surface.values
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    along_rows = abs(north / grid.height) >= abs(east / grid.width)
    for step in range(1, max(values.shape)):
        length = step * (grid.height / abs(north) if along_rows else grid.width / abs(east))
        r, c = row - length * north / grid.height, column + length * east / grid.width
        line, place = (r, c) if along_rows else (c, r)
        across = values if along_rows else values.T
        line, place = round(line), round(place, 6)
        if not (0 <= line < across.shape[0] and 0 <= place <= across.shape[1] - 1):
            return False
        ground = np.interp(place, np.arange(across.shape[1]), across[line])
        if ground > values[row, column] + length * math.tan(math.radians(altitude)) + 1e-6:
            return True
    return False


@pytest.mark.parametrize("azimuth", [0, 17, 45, 60, 90, 128, 180, 200, 225, 270, 301, 315, 359.5, 360])
@pytest.mark.parametrize("size", [(10, 10), (10, 14)])
def test_shadows_are_those_of_rays_one_by_one(azimuth: float, size: tuple[float, float]) -> None:
    random = np.random.default_rng(5)
    surface = lay(random.gamma(2, 12, (23, 31)), *size)
    expected = [[follow(surface, r, c, azimuth, 30) for c in range(31)] for r in range(23)]
    found = find_shadows(surface, RUN, azimuth=azimuth, altitude=30)
    assert (found == np.array(expected)).all()
    assert 50 < found.sum() < 600


@pytest.mark.parametrize(
    ("azimuth", "turn"), [(90, 0), (0, 1), (270, 2), (180, 3)], ids=["east", "north", "west", "south"]
)
@pytest.mark.parametrize("altitude", [10, 30, 45, 70])
def test_shadow_of_a_wall_is_as_long_as_the_tangent_says(azimuth: int, turn: int, altitude: int) -> None:
    """A wall of 100 m in the last but two of 60 columns, with the sun behind it."""
    heights = np.zeros((40, 60))
    heights[:, 57] = 100
    found = np.rot90(
        find_shadows(lay(np.rot90(heights, turn)), RUN, azimuth=azimuth, altitude=altitude), -turn
    )
    reach = 100 / math.tan(math.radians(altitude)) / 10
    away = 57 - np.arange(60)
    assert (found == ((away > 0) & (away < reach - 1e-6))).all()


def test_factor_makes_heights_and_coordinates_one_unit() -> None:
    heights = np.zeros((5, 60))
    heights[:, 59] = 100
    feet = find_shadows(lay(heights), RUN, azimuth=90, altitude=45, factor=0.3048)
    assert feet[2].sum() == 3
    assert find_shadows(lay(heights), RUN, azimuth=90, altitude=45)[2].sum() == 9


@pytest.mark.parametrize("azimuth", [0, 45, 90, 210, 315])
def test_slope_as_steep_as_the_light_has_no_shadow(azimuth: float) -> None:
    x, y = np.meshgrid(np.arange(30) * 10.0, np.arange(30) * -10.0)
    rise = x * math.sin(math.radians(azimuth)) + y * math.cos(math.radians(azimuth))
    assert not find_shadows(lay(rise * math.tan(math.radians(20))), RUN, azimuth=azimuth, altitude=20).any()
    assert find_shadows(lay(rise), RUN, azimuth=azimuth, altitude=20).any()


def test_sun_in_the_zenith_and_unknown_ground_cast_none() -> None:
    heights = np.zeros((9, 9))
    heights[4, 4] = 500
    assert not find_shadows(lay(heights), RUN, azimuth=10, altitude=90).any()
    heights[4, 4] = np.nan
    assert not find_shadows(lay(heights), RUN, azimuth=10, altitude=0).any()
    assert not find_shadows(lay(np.full((3, 3), np.nan)), RUN, azimuth=10, altitude=0).any()


def test_too_many_comparisons_are_refused_before_the_work() -> None:
    heights = np.broadcast_to(np.linspace(0, 1, 7000)[:, None], (7000, 7000))
    with pytest.raises(ToolError, match="greater altitude"):
        find_shadows(lay(heights), RUN, azimuth=0, altitude=0)
