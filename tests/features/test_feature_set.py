"""Feature sets and tables as tools use them."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import DATE, DATE_ONLY, INTEGER, Field
from gpserverless.formats.esri_json.encode import encode_table
from gpserverless.values.spatial_reference import WGS84, SpatialReference

UTM33, NEW_YORK_FEET = SpatialReference(32633), SpatialReference(2263)


def places(*wkts: str | None, reference: SpatialReference | None = WGS84, **columns: Any) -> FeatureSet[Any]:
    return FeatureSet.of(shapely.from_wkt(np.array(wkts, object)), reference, columns)


def test_take_accepts_a_mask_or_indices() -> None:
    features = places("POINT (0 0)", None, "POINT (2 2)", NAME=["a", "b", "c"])
    assert features.take(~shapely.is_missing(features.geometries)).column("NAME").tolist() == ["a", "c"]
    assert features.take([2, 0, 0]).column("NAME").tolist() == ["c", "a", "a"]
    assert len(features.take([])) == len(features.take([False] * 3)) == 0
    assert Table().with_columns({"A": [1, 2]}).take([True, False]).column("A").tolist() == [1]


def test_with_columns_adds_and_replaces_only_and_without_leave_out() -> None:
    features = places("POINT (0 0)", A=[1], B=["x"])
    more = features.with_columns({"C": [0.5], "A": [2.5]}, [Field("C", "esriFieldTypeSingle", "See")])
    assert [(f.name, f.type) for f in more.fields] == [
        ("A", "esriFieldTypeDouble"),
        ("B", "esriFieldTypeString"),
        ("C", "esriFieldTypeSingle"),
    ]
    assert [f.name for f in more.only("c", "a").fields] == ["C", "A"]
    assert [f.name for f in more.without("b", "nothing").fields] == ["A", "C"]
    assert features.column("a").tolist() == [1]
    with pytest.raises(InvalidValue, match="no field 'Z'"):
        features.only("Z")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Table((Field("A"),), {"A": np.zeros(2), "B": np.zeros(2)}),
        lambda: Table((Field("A"), Field("B")), {"A": np.zeros(2), "B": np.zeros(3)}),
        lambda: places("POINT (0 0)", A=[1, 2]),
        lambda: places("POINT (0 0)", "LINESTRING (0 0, 1 1)"),
        lambda: places("GEOMETRYCOLLECTION (POINT (0 0))"),
        lambda: places("POINT (0 0)").with_geometries(shapely.points([[0, 0]]), "esriGeometryPolygon"),
        lambda: places("POINT (0 0)", A=[1]).with_geometries([]),
    ],
)
def test_columns_and_geometries_that_do_not_fit_are_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"columns|geometries"):
        make()


@pytest.mark.parametrize(
    ("wkt", "geometry_type"),
    [
        ("POINT (0 0)", "esriGeometryPoint"),
        ("MULTIPOINT ((0 0))", "esriGeometryMultipoint"),
        ("MULTILINESTRING ((0 0, 1 1))", "esriGeometryPolyline"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 0))", "esriGeometryPolygon"),
        (None, "esriGeometryPoint"),
    ],
)
def test_geometry_type_follows_the_shapes(wkt: str | None, geometry_type: str) -> None:
    assert places(wkt).geometry_type == geometry_type


@pytest.mark.parametrize(
    ("reference", "unit"),
    [
        (WGS84, "esriDecimalDegrees"),
        (UTM33, "esriMeters"),
        (NEW_YORK_FEET, "esriFeet"),
        (None, "esriUnknownUnits"),
    ],
)
def test_unit_is_that_of_the_coordinates(reference: SpatialReference | None, unit: str) -> None:
    assert places("POINT (0 0)", reference=reference).unit == unit


# IOGP Guidance Note 7-2 and the GIGS tests, as in the reference cases; Web Mercator by its closed form.
@pytest.mark.parametrize(
    ("source", "target", "before", "after", "within"),
    [
        (4326, 102100, (10, 50), (1113194.9079327357, 6446275.841017158), 1e-6),
        (4258, 3035, (5, 50), (3962799.45, 2999718.85), 0.02),
        (4277, 27700, (0.5, 50.5), (577274.99, 69740.5), 0.02),
        (4326, 32661, (44, 73), (3320416.75, 632668.43), 0.02),
        (4230, 2192, (5, 58), (760722.92, 3457368.68), 0.03),
    ],
)
def test_project_moves_points_as_published(
    source: int, target: int, before: Any, after: Any, within: float
) -> None:
    features = FeatureSet.of(shapely.points([before]), SpatialReference(source))
    projected = features.project(SpatialReference(target))
    assert shapely.get_coordinates(projected.geometries)[0] == pytest.approx(after, abs=within)
    assert projected.spatial_reference == SpatialReference(target)
    back = projected.project(SpatialReference(source))
    assert shapely.get_coordinates(back.geometries)[0] == pytest.approx(before, abs=1e-6)


def test_project_keeps_z_and_m() -> None:
    wkts = ("POLYGON ZM ((0 0 5 7, 0 1 6 8, 1 1 7 9, 0 0 5 7))", None)
    projected = places(*wkts).project(SpatialReference(3857))
    ordinates = shapely.get_coordinates(projected.geometries[0], include_z=True, include_m=True)
    assert ordinates[:, 2:].tolist() == [[5, 7], [6, 8], [7, 9], [5, 7]]
    assert ordinates[:, 0].max() == pytest.approx(111319.49, abs=0.01)
    assert (projected.has_z, projected.has_m, projected.geometries[1]) == (True, True, None)
    raised = places("POINT Z (1 1 5)").project(SpatialReference(3857)).geometries[0]
    assert raised.z == 5


def test_project_cuts_off_what_is_outside_web_mercator() -> None:
    features = places(
        "POLYGON ((0 80, 0 90, 10 90, 10 80, 0 80))",
        "POLYGON ((0 86, 0 90, 10 90, 10 86, 0 86))",
        "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))",
        None,
    )
    projected = features.project(SpatialReference(3857)).geometries
    assert [g is None for g in projected] == [False, True, False, True]
    assert np.isfinite(shapely.get_coordinates(projected[[0, 2]])).all()
    assert shapely.bounds(projected[0])[3] < 20_100_000
    assert places("POINT (0 90)").project(SpatialReference(3857)).geometries[0] is None


def test_project_takes_an_unknown_reference_for_the_target() -> None:
    features = places("POINT (1 2)", reference=None).project(UTM33)
    assert features.spatial_reference == UTM33
    assert shapely.get_coordinates(features.geometries).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("envelope", "kept"),
    [
        ({"xmin": 0, "ymin": 0, "xmax": 5, "ymax": 5}, [0, 1]),
        ({"xmin": 0, "ymin": 0, "xmax": 4.9, "ymax": 5}, [0]),
        (
            {"xmin": 0, "ymin": 0, "xmax": 600_000, "ymax": 600_000, "spatialReference": {"wkid": 3857}},
            [0, 1],
        ),
        ({"xmin": -1, "ymin": -1, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 4326}}, [0]),
    ],
)
def test_within_extent_keeps_features_that_meet_it(envelope: dict[str, Any], kept: list[int]) -> None:
    features = places("POINT (0 0)", "POINT (5 5)", None, N=[0, 1, 2])
    assert features.within_extent(envelope).column("N").tolist() == kept


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"xmin": 0, "ymin": 0, "xmax": 1},
        {"xmin": "0", "ymin": 0, "xmax": 1, "ymax": 1},
        {"xmin": 0, "ymin": 0, "xmax": float("inf"), "ymax": 1},
        {"xmin": 2, "ymin": 0, "xmax": 1, "ymax": 1},
        {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 99999}},
    ],
)
def test_within_extent_refuses_malformed_envelopes(envelope: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        places("POINT (0 0)").within_extent(envelope)


def test_dissolve_unites_features_of_equal_values() -> None:
    boxes = shapely.box([0, 1, 2, 10], 0, [1, 2, 3, 11], 1)
    features = FeatureSet.of(boxes, UTM33, {"K": ["a", "a", "b", "a"], "V": [1, 1, 2, 1]})
    by = features.dissolve(["k", "V"])
    assert [f.name for f in by.fields] == ["K", "V"]
    assert list(zip(by.column("K"), by.column("V"), shapely.area(by.geometries), strict=True)) == [
        ("a", 1, 3.0),
        ("b", 2, 1.0),
    ]
    assert len(shapely.get_parts(by.geometries[0])) == 2
    whole = features.dissolve()
    assert (len(whole), whole.fields, whole.geometries[0].area) == (1, (), 4.0)
    assert len(features.take([]).dissolve(["K"])) == len(features.take([]).dissolve()) == 0


DAY_ONE = "0001-01-01"
COLUMNS = {
    "whole numbers and null": ([1, None, 3], None, "esriFieldTypeInteger", [1, None, 3]),
    "numbers and null": ([1, None, 2.5], None, "esriFieldTypeDouble", [1, None, 2.5]),
    "truth and null": ([True, None, False], None, "esriFieldTypeInteger", [1, None, 0]),
    "large numbers and null": ([2**40, None, 1], None, "esriFieldTypeBigInteger", [2**40, None, 1]),
    "numbers in objects": (np.array([1, 2, 3], object), None, "esriFieldTypeInteger", [1, 2, 3]),
    "numbers and texts": (np.array([1, "a", None], object), None, "esriFieldTypeString", [1, "a", None]),
    "null alone": ([None, None, None], None, "esriFieldTypeString", [None, None, None]),
    "floats of whole numbers": ([1.0, math.nan, 3.0], INTEGER, INTEGER, [1, None, 3]),
    "floats of a date": ([1.7e12, math.nan, 0.5], DATE, DATE, [1_700_000_000_000, None, 0]),
    "floats of a date without null": ([1.0, 2.0, 3.0], DATE, DATE, [1, 2, 3]),
    "days": ([date(2024, 2, 9), None, date(1, 1, 1)], DATE_ONLY, DATE_ONLY, ["2024-02-09", None, DAY_ONE]),
    "fractions": ([1.5, 2.0, 3.0], INTEGER, INTEGER, [1.5, 2.0, 3.0]),
}  # fmt: skip


@pytest.mark.parametrize(("values", "declared", "kind", "written"), COLUMNS.values(), ids=list(COLUMNS))
def test_values_on_the_wire_are_of_the_type_of_their_field(
    values: Any, declared: str | None, kind: str, written: list[Any]
) -> None:
    fields = [Field("N", declared)] if declared else []
    document = json.loads(encode_table(Table().with_columns({"N": values}, fields)))
    assert document["fields"][-1]["type"] == kind
    found = [each["attributes"]["N"] for each in document["features"]]
    assert found == written
    assert list(map(type, found)) == list(map(type, written))
