"""Lines and outlines cut where they meet: the pieces make up the features, and know all that they lie on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.feature_lines import make_lines
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYLINE
from gpserverless.values.units import LinearUnit
from tests.analysis.layers import jagged, scattered
from tests.analysis.told import Told, draw_walks, features, texts

FIRST, SECOND = "FID_in_features", "FID_in_features_1"


def cut(*layers: FeatureSet[Any], told: Told | None = None, **options: Any) -> FeatureSet[Any]:
    return make_lines(layers, options.pop("tolerance", None), told or Told(), **options)


def list_rows(found: FeatureSet[Any], *names: str) -> list[tuple[Any, ...]]:
    return list(zip(texts(found), *(found.column(name).tolist() for name in names), strict=True))


TWO = features(
    "POLYGON ((5 0, 10 0, 10 5, 10 10, 0 10, 0 0, 5 0))",
    "POLYGON ((10 5, 10 0, 20 0, 20 10, 10 10, 10 5))",
    NAME=["a", "b"],
)
"""Two squares beside each other, whose outlines begin at places where nothing meets."""


def test_border_is_there_for_both_polygons_and_the_rest_of_an_outline_is_one_piece() -> None:
    assert list_rows(cut(TWO), FIRST, "NAME") == [
        ("LINESTRING (10 0, 10 5, 10 10)", 101, "a"),
        ("LINESTRING (10 0, 10 5, 10 10)", 102, "b"),
        ("LINESTRING (10 10, 0 10, 0 0, 5 0, 10 0)", 101, "a"),
        ("LINESTRING (10 0, 20 0, 20 10, 10 10)", 102, "b"),
    ]


def test_without_attributes_each_piece_is_there_once() -> None:
    found = cut(TWO, attributes=False)
    assert len(found) == 3
    assert not found.columns
    assert found.geometry_type == POLYLINE


def test_piece_on_features_of_two_layers_has_the_attributes_of_both() -> None:
    square = features("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))", NAME=["a"])
    line = features("LINESTRING (0 10, 14 10)", "LINESTRING (-5 -5, -9 -5)", NAME=["x", "y"])
    assert list_rows(cut(square, line), FIRST, "NAME", SECOND, "NAME_1") == [
        ("LINESTRING (0 10, 10 10)", 101, "a", 101, "x"),
        ("LINESTRING (10 10, 10 0, 0 0, 0 10)", 101, "a", -1, None),
        ("LINESTRING (10 10, 14 10)", -1, None, 101, "x"),
        ("LINESTRING (-5 -5, -9 -5)", -1, None, 102, "y"),
    ]


@pytest.mark.parametrize(
    ("lines", "pieces"),
    [
        (["LINESTRING (0 0, 9 0)", "LINESTRING (0 5, 9 5)"], 2),  # apart
        (["LINESTRING (0 0, 9 0)", "LINESTRING (4 0, 4 5)"], 3),  # an end touches
        (["LINESTRING (0 0, 9 0)", "LINESTRING (4 -5, 4 5)"], 4),  # a cross
        (["LINESTRING (0 0, 9 0)", "LINESTRING (9 0, 9 5)"], 2),  # end to end
        (["LINESTRING (0 0, 9 0)", "LINESTRING (4 0, 15 0)"], 4),  # an overlap, once for each
        (["LINESTRING (0 0, 9 0)", "LINESTRING (9 0, 5 0, 0 0)"], 2),  # one line twice, and a vertex
        (["LINESTRING (0 0, 9 0, 9 9, 4 9, 4 -5)"], 3),  # a loop
        (["LINESTRING (0 0, 9 0, 9 9, 0 0)"], 1),  # closed
        (["MULTILINESTRING ((0 0, 5 0), (5 0, 9 0))"], 2),  # parts that touch
    ],
)
def test_lines_are_cut_where_they_meet_and_only_there(lines: list[str], pieces: int) -> None:
    assert len(cut(features(*lines))) == pieces


def test_grid_of_cells_has_as_many_pieces_as_it_has_edges() -> None:
    cells = 7
    layer = jagged(cells, 0.0, seed=3)
    # At the four corners of the grid two edges of one cell are one piece.
    assert len(cut(layer, attributes=False)) == 2 * cells * (cells + 1) - 4
    assert len(cut(layer)) == 4 * cells**2 - 4


def measure_by_feature(found: FeatureSet[Any], name: str, count: int) -> Any:
    """Return the length of the pieces of each feature."""
    row = found.column(name) - 101
    return np.bincount(row[row >= 0], weights=shapely.length(found.geometries)[row >= 0], minlength=count)


def test_pieces_make_up_every_feature_and_cross_no_other() -> None:
    walks, areas = features(*draw_walks(40, 15, seed=5)), scattered(4, 30, extent=20.0)
    areas = features(*(shapely.to_wkt(each, rounding_precision=-1) for each in areas.geometries))
    found = cut(walks, areas)
    lengths = measure_by_feature(found, FIRST, len(walks)), measure_by_feature(found, SECOND, len(areas))
    assert lengths[0] == pytest.approx(shapely.length(walks.geometries))
    assert lengths[1] == pytest.approx(shapely.length(areas.geometries))
    tree = shapely.STRtree(found.geometries)
    assert not len(tree.query(found.geometries, predicate="crosses")[0])


def test_pieces_run_in_the_direction_of_their_feature() -> None:
    walks = features(*draw_walks(30, 10, seed=8))
    found = cut(walks)
    source = walks.geometries[found.column(FIRST) - 101]
    ends = [
        shapely.line_locate_point(source, shapely.line_interpolate_point(found.geometries, share))
        for share in (1e-4, 2e-4)
    ]
    assert (ends[0] < ends[1]).mean() > 0.99  # except where a walk crosses itself within this length


def test_order_of_features_changes_their_order_alone() -> None:
    areas = scattered(9, 25)
    turned = areas.take(np.arange(len(areas))[::-1])

    def list_pieces(layer: FeatureSet[Any]) -> list[tuple[int, float, float]]:
        found = cut(layer)
        middle = shapely.get_coordinates(
            shapely.line_interpolate_point(found.geometries, 0.5, normalized=True)
        ).round(6)
        return sorted(zip(found.column("N").tolist(), *middle.T.tolist(), strict=True))

    assert list_pieces(areas) == pytest.approx(np.array(list_pieces(turned)), abs=1e-6)


def test_tolerance_joins_lines_that_nearly_meet() -> None:
    lines = features("LINESTRING (0 0, 20 0)", "LINESTRING (10 0.2, 10 9)", wkid=25832)
    assert len(cut(lines)) == 2
    found = cut(lines, tolerance=LinearUnit(1))
    assert list_rows(found, FIRST) == [
        ("LINESTRING (0 0, 10 0)", 101),
        ("LINESTRING (10 0, 20 0)", 101),
        ("LINESTRING (10 0, 10 9)", 102),
    ]


def test_lengths_of_features_stay_on_a_fine_grid() -> None:
    walks = features(*draw_walks(40, 15, seed=5))
    found = cut(walks, tolerance=LinearUnit(0.001))
    lengths = measure_by_feature(found, FIRST, len(walks))
    assert lengths == pytest.approx(shapely.length(walks.geometries), rel=5e-3)


def test_short_piece_on_a_grid_is_not_of_the_line_that_crosses_it() -> None:
    lines = features("LINESTRING (0 0, 1 0, 2 0)", "LINESTRING (1 -5, 1 5)")
    found = cut(lines, tolerance=LinearUnit(1))
    assert sorted(found.column(FIRST).tolist()) == [101, 101, 102, 102]


def test_later_layer_comes_in_the_reference_of_the_first() -> None:
    first = features("LINESTRING (500000 5500000, 500000 5600000)", wkid=25832)
    assert first.spatial_reference is not None
    second = features("LINESTRING (499000 5550000, 501000 5550000)", wkid=25832)
    there = features("POINT (0 0)", wkid=4326).spatial_reference
    assert there is not None
    found = cut(first, second.project(there))
    assert found.spatial_reference == first.spatial_reference
    assert len(found) == 4


def test_heights_and_features_without_a_shape_are_told() -> None:
    told = Told()
    found = cut(features("LINESTRING Z (0 0 1, 9 0 2)", None), told=told)
    assert texts(found) == ["LINESTRING (0 0, 9 0)"]
    assert told.warnings == [
        "1 feature without a shape was left out.",
        "The result has no heights (z); the features had.",
    ]


def test_outline_that_crosses_itself_is_repaired() -> None:
    told = Told()
    cut(features("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"), told=told)
    assert told.warnings == ["1 invalid polygon was repaired."]


def test_no_features_give_no_pieces_but_all_columns() -> None:
    none = TWO.take(np.zeros(2, bool))
    found = cut(none, none)
    assert len(found) == 0
    assert list(found.columns) == [FIRST, "NAME", SECOND, "NAME_1"]


@pytest.mark.parametrize("layers", [[], [features("POINT (1 2)")], [TWO, features("POINT (1 2)")]])
def test_points_and_no_layer_are_refused(layers: list[FeatureSet[Any]]) -> None:
    with pytest.raises(InvalidParameter, match="in_features"):
        cut(*layers)
