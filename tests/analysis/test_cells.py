"""Thiessen polygons, nets and tessellations: they cover their area once, and each cell is the right one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.analysis.fishnet import draw_cells as draw_net_cells
from gpserverless.analysis.fishnet import draw_labels, draw_lines, lay_out
from gpserverless.analysis.tessellation import name_cells, tessellate
from gpserverless.analysis.thiessen import draw_cells
from gpserverless.errors import ToolError
from gpserverless.values.extent import Extent
from tests.analysis.told import Told, features

SHAPES = ["SQUARE", "DIAMOND", "HEXAGON", "TRANSVERSE_HEXAGON", "TRIANGLE"]
ORIGIN, NORTH = np.array([100.0, 200.0]), np.array([100.0, 300.0])


def scatter(count: int, seed: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).normal(loc=(4e5, 5e6), scale=1000, size=(count, 2))


def write(places: np.ndarray) -> list[str]:
    return [f"POINT ({x!r} {y!r})" for x, y in places.tolist()]


def test_thiessen_polygons_divide_the_extent() -> None:
    places = scatter(500)
    found = draw_cells(features(*write(places)), Told(), attributes=False)
    low, high = places.min(axis=0), places.max(axis=0)
    size = (high - low) * 1.2
    assert shapely.area(found.geometries).sum() == pytest.approx(size.prod())
    assert shapely.union_all(found.geometries, grid_size=1e-6).area == pytest.approx(size.prod())
    assert found.column("Input_FID").tolist() == list(range(101, 601))
    assert list(found.columns) == ["Input_FID"]


def test_each_place_lies_in_the_polygon_of_the_nearest_point() -> None:
    places = scatter(200)
    found = draw_cells(features(*write(places)), Told(), attributes=False)
    tried = np.random.default_rng(9).uniform(places.min(axis=0), places.max(axis=0), size=(3000, 2))
    nearest = np.hypot(*(tried[:, None] - places[None]).transpose(2, 0, 1)).argmin(axis=1)
    assert shapely.intersects_xy(found.geometries[nearest], tried[:, 0], tried[:, 1]).all()


def test_polygons_follow_their_points_in_any_order() -> None:
    places = scatter(60)
    forth = draw_cells(features(*write(places)), Told(), attributes=False)
    back = draw_cells(features(*write(places[::-1])), Told(), attributes=False)
    assert shapely.area(forth.geometries) == pytest.approx(shapely.area(back.geometries[::-1]))


def test_points_at_one_place_get_one_polygon_and_attributes_are_kept() -> None:
    told = Told()
    found = draw_cells(
        features("POINT (0 0)", None, "POINT (4 0)", "POINT (0 0)", N=list("abcd")), told, attributes=True
    )
    assert found.column("N").tolist() == ["a", "c"]
    assert found.column("Input_FID").tolist() == [101, 103]
    # On one line the margin is a tenth of its length to all sides.
    assert shapely.area(found.geometries).tolist() == [pytest.approx(2.4 * 0.8)] * 2
    assert told.warnings == [
        "1 feature without a shape was left out.",
        "1 point lies at the place of another, and got no polygon.",
    ]


def test_each_point_of_a_multipoint_has_a_polygon() -> None:
    found = draw_cells(features("MULTIPOINT ((0 0), (4 0), (2 3))"), Told(), attributes=False)
    assert found.column("Input_FID").tolist() == [101] * 3


def test_distances_in_degrees_are_said() -> None:
    told = Told()
    draw_cells(features("POINT (0 60)", "POINT (4 61)", wkid=4326), told, attributes=False)
    assert told.warnings == [
        "The points are on longitudes and latitudes: distances are those of degrees in the plane."
    ]


def test_one_place_alone_has_no_area() -> None:
    with pytest.raises(ToolError, match="All points lie at one place"):
        draw_cells(features("POINT (1 1)", "POINT (1 1)"), Told(), attributes=False)
    none = features("POINT (1 1)").take(np.zeros(1, bool))
    assert len(draw_cells(none, Told(), attributes=False)) == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "extent", [Extent(0, 0, 100, 60), Extent(-7, 5e6, 1, 5e6 + 300), Extent(0, 0, 0.5, 0.5)]
)
def test_tessellation_covers_the_extent_once(shape: str, extent: Extent) -> None:
    cells, names = tessellate(extent, shape, 7.5)
    assert shapely.area(cells) == pytest.approx(7.5)
    assert not shapely.is_ccw(shapely.get_exterior_ring(cells)).any()
    box = shapely.box(extent.xmin, extent.ymin, extent.xmax, extent.ymax)
    whole = shapely.union_all(cells, grid_size=1e-6)
    assert shapely.buffer(whole, 1e-5).covers(box)
    assert whole.area == pytest.approx(7.5 * len(cells), rel=1e-5)
    assert shapely.area(shapely.intersection(cells, box)).min() > 0
    assert len(set(names.tolist())) == len(cells)


@pytest.mark.parametrize(("shape", "corners"), [("HEXAGON", 2), ("TRANSVERSE_HEXAGON", 1)])
def test_hexagons_have_level_or_upright_sides(shape: str, corners: int) -> None:
    x, y = shapely.get_coordinates(tessellate(Extent(0, 0, 50, 50), shape, 100)[0][0])[:-1].T
    assert (np.abs(y - y.max()) < 1e-9).sum() == corners
    assert (np.abs(x - x.max()) < 1e-9).sum() == 3 - corners
    sides = np.hypot(np.diff(x), np.diff(y))
    assert sides == pytest.approx(np.sqrt(200 / (3 * np.sqrt(3))))


def test_squares_that_fit_are_no_more_than_needed() -> None:
    cells, names = tessellate(Extent(10, 20, 40, 60), "SQUARE", 100)
    assert len(cells) == 12
    assert shapely.total_bounds(cells).tolist() == [10, 20, 40, 60]
    southwest = names[(shapely.bounds(cells)[:, :2] == [10, 20]).all(axis=1)]
    assert southwest.tolist() == ["A-1"]
    assert sorted(names.tolist())[-1] == "C-4"


def test_names_go_on_after_z() -> None:
    column = np.array([0, 25, 26, 27, 701, 702])
    assert name_cells(column, np.zeros(6, np.int64)).tolist() == [
        "A-1",
        "Z-1",
        "AA-1",
        "AB-1",
        "ZZ-1",
        "AAA-1",
    ]


def test_too_many_cells_are_refused_before_the_work() -> None:
    with pytest.raises(ToolError, match="at most 2,000,000 fit"):
        tessellate(Extent(0, 0, 1e6, 1e6), "HEXAGON", 1)
    with pytest.raises(ToolError, match="1,000,000,000,000 cells; at most 2,000,000 fit"):
        lay_out(ORIGIN, NORTH, None, (1, 1), (1_000_000, 1_000_000))


def test_net_of_cells_lines_and_labels() -> None:
    net = lay_out(ORIGIN, NORTH, None, (10, 5), (3, 4))
    cells = draw_net_cells(net)
    assert shapely.total_bounds(cells).tolist() == [100, 200, 130, 220]
    assert shapely.area(cells).tolist() == [50] * 12
    assert cells[1].bounds == (110, 200, 120, 205)
    assert shapely.area(shapely.union_all(cells)) == 600
    lines = draw_lines(net)
    assert shapely.length(lines).tolist() == [30] * 5 + [20] * 4
    assert len(shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))) == 12
    assert shapely.contains_properly(cells, draw_labels(net)).all()


def test_net_may_be_turned() -> None:
    net = lay_out(np.zeros(2), np.array([3.0, 4.0]), None, (5, 10), (1, 1))
    assert draw_net_cells(net)[0].equals_exact(shapely.Polygon([(0, 0), (6, 8), (10, 5), (4, -3)]), 1e-9)


@pytest.mark.parametrize(
    ("size", "counts", "expected"),
    [((0, 0), (5, 2), (6, 10)), ((6, 10), (0, 0), (5, 2)), ((7, 10), (0, 0), (5, 2))],
)
def test_numbers_follow_from_the_opposite_corner(
    size: tuple[float, float], counts: tuple[int, int], expected: tuple[float, float]
) -> None:
    net = lay_out(ORIGIN, NORTH, ORIGIN + np.array([30, 20]), size, counts)
    found = (net.width, net.height) if counts[0] else (net.columns, net.rows)
    assert found == expected


@pytest.mark.parametrize(
    ("axis", "corner", "size", "counts", "error"),
    [
        (ORIGIN, None, (1, 1), (1, 1), "y_axis_coord must differ"),
        (NORTH, None, (0, 1), (3, 1), "cell_width and number_columns need numbers above 0"),
        (NORTH, ORIGIN + 9, (0, 1), (0, 1), "One of cell_width and number_columns must be above 0"),
        (NORTH, ORIGIN - 9, (0, 1), (3, 1), "upper right of origin_coord"),
        (NORTH, None, (1, -1), (3, 1), "cell_height and number_rows must not be below 0"),
    ],
)
def test_net_without_meaning_is_refused(
    axis: np.ndarray,
    corner: np.ndarray | None,
    size: tuple[float, float],
    counts: tuple[int, int],
    error: str,
) -> None:
    with pytest.raises(ToolError, match=error):
        lay_out(ORIGIN, axis, corner, size, counts)
