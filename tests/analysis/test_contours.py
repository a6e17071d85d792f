"""Lines of equal height: of a plane, a cone and a saddle, and with unknown cells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless.analysis.contours import cut_long_lines, draw_contours, list_levels
from gpserverless.analysis.surface import Grid, Surface
from gpserverless.errors import ToolError
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference

RUN = RecordedRun()


def surface(heights: np.ndarray) -> Surface:
    rows, columns = heights.shape
    return Surface(heights.astype(float), Grid(0, rows, 1, 1, rows, columns), SpatialReference(32633))


def test_lines_of_a_plane_are_straight_and_whole() -> None:
    tilted = surface(np.add.outer(3.0 * np.arange(12), 2.0 * np.arange(15)) + 0.5)
    found = draw_contours(tilted, 10, 0, RUN)
    assert found.numbers("Contour").tolist() == [10, 20, 30, 40, 50, 60]
    assert found.column("Id").tolist() == [1, 2, 3, 4, 5, 6]
    for level, line in zip(found.numbers("Contour"), found.geometries, strict=True):
        x, y = shapely.get_coordinates(line).T
        assert 3 * (12 - y - 0.5) + 2 * (x - 0.5) + 0.5 == pytest.approx(level)
        ends = shapely.get_coordinates(shapely.boundary(line))
        assert line.length == pytest.approx(np.hypot(*(ends[0] - ends[1])))


def test_lines_of_a_cone_are_circles() -> None:
    y, x = np.mgrid[0:201, 0:201]
    cone = surface(100 - np.hypot(x - 100, y - 100))
    found = draw_contours(cone, 10, 5, RUN)
    for level, line in zip(found.numbers("Contour"), found.geometries, strict=True):
        if level < 15:  # beyond, the square of cells cuts the circle
            continue
        assert line.is_ring
        far = np.hypot(*(shapely.get_coordinates(line) - 100.5).T)
        assert far == pytest.approx(100 - level, abs=0.03)


def test_saddle_is_parted_by_its_middle() -> None:
    high = draw_contours(surface(np.array([[9, 0], [0, 9.0]])), 4, 4, RUN).take([0])
    low = draw_contours(surface(np.array([[9, 0], [0, 9.0]])), 5, 5, RUN)
    middle = shapely.Point(1, 1)
    assert high.numbers("Contour").tolist() == [4]
    assert len(draw_contours(surface(np.array([[9, 0], [0, 9.0]])), 5, 5, RUN)) == 2
    assert all(line.distance(middle) > 0 for line in low.geometries)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_line_parts_high_cells_from_low_ones(seed: int, whole: bool) -> None:
    """A way along the grid crosses the line as often as the height is passed."""
    random = np.random.default_rng(seed)
    heights = random.integers(0, 5, (7, 8)) + (0.0 if whole else random.uniform(0, 1, (7, 8)))
    found = draw_contours(surface(heights), 100, 2.5, RUN)
    lines = shapely.union_all(found.geometries)
    for row in range(7):
        for column in range(7):
            way = shapely.LineString([(column + 0.5, 7 - row - 0.5), (column + 1.5, 7 - row - 0.5)])
            passed = (heights[row, column] >= 2.5) != (heights[row, column + 1] >= 2.5)
            assert way.distance(lines) <= 1e-9 if passed else not way.buffer(-1e-9).crosses(lines)
    ends = shapely.get_coordinates(shapely.boundary(found.geometries))
    edge = (np.abs(ends - [0.5, 0.5]) < 1e-9) | (np.abs(ends - [7.5, 6.5]) < 1e-9)
    assert edge.any(axis=1).all(), "a line ends at the edge alone"


def test_no_line_crosses_the_unknown() -> None:
    heights = np.add.outer(np.zeros(9), np.arange(9.0))
    heights[4, 4] = np.nan
    found = draw_contours(surface(heights), 100, 4.5, RUN)
    assert len(found) == 2
    assert shapely.length(found.geometries).sum() == pytest.approx(8 - 2)


@pytest.mark.parametrize(
    ("heights", "interval", "base", "levels"),
    [
        ([[0, 10.0]], 4, 1, [1, 5, 9]),
        ([[-3, 3.0]], 2, 0, [-2, 0, 2]),
        ([[5, 5.0]], 5, 0, [5]),
        ([[1, np.nan, 2]], 5, 0, []),
        ([[np.nan, np.nan]], 5, 0, []),
    ],
)
def test_levels(heights: list[list[float]], interval: float, base: float, levels: list[float]) -> None:
    assert list_levels(np.array(heights), interval, base).tolist() == levels


@pytest.mark.parametrize(
    ("interval", "words"), [(0, "above 0"), (-1, "above 0"), (np.nan, "above 0"), (1e-4, "larger interval")]
)
def test_interval_without_meaning_is_refused(interval: float, words: str) -> None:
    with pytest.raises(ToolError, match=words):
        draw_contours(surface(np.array([[0, 10.0], [0, 10]])), interval, 0, RUN)


def test_long_lines_are_cut() -> None:
    found = draw_contours(surface(np.add.outer(np.zeros(11), np.arange(3.0))), 100, 0.5, RUN)
    cut = cut_long_lines(found, 4)
    assert max(shapely.get_num_coordinates(cut.geometries)) <= 4
    assert shapely.length(cut.geometries).sum() == pytest.approx(10)
    assert set(cut.numbers("Contour")) == {0.5}
