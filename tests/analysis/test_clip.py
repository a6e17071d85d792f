"""Clip and erase: each feature falls apart into what is inside the area and what is outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from shapely import box

from gpserverless.analysis.clip import Area, clip, erase
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field
from gpserverless.testing import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit
from tests.analysis.layers import jagged, layer, polygons, scattered, square


def clipped(features: FeatureSet[Any], *area: Any, run: RecordedRun | None = None) -> FeatureSet[Any]:
    return clip(features, Area("clip_features", layer(*area)), run or RecordedRun())


def erased(features: FeatureSet[Any], *area: Any, run: RecordedRun | None = None) -> FeatureSet[Any]:
    return erase(features, Area("erase_features", layer(*area)), run or RecordedRun())


@pytest.mark.parametrize(
    ("feature", "area", "inside", "outside"),
    [
        (square(0, 0), square(5, 5), "POLYGON ((5 5, 5 10, 10 10, 10 5, 5 5))", None),
        (square(0, 0), square(-5, -5, 30), square(0, 0), ""),
        (square(0, 0), square(20, 20), "", square(0, 0)),
        (square(0, 0), square(10, 0), "", square(0, 0)),  # they only touch
        (square(0, 0), square(0, 0), square(0, 0), ""),
        ("LINESTRING (-5 5, 20 5)", square(0, 0), "LINESTRING (0 5, 10 5)", None),
        ("LINESTRING (0 -5, 0 15)", square(0, 0), "LINESTRING (0 0, 0 10)", None),  # along the border
        ("LINESTRING (-5 0, 0 0)", square(0, 0), "", "LINESTRING (-5 0, 0 0)"),
        ("LINESTRING (0 0, 10 0)", "LINESTRING (4 0, 20 0)", "LINESTRING (4 0, 10 0)", None),
        ("POINT (10 5)", square(0, 0), "POINT (10 5)", ""),  # on the border
        ("POINT (10.0005 5)", "LINESTRING (10 0, 10 9)", "POINT (10.0005 5)", ""),  # on a line, but for 1 mm
        ("POINT (10.1 5)", "LINESTRING (10 0, 10 9)", "", "POINT (10.1 5)"),
        ("POINT (1 2)", "POINT (1 2)", "POINT (1 2)", ""),
        ("MULTIPOINT (1 1, 20 20)", square(0, 0), "MULTIPOINT (1 1)", "MULTIPOINT (20 20)"),
    ],
)
def test_a_feature_is_divided(feature: Any, area: Any, inside: Any, outside: Any) -> None:
    shapes = layer(feature)
    for found, expected in ((clipped(shapes, area), inside), (erased(shapes, area), outside)):
        assert found.geometry_type == shapes.geometry_type
        if expected is not None:
            wanted = [] if expected == "" else layer(expected).geometries.tolist()
            assert [shapely.equals(a, b) for a, b in zip(found.geometries, wanted, strict=True)] == [
                True
            ] * len(wanted)


def test_a_feature_in_several_parts_stays_one_with_its_attributes() -> None:
    bar = layer(box(0, 4, 30, 6), NAME=["bar"])
    found = clipped(bar, square(0, 0), square(20, 0))
    assert (found.column("NAME").tolist(), found.areas().tolist()) == (["bar"], [40])
    assert len(shapely.get_parts(found.geometries)) == 2


def test_areas_that_overlap_count_once() -> None:
    assert clipped(layer(square(0, 0)), square(5, 0), square(6, 0)).areas().tolist() == [50]
    assert erased(layer(square(0, 0)), square(5, 0), square(6, 0)).areas().tolist() == [50]


def test_columns_of_the_old_size_and_object_ids_do_not_stay() -> None:
    given = layer(square(0, 0), Shape_Area=[100.0], V=[1]).with_columns(
        {"OID": [7]}, [Field("OID", "esriFieldTypeOID")]
    )
    assert [f.name for f in clipped(given, square(5, 5)).fields] == ["V"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("make", [scattered, lambda seed, count: jagged(7, 0.4, seed)])
def test_inside_and_outside_add_up_as_one_union_of_the_area_says(seed: int, make: Any) -> None:
    features, area = scattered(seed, 150), make(seed + 50, 60)
    whole = shapely.union_all(area.geometries)
    ways = ((clip, shapely.intersection), (erase, shapely.difference))
    sums = np.zeros(len(features))
    for engine, plainly in ways:
        found = engine(features, Area("area", area), RecordedRun())
        sizes = np.bincount(found.column("N"), weights=found.areas(), minlength=len(features))
        assert sizes == pytest.approx(shapely.area(plainly(features.geometries, whole)), abs=1e-6)
        sums += sizes
    assert sums == pytest.approx(features.areas())


def test_many_vertices_do_not_change_the_result() -> None:
    """Shapes of many vertices are tested before, and cut to their surroundings."""
    features = scattered(5, 80)
    rough, fine = scattered(6, 30), scattered(6, 30)
    fine = fine.with_geometries(shapely.segmentize(fine.geometries, 0.3))
    for engine in (clip, erase):
        a, b = (engine(features, Area("area", area), RecordedRun()) for area in (rough, fine))
        assert a.column("N").tolist() == b.column("N").tolist()
        assert a.areas() == pytest.approx(b.areas(), abs=1e-6)


def test_the_order_of_features_does_not_matter() -> None:
    features, area = scattered(1, 60), scattered(2, 40)
    turned = features.take(np.arange(60)[::-1]), area.take(np.arange(40)[::-1])
    a = clip(features, Area("area", area), RecordedRun())
    b = clip(turned[0], Area("area", turned[1]), RecordedRun())
    back = b.take(np.argsort(b.column("N"), kind="stable"))
    assert shapely.equals(a.geometries, back.geometries).all()


def test_an_area_in_another_reference_is_projected() -> None:
    features = layer(square(500_000, 5_000_000, 1000))
    half = layer(box(500_000, 5_000_000, 500_500, 5_001_000)).project(SpatialReference(4326))
    found = clip(features, Area("clip_features", half), RecordedRun())
    assert found.areas() == pytest.approx([500_000], rel=1e-4)


def test_shapes_beyond_180_degrees_meet_those_on_the_other_side() -> None:
    degrees = SpatialReference(4326)
    strait = layer(box(170, 0, 190, 10), reference=degrees)
    east = Area("clip_features", layer(box(-180, 0, -175, 10), reference=degrees))
    assert clip(strait, east, RecordedRun()).geometries[0].bounds == (-180, 0, -175, 10)


def test_what_is_left_out_or_repaired_is_counted() -> None:
    run = RecordedRun()
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    found = clipped(layer(bow, None, "POLYGON EMPTY"), square(-1, -1, 6), run=run)
    assert found.areas().sum() == pytest.approx(12.5)
    assert run.texts == ["2 features without a shape were left out.", "1 invalid polygon was repaired."]


def test_a_polygon_that_is_a_line_has_no_part() -> None:
    flat = shapely.Polygon([(0, 0), (5, 5), (8, 8), (0, 0)])
    for found in (clipped(layer(flat), square(-5, -5, 30)), erased(layer(flat), square(50, 50))):
        assert len(found) == 0


def test_nothing_in_is_nothing_out_with_its_fields() -> None:
    nobody = polygons(N=np.empty(0, int))
    somebody = layer(square(0, 0), N=[1])
    for engine, count in ((clip, 0), (erase, 1)):
        assert len(engine(somebody, Area("area", nobody), RecordedRun())) == count
        empty = engine(nobody, Area("area", somebody), RecordedRun())
        assert (len(empty), [f.name for f in empty.fields]) == (0, ["N"])


@pytest.mark.parametrize(
    ("features", "area", "words"),
    [
        (square(0, 0), "LINESTRING (0 0, 1 1)", "'clip_features': it holds lines. Accepted: polygons"),
        ("LINESTRING (0 0, 1 1)", "POINT (0 0)", "Accepted: lines or polygons"),
    ],
)
def test_an_area_of_a_lower_dimension_is_refused(features: Any, area: Any, words: str) -> None:
    with pytest.raises(InvalidParameter, match=words):
        clipped(layer(features), area)


def test_lines_take_nothing_away_from_polygons_and_that_is_said() -> None:
    run = RecordedRun()
    assert erased(layer(square(0, 0)), "LINESTRING (0 0, 9 9)", run=run).areas().tolist() == [100]
    assert run.texts == ["The shapes of erase_features have no width or length: they take nothing away."]


def test_a_tolerance_rounds_coordinates_to_a_grid() -> None:
    area = Area("clip_features", layer(box(5.4, 0, 20, 10)), LinearUnit(100, "esriCentimeters"))
    assert clip(layer(square(0, 0)), area, RecordedRun()).geometries[0].bounds == (5, 0, 10, 10)


@pytest.mark.parametrize(
    ("tolerance", "words"),
    [
        (LinearUnit(-1), "'cluster_tolerance': -1 is negative"),
        (LinearUnit(1, "esriDecimalDegrees"), "'cluster_tolerance'"),
    ],
)
def test_a_tolerance_that_has_no_meaning_is_refused(tolerance: LinearUnit, words: str) -> None:
    with pytest.raises(InvalidParameter, match=words):
        clip(layer(square(0, 0)), Area("clip_features", layer(square(0, 0)), tolerance), RecordedRun())
