"""Cells of H3 cover an area: each cell of the Earth that meets it, and no other."""

from __future__ import annotations

from typing import Any

import h3
import numpy as np
import pytest
import shapely

from gpserverless.analysis.h3_cells import cover_with_h3
from gpserverless.errors import ToolError

WORLD = shapely.box(-180, -90, 180, 90)
EVERY = sorted(h3.uncompact_cells(h3.get_res0_cells(), 2))
FIJI = shapely.MultiPolygon([shapely.box(176, -20, 180, -15), shapely.box(-180, -20, -178, -15)])


def test_cells_of_the_world_cover_it_once() -> None:
    cells, names = cover_with_h3(WORLD, 2)
    assert sorted(names) == EVERY
    assert shapely.is_valid(cells).all()
    assert shapely.area(cells).sum() == pytest.approx(360 * 180, rel=1e-9)
    assert shapely.union_all(cells, grid_size=1e-7).area == pytest.approx(360 * 180, rel=1e-9)


@pytest.mark.parametrize(
    "area",
    [
        shapely.box(5, 45, 15, 55),
        shapely.box(-179.5, 60, -150, 70),
        shapely.box(-180, 80, 180, 90),
        shapely.box(-60, -90, 130, -75),
        shapely.box(100, 89.9, 101, 90),
        shapely.Polygon([(-10, 0), (20, 40), (60, -30)]),
        shapely.box(8.5, 47.3, 8.6, 47.4),
        FIJI,
        shapely.box(8.5, 47.3, 8.5, 47.3),
    ],
)
def test_cells_are_those_of_the_world_that_meet_the_area(area: Any) -> None:
    world, names = cover_with_h3(WORLD, 2)
    expected = set(names[shapely.intersects(world, area)])
    assert set(cover_with_h3(area, 2)[1]) == expected
    assert expected


def test_place_lies_in_the_cell_that_the_library_names() -> None:
    random = np.random.default_rng(4)
    places = np.column_stack(
        [random.uniform(-180, 180, 3000), np.degrees(np.arcsin(random.uniform(-1, 1, 3000)))]
    )
    cells, names = cover_with_h3(WORLD, 3)
    place, cell = shapely.STRtree(cells).query(shapely.points(places), predicate="intersects")[:]
    assert np.unique(place).size == 3000
    said = np.array([h3.latlng_to_cell(y, x, 3) for x, y in places[place].tolist()])
    assert (names[cell] == said).mean() > 0.99  # edges are straight on the map here, and arcs there


def test_too_many_cells_are_refused_before_the_work() -> None:
    with pytest.raises(ToolError, match="about 2,016,842 cells"):
        cover_with_h3(WORLD, 5)
