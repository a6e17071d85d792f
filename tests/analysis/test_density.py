"""Kernel density: every cell against all points, and the volume below."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpserverless.analysis.density import choose_radius, spread_points
from gpserverless.analysis.surface import Grid, lay_grid
from gpserverless.errors import ToolError
from gpserverless.testing.recorded_run import RecordedRun

RANDOM = np.random.default_rng(9)
XY, WEIGHT = RANDOM.uniform(0, 100, (60, 2)), RANDOM.integers(0, 9, 60).astype(float)
RUN = RecordedRun()


@pytest.mark.parametrize("radius", [0.5, 7, 30, 400])
@pytest.mark.parametrize("grid", [Grid(-20, 140, 5, 5, 33, 31), Grid(30, 60, 3, 4, 6, 8)])
def test_cell_is_the_sum_of_the_kernels(radius: float, grid: Grid) -> None:
    far = np.hypot(grid.x[None, :, None] - XY[:, 0], grid.y[:, None, None] - XY[:, 1])
    kernel = np.where(far < radius, 3 / math.pi * (1 - (far / radius) ** 2) ** 2, 0) / radius**2
    made = spread_points(XY, WEIGHT, grid, radius, RUN)
    assert made == pytest.approx((kernel * WEIGHT).sum(axis=-1), rel=1e-9, abs=1e-15)


def test_volume_is_the_number_of_points() -> None:
    grid = lay_grid(XY, 0.5, 12)
    made = spread_points(XY, WEIGHT, grid, 12, RUN)
    assert made.sum() * grid.width * grid.height == pytest.approx(WEIGHT.sum(), rel=1e-4)


def test_top_over_one_point() -> None:
    made = spread_points(np.array([[5, 5.0]]), np.ones(1), Grid(0, 10, 10, 10, 1, 1), 2, RUN)
    assert made[0, 0] == pytest.approx(3 / (math.pi * 4))


def test_blocks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid(-20, 140, 5, 5, 33, 31)
    whole = spread_points(XY, WEIGHT, grid, 20, RUN)
    monkeypatch.setattr("gpserverless.analysis.density._BLOCK", 1)
    assert spread_points(XY, WEIGHT, grid, 20, RUN) == pytest.approx(whole)


def test_rule_of_thumb() -> None:
    """On a cross: distances 1 and 3, two each."""
    cross = np.array([(0, 3), (0, -3), (1, 0), (-1, 0)], float)
    radius = choose_radius(cross, np.ones(4))
    assert radius == pytest.approx(0.9 * min(math.sqrt(5), math.sqrt(1 / math.log(2)) * 1) * 4**-0.2)
    with pytest.raises(ToolError, match="give search_radius"):
        choose_radius(np.zeros((3, 2)), np.ones(3))
