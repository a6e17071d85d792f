"""Sets of shapes that do not meet: as by brute force, and engines give the same in one set or in many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.components import find_components, split_components
from gpserverless.analysis.dissolve import DissolveOptions, dissolve
from gpserverless.analysis.dissolved_zones import draw_dissolved_zones
from gpserverless.analysis.enclosures import enclose
from gpserverless.analysis.feature_lines import make_lines
from gpserverless.analysis.overlap_counts import count_overlaps
from gpserverless.analysis.zones import ZoneStyle
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit
from tests.analysis.quiet import Notes

UTM = SpatialReference(32633)


def draw_squares(count: int, width: float) -> Any:
    x, y = np.random.default_rng(7).uniform(0, 100, (2, count)).round(2)
    return shapely.box(x, y, x + width, y + width, ccw=False)


def find_by_brute_force(shapes: Any) -> list[int]:
    """Return the least member of each set, by spreading it to all that meet until nothing changes."""
    meets = shapely.intersects(shapes[:, None], shapes[None])
    roots = np.arange(len(shapes))
    while True:
        spread = np.where(meets, roots[None], len(shapes)).min(axis=1)
        if (spread == roots).all():
            return list(map(int, roots))
        roots = spread


@pytest.mark.parametrize("width", [0.5, 4, 9, 40])
def test_sets_are_those_of_brute_force(width: float) -> None:
    squares = draw_squares(150, width)
    assert find_components(squares, 0.0, Notes()).tolist() == find_by_brute_force(squares)


def test_a_margin_joins_what_lies_near() -> None:
    apart = np.array([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1), shapely.box(9, 0, 10, 1)], object)
    assert find_components(apart, 0.0, Notes()).tolist() == [0, 1, 2]
    assert find_components(apart, 2.0, Notes()).tolist() == [0, 0, 2]


def test_a_block_holds_whole_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpserverless.analysis.components.BLOCK", 10)
    monkeypatch.setattr("gpserverless.analysis.components._SIZE", 10)
    squares = draw_squares(150, 4)
    blocks = list(split_components(squares, 0.0, Notes(), "Cutting"))
    assert len(blocks) > 3
    assert sorted(np.concatenate(blocks).tolist()) == list(range(150))
    of_row = np.repeat(np.arange(len(blocks)), list(map(len, blocks)))[np.argsort(np.concatenate(blocks))]
    one, other = np.nonzero(shapely.intersects(squares[:, None], squares[None]))
    assert (of_row[one] == of_row[other]).all()


SQUARES = FeatureSet.of(draw_squares(120, 6), UTM, {"K": np.arange(120) % 3})
POINTS = FeatureSet.of(shapely.centroid(SQUARES.geometries), UTM, {"K": np.arange(120) % 3})
FIVE = LinearUnit(5, "esriMeters")

ENGINES: dict[str, Callable[[], FeatureSet[Any]]] = {
    "counts of overlaps": lambda: count_overlaps("in_features", [SQUARES], 1, Notes())[0],
    "lines of features": lambda: make_lines([SQUARES], None, Notes()),
    "enclosed polygons": lambda: enclose([SQUARES], None, Notes()),
    "dissolved": lambda: dissolve(SQUARES, DissolveOptions(), Notes()),
    "dissolved by a field": lambda: dissolve(SQUARES, DissolveOptions(["K"]), Notes()),
    "dissolved parts": lambda: dissolve(SQUARES, DissolveOptions(multi_part=False), Notes()),
    "united zones": lambda: draw_dissolved_zones(POINTS, FIVE, ZoneStyle(), [], Notes()),
    "united zones by a field": lambda: draw_dissolved_zones(POINTS, FIVE, ZoneStyle(), ["K"], Notes()),
}


@pytest.mark.parametrize("name", ENGINES)
def test_many_sets_give_the_result_of_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = describe(ENGINES[name]())
    monkeypatch.setattr("gpserverless.analysis.components.BLOCK", 5)
    monkeypatch.setattr("gpserverless.analysis.components._SIZE", 5)
    monkeypatch.setattr("gpserverless.analysis.dissolve.BLOCK", 5)
    assert describe(ENGINES[name]()) == whole


def describe(features: FeatureSet[Any]) -> list[Any]:
    """Return shapes and attributes in an order of their own."""
    shapes = shapely.normalize(shapely.set_precision(features.geometries, 1e-6))
    columns = [column.tolist() for name, column in features.columns.items() if name != "OBJECTID"]
    return sorted(zip(shapely.to_wkt(shapes).tolist(), *columns, strict=True))
