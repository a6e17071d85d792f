"""Lines of sight: walls, ridges, curvature, and every cell against a line walked step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gpserverless.analysis.sight import Curvature, Observer, look
from gpserverless.analysis.surface import Grid, Surface
from gpserverless.errors import ToolError
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference

UTM = SpatialReference(32633)
FLAT = Curvature()


def surface(heights: Any, size: float = 10.0) -> Surface:
    heights = np.asarray(heights, float)
    rows, columns = heights.shape
    return Surface(heights, Grid(0, rows * size, size, size, rows, columns), UTM)


def at(row: int, column: int, ground: Surface, **more: Any) -> Observer:
    return Observer(float(ground.grid.x[column]), float(ground.grid.y[row]), **more)


def walk(heights: np.ndarray, eye: tuple[int, int, float], row: int, column: int, size: float) -> bool:
    """Return whether a cell is seen, by the definition, one crossing after the other."""
    top, left, above = eye
    height = heights[top, left] + above
    steps = max(abs(row - top), abs(column - left))
    if steps == 0:
        return True
    length = math.hypot(row - top, column - left) * size
    highest = -math.inf
    for step in range(1, steps):
        r, c = top + (row - top) * step / steps, left + (column - left) * step / steps
        if abs(row - top) >= abs(column - left):
            low = math.floor(round(c, 9))
            share = round(c, 9) - low
            z = heights[round(r), low] * (1 - share) + (heights[round(r), low + 1] * share if share else 0)
        else:
            low = math.floor(round(r, 9))
            share = round(r, 9) - low
            z = heights[low, round(c)] * (1 - share) + (heights[low + 1, round(c)] * share if share else 0)
        highest = max(highest, (z - height) / (length * step / steps))
    return (heights[row, column] - height) / length >= highest - 1e-12


@pytest.mark.parametrize("seed", range(3))
def test_cell_is_seen_as_on_a_walk(seed: int) -> None:
    heights = np.random.default_rng(seed).uniform(0, 12, (17, 23))
    ground = surface(heights)
    seen = look(ground, [at(6, 4, ground, above=3.0)], FLAT, RecordedRun()).seen
    expected = [[walk(heights, (6, 4, 3.0), r, c, 10.0) for c in range(23)] for r in range(17)]
    assert (seen == np.array(expected)).all()
    assert 0 < seen.sum() < seen.size


def test_wall_hides_the_far_side_and_is_seen_itself() -> None:
    heights = np.zeros((21, 21))
    heights[:, 14] = 20
    ground = surface(heights)
    view = look(ground, [at(10, 5, ground)], FLAT, RecordedRun())
    assert view.seen[:, :15].all()
    assert not view.seen[:, 15:].any()
    assert view.hidden[10, 10] == 0
    assert view.hidden[10, 20] == pytest.approx(1 + 19 / 90 * 150)  # above the line over the wall


def test_observers_are_counted() -> None:
    heights = np.zeros((5, 21))
    heights[:, 10] = 20
    ground = surface(heights)
    seen = look(ground, [at(2, 5, ground), at(2, 15, ground)], FLAT, RecordedRun()).seen
    assert seen[2].tolist() == [1] * 10 + [2] + [1] * 10


def test_flat_earth_is_all_seen_and_a_curved_one_to_its_horizon() -> None:
    ground = surface(np.zeros((3, 1001)), size=100.0)
    observer = at(1, 0, ground, above=10.0)
    assert look(ground, [observer], FLAT, RecordedRun()).seen.all()
    curved = look(ground, [observer], Curvature(0.13, 12_740_000), RecordedRun()).seen[1]
    horizon = math.sqrt(10 * 12_740_000 / (1 - 0.13))
    assert np.count_nonzero(curved) * 100 == pytest.approx(horizon, abs=200)


@pytest.mark.parametrize(
    ("options", "cells"),
    [
        ({"distances": (0.0, 30.0)}, [(5, 5), (5, 8), (2, 5)]),
        ({"distances": (25.0, 30.0)}, [(5, 8), (2, 5)]),
        ({"azimuths": (45.0, 135.0)}, [(5, 6), (5, 9), (4, 6)]),
        ({"azimuths": (315.0, 45.0)}, [(4, 5), (1, 5), (4, 4)]),
        ({"spot": 100.0, "angles": (90.0, -75.0)}, [(5, 9), (1, 1)]),
        ({"spot": 100.0, "angles": (-75.0, -90.0)}, [(5, 6), (6, 6)]),
    ],
)
def test_observer_may_look_at_a_part_only(options: dict[str, Any], cells: list[tuple[int, int]]) -> None:
    ground = surface(np.zeros((11, 11)))
    observer = at(5, 5, ground, **options)
    seen = look(ground, [observer], FLAT, RecordedRun()).seen
    assert all(seen[cell] for cell in cells)
    for row, column in np.argwhere(seen == 1).tolist():
        far = 10 * math.hypot(row - 5, column - 5)
        assert observer.distances[0] <= far <= observer.distances[1]
        if far:
            azimuth = math.degrees(math.atan2(column - 5, 5 - row)) % 360
            first, last = observer.azimuths
            assert (azimuth - first) % 360 <= ((last - first) % 360 or 360)
            angle = math.degrees(math.atan(-((observer.spot or 0) + 1) / far))
            assert observer.angles[1] <= angle <= observer.angles[0]
    assert 0 < seen.sum() < 121


def test_height_above_a_cell_may_be_what_is_looked_for() -> None:
    heights = np.zeros((3, 21))
    heights[:, 10] = 6
    ground = surface(heights)
    seen = look(ground, [at(1, 0, ground, target=8.0)], FLAT, RecordedRun()).seen[1]
    assert seen.tolist() == [1] * 15 + [0] * 6  # 1 + 5 / 100 d is 8 at 140


def test_cells_of_degrees_are_measured_in_metres() -> None:
    grid = Grid(10, 60.1, 0.001, 0.001, 200, 5)
    ground = Surface(np.zeros((200, 5)), grid, SpatialReference(4326))
    observer = Observer(float(grid.x[2]), float(grid.y[100]), distances=(0.0, 5000.0))
    seen = look(ground, [observer], FLAT, RecordedRun()).seen
    assert seen[:, 2].sum() == 2 * int(5000 / 111.42) + 1  # metres in 0.001 degrees of latitude at 60 N


def test_unknown_cells_are_not_seen_and_hide_nothing() -> None:
    heights = np.zeros((3, 9))
    heights[:, 4] = np.nan
    ground = surface(heights)
    run = RecordedRun()
    view = look(ground, [at(1, 0, ground), at(1, 4, ground), Observer(-500, -500)], FLAT, run)
    assert view.seen[1].tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 1]
    assert np.isnan(view.hidden[1, 4])
    assert run.texts == ["Observers that stand where the raster has no value: 2; they see nothing."]


def test_view_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpserverless.analysis.sight.MAX_STEPS", 100)
    ground = surface(np.zeros((11, 11)))
    with pytest.raises(ToolError, match="Take fewer observers"):
        look(ground, [at(5, 5, ground)], FLAT, RecordedRun())
