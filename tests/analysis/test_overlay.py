"""Overlays: parts of layers, with the attributes of all; no area is lost, and none is counted twice."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import box

from gpserverless.analysis import operations
from gpserverless.analysis.overlay import (
    Options,
    differ,
    identify,
    intersect_layers,
    name_layers,
    unite_layers,
)
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field
from gpserverless.testing import RecordedRun
from gpserverless.values.units import LinearUnit
from tests.analysis.layers import jagged, layer, polygons, scattered, square

ENGINES: dict[str, Any] = {
    "intersect": intersect_layers,
    "union": unite_layers,
    "identity": identify,
    "difference": differ,
}


def overlay(kind: str, *layers: FeatureSet[Any], **options: Any) -> FeatureSet[Any]:
    more = {name: options.pop(name) for name in ("output_type", "fill_gaps") if name in options}
    found: FeatureSet[Any] = ENGINES[kind](
        name_layers("in_features", layers), Options(**options), RecordedRun(), **more
    )
    return found


def table(found: FeatureSet[Any], *names: str) -> list[tuple[Any, ...]]:
    """Return the rows of some columns and of the area, in order."""
    columns = [found.column(name).tolist() for name in names]
    rows = zip(*columns, found.areas().round(9).tolist(), strict=True)
    return sorted(rows, key=str)


A = layer(square(0, 0), square(20, 0), A=[1, 2], NAME=["a", "b"])
B = layer(square(5, 5), B=[7], NAME=["c"])


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("intersect", [(1, 1, 1, 7, 25)]),
        ("identity", [(1, -1, 1, None, 75), (1, 1, 1, 7, 25), (2, -1, 2, None, 100)]),
        ("difference", [(-1, 1, None, 7, 75), (1, -1, 1, None, 75), (2, -1, 2, None, 100)]),
        (
            "union",
            [(-1, 1, None, 7, 75), (1, -1, 1, None, 75), (1, 1, 1, 7, 25), (2, -1, 2, None, 100)],
        ),
    ],
)
def test_parts_have_the_attributes_of_both_sides(kind: str, rows: list[tuple[Any, ...]]) -> None:
    assert table(overlay(kind, A, B), "FID_in_features", "FID_in_features_1", "A", "B") == rows


@pytest.mark.parametrize(
    ("join", "names"),
    [
        ("ALL", ["FID_in_features", "A", "NAME", "FID_in_features_1", "B", "NAME_1"]),
        ("NO_FID", ["A", "NAME", "B", "NAME_1"]),
        ("ONLY_FID", ["FID_in_features", "FID_in_features_1"]),
    ],
)
def test_names_that_occur_twice_get_a_number(join: Any, names: list[str]) -> None:
    assert [f.name for f in overlay("union", A, B, join=join).fields] == names


def test_object_ids_are_those_of_the_features_even_if_some_have_no_shape() -> None:
    given = layer(None, square(0, 0), square(0, 0)).with_columns(
        {"FID": [30, 20, 10]}, [Field("FID", "esriFieldTypeOID")]
    )
    assert overlay("intersect", given, B).column("FID_in_features").tolist() == [20, 10]


def test_three_layers_meet() -> None:
    rows = [layer(box(0, i, 4, i + 4), N=[i]) for i in range(3)]
    found = overlay("union", *rows)
    assert table(found, "N", "N_1", "N_2") == sorted(
        [
            (0, None, None, 4.0),
            (0, 1, None, 4.0),
            (0, 1, 2, 8.0),
            (None, 1, 2, 4.0),
            (None, None, 2, 4.0),
        ],
        key=str,
    )
    assert overlay("intersect", *rows).areas().tolist() == [8]


def test_lines_lie_in_two_layers_of_polygons_in_any_order_of_layers() -> None:
    road = layer("LINESTRING (0 5, 30 5)", R=[5])
    for places in permutations([A, B, road]):
        found = overlay("intersect", *places)
        assert shapely.bounds(found.geometries).tolist() == [[5, 5, 10, 5]]
        assert (found.column("A").tolist(), found.column("B").tolist()) == ([1], [7])
        assert found.column("R").tolist() == [5]


def test_three_polygons_have_a_border_in_them_all() -> None:
    three = [layer(square(0, 0)), layer(square(10, 0)), layer(square(0, 5, 10))]
    found = overlay("intersect", *three, output_type="LINE")
    assert shapely.length(found.geometries).tolist() == [5]


@pytest.mark.parametrize(
    ("first", "second", "output", "expected"),
    [
        ("LINESTRING (0 5, 20 5)", square(5, 0), "INPUT", "LINESTRING (5 5, 15 5)"),
        ("LINESTRING (0 5, 20 5)", square(5, 0), "LINE", "LINESTRING (5 5, 15 5)"),
        ("LINESTRING (0 5, 20 5)", square(5, 0), "POINT", "MULTIPOINT (5 5, 15 5)"),
        ("LINESTRING (0 0, 9 9)", "LINESTRING (0 9, 9 0)", "INPUT", None),
        ("LINESTRING (0 0, 9 9)", "LINESTRING (0 9, 9 0)", "POINT", "MULTIPOINT (4.5 4.5)"),
        ("LINESTRING (0 0, 9 0)", "LINESTRING (3 0, 20 0)", "INPUT", "LINESTRING (3 0, 9 0)"),
        (square(0, 0), square(10, 0), "INPUT", None),
        (square(0, 0), square(10, 0), "LINE", "LINESTRING (10 0, 10 10)"),
        (square(0, 0), square(10, 10), "POINT", "MULTIPOINT (10 10)"),
        (square(0, 0), square(5, 5), "POINT", "MULTIPOINT (10 5, 5 10)"),
        ("POINT (1 1)", square(0, 0), "INPUT", "POINT (1 1)"),
        ("MULTIPOINT (1 1, 50 50)", square(0, 0), "INPUT", "MULTIPOINT (1 1)"),
        ("POINT (1 1)", "POINT (1 1)", "INPUT", "POINT (1 1)"),
        # A polygon touches in a line, a point, and overlaps: only the parts of the dimension asked for stay.
        (square(0, 0), "POLYGON ((10 0, 10 4, 5 6, 12 8, 12 0, 10 0))", "INPUT", 2.286),
    ],
)
def test_parts_are_of_the_dimension_asked_for(first: Any, second: Any, output: Any, expected: Any) -> None:
    for pair in ((first, second), (second, first)):
        found = overlay("intersect", layer(pair[0]), layer(pair[1]), output_type=output)
        if isinstance(expected, float):
            assert found.areas() == pytest.approx(
                shapely.area(shapely.intersection(first, shapely.from_wkt(second)))
            )
        else:
            wanted = [] if expected is None else [shapely.from_wkt(expected)]
            assert [shapely.equals(a, b) for a, b in zip(found.geometries, wanted, strict=True)] == [
                True
            ] * len(wanted)
            for shape, one in zip(found.geometries, wanted, strict=True):
                assert shape.geom_type == one.geom_type


def test_one_layer_is_divided_by_itself() -> None:
    pair = layer(square(0, 0), square(5, 0), N=[1, 2])
    assert table(overlay("union", pair), "FID_in_features", "N") == [
        (1, 1, 50),
        (1, 1, 50),
        (2, 2, 50),
        (2, 2, 50),
    ]
    assert table(overlay("intersect", pair), "N") == [(1, 50), (2, 50)]


def test_parts_of_one_layer_add_up_to_its_features() -> None:
    given = scattered(9, 60)
    found = overlay("union", given)
    assert np.bincount(found.column("N"), weights=found.areas()) == pytest.approx(given.areas(), abs=1e-4)


@pytest.mark.parametrize("fill", [False, True])
def test_gaps_become_parts_outside_all_layers_or_stay_gaps(fill: bool) -> None:
    ring = shapely.difference(box(0, 0, 9, 9), box(1, 1, 8, 8))
    island = box(3, 3, 4, 4)
    found = overlay("union", layer(ring), layer(island), fill_gaps=fill)
    gaps = found.take((found.column("FID_in_features") < 0) & (found.column("FID_in_features_1") < 0))
    assert gaps.areas().tolist() == ([48] if fill else [])


def combined(seed: int, kind: str) -> tuple[FeatureSet[Any], FeatureSet[Any]]:
    if kind == "scattered":
        return scattered(seed, 70), scattered(seed + 40, 70)
    if kind == "grids":
        return jagged(8, 0, seed), jagged(8, 0.4, seed + 40)
    return jagged(8, 0, seed), scattered(seed, 70)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", ["scattered", "grids", "both"])
def test_areas_of_every_feature_are_conserved(seed: int, kind: str) -> None:
    a, b = combined(seed, kind)
    common = overlay("intersect", a, b)
    plain = shapely.area(shapely.intersection(a.geometries[:, None], b.geometries[None, :]))
    assert common.areas().sum() == pytest.approx(plain.sum())
    assert len(common) == (plain > 1e-6).sum()
    outside_b = shapely.area(shapely.difference(a.geometries, shapely.union_all(b.geometries)))
    outside_a = shapely.area(shapely.difference(b.geometries, shapely.union_all(a.geometries)))
    united, identity, different = (overlay(k, a, b) for k in ("union", "identity", "difference"))
    for found, sides in ((united, (0, 1)), (different, (0, 1)), (identity, (0,))):
        for side in sides:
            alone, of = (outside_b, "FID_in_features") if side == 0 else (outside_a, "FID_in_features_1")
            other = "FID_in_features_1" if side == 0 else "FID_in_features"
            mine = found.take(found.column(other) < 0)
            sums = np.bincount(mine.column(of) - 1, weights=mine.areas(), minlength=len(alone))
            assert sums == pytest.approx(alone, abs=2e-6)
    assert united.areas().sum() == pytest.approx(plain.sum() + outside_a.sum() + outside_b.sum())
    assert identity.areas().sum() == pytest.approx(plain.sum() + outside_b.sum())
    assert different.areas().sum() == pytest.approx(outside_a.sum() + outside_b.sum())


@pytest.mark.parametrize("kind", ["intersect", "union", "identity", "difference"])
def test_the_order_of_features_does_not_matter(kind: str) -> None:
    a, b = combined(3, "both")
    turned = [each.take(np.arange(len(each))[::-1]) for each in (a, b)]
    names = ("N", "N_1")
    plain, other = table(overlay(kind, a, b), *names), table(overlay(kind, *turned), *names)
    assert [row[:2] for row in plain] == [row[:2] for row in other]
    assert [row[2] for row in plain] == pytest.approx([row[2] for row in other])


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = combined(4, "scattered")
    whole = table(overlay("union", a, b), "N", "N_1")
    monkeypatch.setattr("gpserverless.analysis.blocks.split_rows.__defaults__", (7,))
    assert table(overlay("union", a, b), "N", "N_1") == whole


def test_a_pair_at_fault_is_rounded_to_the_tolerance_and_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = shapely.intersection
    fault = square(0.00001, 0)

    def fail(left: Any, right: Any, grid_size: float | None) -> Any:
        if grid_size is None and shapely.equals(left, fault).any():
            raise shapely.GEOSException("TopologyException")
        return whole(left, right, grid_size=grid_size)

    monkeypatch.setattr(operations.shapely, "intersection", fail)
    found = overlay("intersect", layer(fault, square(0.00001, 3)), layer(square(-5, -5, 40)))
    assert sorted(shapely.bounds(found.geometries)[:, 0].tolist()) == [0, 0.00001]


def test_a_pair_that_cannot_be_cut_at_all_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(left: Any, right: Any, grid_size: float | None) -> Any:
        raise shapely.GEOSException("TopologyException: no outgoing edge")

    monkeypatch.setattr(operations.shapely, "intersection", fail)
    with pytest.raises(ToolError, match="cannot be cut with each other: TopologyException"):
        overlay("intersect", A, B)


def test_slivers_below_the_tolerance_vanish() -> None:
    near = layer(square(10 - 1e-8, 0))
    assert len(overlay("intersect", layer(square(0, 0)), near)) == 0
    assert len(overlay("intersect", layer(square(0, 0)), layer(square(9.99, 0)))) == 1


@pytest.mark.parametrize("kind", ["intersect", "union", "identity", "difference"])
def test_nothing_in_is_nothing_out_with_its_fields(kind: str) -> None:
    nobody = polygons(B=np.empty(0, int))
    found = overlay(kind, A, nobody)
    assert len(found) == (0 if kind == "intersect" else 2)
    assert [f.name for f in found.fields] == [
        "FID_in_features", "A", "NAME", "FID_in_features_1", "B",
    ]  # fmt: skip
    assert len(overlay(kind, nobody, nobody)) == 0


@pytest.mark.parametrize(
    ("kind", "layers", "options", "words"),
    [
        ("intersect", [layer("POINT (0 0)")], {}, "'in_features': it holds points. Accepted: polygons"),
        ("intersect", [A, B, A], {"output_type": "POINT"}, "'output_type': POINT is for two layers"),
        ("intersect", [A], {"output_type": "LINE"}, "one layer has no LINE parts"),
        ("union", [], {}, "'in_features': it holds no layer. Accepted: at least one layer"),
        ("union", [A, layer("POINT (0 0)")], {}, "it holds points. Accepted: polygons"),
        ("identity", [A, layer("LINESTRING (0 0, 1 1)")], {}, "it holds lines. Accepted: polygons"),
        ("difference", [layer("POINT (0 0)"), A], {}, "it holds polygons. Accepted: points"),
        ("intersect", [A, layer("POINT (0 0)")], {"output_type": "LINE"}, "'output_type': LINE"),
        ("union", [A, B], {"tolerance": LinearUnit(-2)}, "'cluster_tolerance': -2 is negative"),
    ],
)
def test_what_cannot_be_overlaid_is_explained(kind: str, layers: Any, options: Any, words: str) -> None:
    with pytest.raises(InvalidParameter, match=words):
        overlay(kind, *layers, **options)


def test_a_cross_product_that_does_not_fit_is_refused_before_the_work() -> None:
    many = layer(*[square(0, 0)] * 5000)
    with pytest.raises(ToolError, match="pairs of features"):
        overlay("intersect", many, many)
