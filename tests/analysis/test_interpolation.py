"""Inverse distances: every cell against all points."""

from __future__ import annotations

import numpy as np
import pytest

from gpserverless.analysis.interpolation import Search, interpolate
from gpserverless.analysis.surface import MAX_SURFACE, Grid, lay_grid
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.testing.recorded_run import RecordedRun

RANDOM = np.random.default_rng(5)
XY, VALUES = RANDOM.uniform(0, 100, (80, 2)), RANDOM.uniform(-5, 50, 80)
GRID = Grid(0, 100, 7, 7, 15, 15)
RUN = RecordedRun()


def average(x: float, y: float, power: float, count: int, reach: float, fixed: bool) -> float:
    far = np.hypot(XY[:, 0] - x, XY[:, 1] - y)
    order = np.argsort(far)
    if fixed:
        chosen = order[: max(count, int((far <= reach).sum()))]
    else:
        chosen = order[:count][far[order[:count]] <= reach]
    weight = far[chosen] ** -power
    return float((weight * VALUES[chosen]).sum() / weight.sum()) if len(chosen) else np.nan


@pytest.mark.parametrize("power", [0, 1, 2, 3.5])
@pytest.mark.parametrize(
    ("text", "count", "reach", "fixed"),
    [
        ("VARIABLE 12", 12, np.inf, False),
        ("variable 3 9", 3, 9, False),
        ("FIXED 15", 0, 15, True),
        ("FIXED 4 5", 5, 4, True),
        ("VARIABLE 500", 80, np.inf, False),
        ("VARIABLE", 12, np.inf, False),
    ],
)
def test_cell_is_the_mean_of_its_points(
    power: float, text: str, count: int, reach: float, fixed: bool
) -> None:
    made = interpolate(XY, VALUES, GRID, (power, Search.parse(text)), RUN)
    wanted = [[average(x, y, power, count, reach, fixed) for x in GRID.x] for y in GRID.y]
    assert made == pytest.approx(np.array(wanted), rel=1e-5, nan_ok=True)


def test_point_keeps_its_value_and_points_at_one_place_their_mean() -> None:
    xy = np.array([[5, 5], [5, 5], [25, 5], [15, 25.0]])
    made = interpolate(xy, np.array([1, 3, 8, 9.0]), Grid(0, 30, 10, 10, 3, 3), (2, Search()), RUN)
    assert made[2, 0] == 2
    assert made[2, 2] == 8
    assert made[0, 1] == 9


def test_great_power_is_the_nearest_point() -> None:
    made = interpolate(XY * 1e6, VALUES, lay_grid(XY * 1e6, 1e7), (100, Search()), RUN)
    assert np.isfinite(made).all()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NEAR 3",
        "FIXED",
        "FIXED 0",
        "VARIABLE 0",
        "VARIABLE x",
        "FIXED 1 2 3",
        "VARIABLE 1.5",
        "FIXED nan",
    ],
)
def test_search_radius_without_meaning_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="VARIABLE 12"):
        Search.parse(text)


@pytest.mark.parametrize(
    ("xy", "size", "expected"),
    [
        ([(0, 0), (500, 1000)], None, (2, 500, 250)),
        ([(0, 0), (500, 1000)], 300, (300, 4, 2)),
        ([(0, 0), (500, 0)], None, (2, 1, 250)),
        ([(7, 7)], 10, (10, 1, 1)),
    ],
)
def test_cells_cover_the_points(
    xy: list[tuple[int, int]], size: float | None, expected: tuple[int, int, int]
) -> None:
    grid = lay_grid(np.array(xy, float), size)
    assert (grid.width, grid.rows, grid.columns) == expected
    assert grid.left == xy[0][0]
    assert grid.top == xy[0][1] + grid.rows * grid.height


@pytest.mark.parametrize(
    ("xy", "size", "words"),
    [
        ([(7, 7)], None, "give cell_size"),
        ([(0, 0), (9, 9)], 0, "above 0"),
        ([(0, 0), (9, 9)], -1, "above 0"),
        ([(0, 0), (9, 9)], 1e-9, f"at most {MAX_SURFACE:,}"),
        ([(0, 0), (9, 9)], 5e-324, f"at most {MAX_SURFACE:,}"),
    ],
)
def test_cells_without_meaning_are_refused(xy: list[tuple[int, int]], size: float | None, words: str) -> None:
    with pytest.raises(ToolError, match=words):
        lay_grid(np.array(xy, float), size)
