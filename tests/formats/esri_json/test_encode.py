"""Writing feature sets and tables: the form that clients of ArcGIS expect."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import orjson
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import Field
from gpserverless.formats.esri_json import (
    decode_features,
    encode_features,
    encode_table,
    stream_features,
    stream_table,
)
from gpserverless.values.spatial_reference import WGS84, SpatialReference

MEMBERS = [
    "displayFieldName",
    "geometryType",
    "spatialReference",
    "fields",
    "features",
    "exceededTransferLimit",
]
OBJECT_ID = {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}


def places(*wkts: str | None, **columns: Any) -> FeatureSet[Any]:
    return FeatureSet.of(shapely.from_wkt(np.array(wkts, object)), WGS84, columns)


def encoded(features: FeatureSet[Any], **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(encode_features(features, **options))
    return document


def test_header_is_always_complete() -> None:
    document = encoded(places("POINT (1 2)"))
    assert list(document) == MEMBERS
    assert document == {
        "displayFieldName": "",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326, "latestWkid": 4326},
        "fields": [OBJECT_ID],
        "features": [{"attributes": {"OBJECTID": 1}, "geometry": {"x": 1, "y": 2}}],
        "exceededTransferLimit": False,
    }


@pytest.mark.parametrize(
    ("wkt", "options", "geometry"),
    [
        ("POINT (1 2)", {}, {"x": 1, "y": 2}),
        ("POINT Z (1 2 3)", {}, {"x": 1, "y": 2}),
        ("POINT Z (1 2 3)", {"z": True}, {"x": 1, "y": 2, "z": 3}),
        ("POINT M (1 2 4)", {"z": True, "m": True}, {"x": 1, "y": 2, "m": 4}),
        ("POINT ZM (1 2 3 4)", {"z": True, "m": True}, {"x": 1, "y": 2, "z": 3, "m": 4}),
        ("MULTIPOINT ((1 2), (3 4))", {}, {"points": [[1, 2], [3, 4]]}),
        ("LINESTRING (0 0, 1 1)", {}, {"paths": [[[0, 0], [1, 1]]]}),
        ("LINEARRING (0 0, 1 1, 1 0, 0 0)", {}, {"paths": [[[0, 0], [1, 1], [1, 0], [0, 0]]]}),
        ("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", {}, {"paths": [[[0, 0], [1, 1]], [[2, 2], [3, 3]]]}),
        ("LINESTRING M (0 0 5, 1 1 6)", {"m": True}, {"paths": [[[0, 0, 5], [1, 1, 6]]]}),
        ("LINESTRING ZM (0 0 5 7, 1 1 6 8)", {"m": True}, {"paths": [[[0, 0, 7], [1, 1, 8]]]}),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", {}, {"rings": [[[0, 0], [1, 1], [1, 0], [0, 0]]]}),
        ("POLYGON EMPTY", {}, None),
        ("POINT EMPTY", {}, None),
        ("MULTIPOINT EMPTY", {}, None),
        (None, {}, None),
    ],
)
def test_geometry_has_the_form_of_its_type(wkt: str | None, options: dict[str, bool], geometry: Any) -> None:
    document = encoded(places(wkt), **options)
    assert document["features"][0]["geometry"] == geometry
    assert document.get("hasZ", False) is bool(geometry and options.get("z") and "Z" in str(wkt))
    assert document.get("hasM", False) is bool(
        geometry and options.get("m") and "M" in str(wkt).split("(")[0]
    )


def test_null_shapes_keep_their_places() -> None:
    document = encoded(places(None, "POINT (1 2)", "POINT EMPTY", "POINT (3 4)"))
    assert [f["geometry"] for f in document["features"]] == [None, {"x": 1, "y": 2}, None, {"x": 3, "y": 4}]


def test_unknown_reference_is_an_empty_object() -> None:
    assert encoded(FeatureSet.of(shapely.points([[1, 2]]), None))["spatialReference"] == {}


@pytest.mark.parametrize(("maximum", "exceeded"), [(None, False), (2, False), (1, True), (0, True)])
def test_too_many_features_leave_the_schema_only(maximum: int | None, exceeded: bool) -> None:
    document = encoded(places("POINT (1 2)", "POINT (3 4)", NAME=["a", "b"]), maximum=maximum)
    assert document["exceededTransferLimit"] is exceeded
    assert len(document["features"]) == (0 if exceeded else 2)
    assert [f["name"] for f in document["fields"]] == ["OBJECTID", "NAME"]
    table = orjson.loads(encode_table(Table().with_columns({"A": [1, 2]}), maximum=maximum))
    assert (table["exceededTransferLimit"], len(table["features"])) == (exceeded, 0 if exceeded else 2)


@pytest.mark.parametrize(
    ("columns", "fields", "names", "object_ids"),
    [
        ({}, [], ["OBJECTID"], [1, 2]),
        ({"FID": [7, 9]}, [Field("FID", "esriFieldTypeOID")], ["FID"], [7, 9]),
        ({"A": [7, 9]}, [], ["OBJECTID", "A"], [1, 2]),
        ({"objectid": ["a", "b"]}, [], ["OBJECTID_1", "objectid"], [1, 2]),
        ({"ID": [7, None]}, [Field("ID", "esriFieldTypeOID")], ["ID"], [1, 2]),
    ],
)
def test_object_id_is_always_written(
    columns: Any, fields: Any, names: list[str], object_ids: list[int]
) -> None:
    features = places("POINT (1 2)", "POINT (3 4)").with_columns(columns, fields)
    document = encoded(features)
    assert [f["name"] for f in document["fields"]] == names
    kinds = {f["name"]: f["type"] for f in document["fields"]}
    object_id = next(name for name, kind in kinds.items() if kind == "esriFieldTypeOID")
    assert [f["attributes"][object_id] for f in document["features"]] == object_ids
    assert all(list(f["attributes"]) == names for f in document["features"])


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        ([1, 2], "Integer", [1, 2]),
        ([2**40, 2], "BigInteger", [2**40, 2]),
        ([1.5, np.nan], "Double", [1.5, None]),
        ([True, False], "Integer", [1, 0]),
        (["a", None], "String", ["a", None]),
        (np.array([1, 2], np.uint8), "Integer", [1, 2]),
        (np.array([1, 2], np.float32), "Double", [1.0, 2.0]),
    ],
)
def test_columns_of_tools_are_described_and_written(values: Any, kind: str, written: list[Any]) -> None:
    document = orjson.loads(encode_table(Table().with_columns({"A": values})))
    assert document["fields"][1]["type"] == "esriFieldType" + kind
    assert [f["attributes"]["A"] for f in document["features"]] == written


@pytest.mark.parametrize(
    ("texts", "declared", "length"),
    [
        (["a", None], None, 255),
        (["a" * 300, None], None, 300),
        (["ä" * 300], None, 300),
        (["a" * 12], 10, 12),
        (["a" * 12], 50, 50),
        ([None], None, 255),
        (["", "a" * 255], None, 255),
    ],
)
def test_text_field_is_as_long_as_its_longest_text(
    texts: list[Any], declared: int | None, length: int
) -> None:
    table = Table().with_columns({"S": np.array(texts, object)}, [Field("S", length=declared)])
    assert orjson.loads(encode_table(table))["fields"][1]["length"] == length


MOMENT = 1_704_164_645_000  # 2024-01-02T03:04:05Z


@pytest.mark.parametrize(
    "values",
    [
        [datetime(2024, 1, 2, 3, 4, 5), None],
        [datetime(2024, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1))), None],
        np.array(["2024-01-02T03:04:05", "NaT"], "datetime64[ns]"),
        np.array(["2024-01-02T03:04:05", "NaT"], "datetime64[s]"),
    ],
)
def test_datetimes_of_tools_are_dates(values: Any) -> None:
    document = orjson.loads(encode_table(Table().with_columns({"D": values})))
    assert document["fields"][1]["type"] == "esriFieldTypeDate"
    assert [f["attributes"]["D"] for f in document["features"]] == [MOMENT, None]


def test_text_in_a_date_column_of_a_tool_is_read_or_refused() -> None:
    field = [Field("D", "esriFieldTypeDate")]
    assert Table().with_columns({"D": ["2024-01-02T03:04:05Z"]}, field).column("D").tolist() == [MOMENT]
    with pytest.raises(InvalidValue, match="'D' holds 'soon'"):
        Table().with_columns({"D": ["soon"]}, field)


def test_lists_of_a_tool_are_json_texts_and_bytes_are_refused() -> None:
    lists = np.array([None, None], object)
    lists[:] = [[1, "ä"], {"a": None}]
    assert Table().with_columns({"A": lists}).column("A").tolist() == ['[1,"ä"]', '{"a":null}']
    with pytest.raises(InvalidValue, match="the column 'A' holds bytes"):
        Table().with_columns({"A": np.array([b"\x00", None], object)})


def test_table_has_no_geometry() -> None:
    document = orjson.loads(encode_table(Table().with_columns({"A": [1]})))
    assert list(document) == ["displayFieldName", "fields", "features", "exceededTransferLimit"]
    assert document["features"] == [{"attributes": {"OBJECTID": 1, "A": 1}}]


def test_full_doubles_survive_in_an_unknown_reference() -> None:
    x, y = 0.1 + 0.2, 1e-300
    again = decode_features(encode_features(FeatureSet.of(shapely.points([[x, y]]), None)))
    assert shapely.get_coordinates(again.geometries).tolist() == [[x, y]]


THIRD = "0.33333333333333331"


@pytest.mark.parametrize(
    ("wkid", "precision", "x"),
    [
        (4326, None, "0.333333333"),  # 1e-9 degree
        (4807, None, "0.333333333"),  # gradians
        (3857, None, "0.3333"),  # 0.1 mm
        (2263, None, "0.3333"),  # US feet: 0.03 mm
        (2222, None, "0.3333"),  # feet
        (4326, 3, "0.333"),
        (3857, 0, "0.0"),
        (3857, 12, "0.333333333333"),
        (None, None, "0.3333333333333333"),
        (None, 2, "0.33"),
    ],
)
@pytest.mark.parametrize(
    "wkt",
    [f"POINT ({THIRD} 1)", f"MULTIPOINT (({THIRD} 1), (2 2))", f"LINESTRING ({THIRD} 1, 2 2)",
     f"POLYGON (({THIRD} 1, 0 2, 2 2, {THIRD} 1))"],
)  # fmt: skip
def test_coordinates_are_on_the_grid_of_their_reference(
    wkt: str, wkid: int | None, precision: int | None, x: str
) -> None:
    reference = None if wkid is None else SpatialReference(wkid)
    features = FeatureSet.of(shapely.from_wkt([wkt]), reference)
    before = shapely.to_wkb(features.geometries).tolist()
    written = encode_features(features, precision=precision).decode()
    assert f'{{"x":{x},"y":1.0}}' in written or f"[{x},1.0]" in written
    assert shapely.to_wkb(features.geometries).tolist() == before


def test_z_and_m_are_on_a_grid_of_their_own() -> None:
    features = places(f"POINT ZM (1 2 {THIRD} 0.00004)", f"POINT Z (1 2 {THIRD})")
    first, second = encoded(features, z=True, m=True, precision=9)["features"]
    assert first["geometry"] == {"x": 1.0, "y": 2.0, "z": 0.3333, "m": 0.0}
    assert second["geometry"] == {"x": 1.0, "y": 2.0, "z": 0.3333, "m": None}


def test_nothing_is_minus_zero() -> None:
    written = encode_features(places("LINESTRING Z (-1e-12 -1e-12 -1e-12, 1 1 1)"), z=True)
    assert b"[[0.0,0.0,0.0],[1.0,1.0,1.0]]" in written


def test_rounded_rings_stay_closed() -> None:
    ring = shapely.Point(1 / 3, 1 / 7).buffer(1e-4, quad_segs=50)
    again = decode_features(encode_features(FeatureSet.of([ring], SpatialReference(32633))))
    assert again.geometries[0].exterior.is_ring


@pytest.mark.parametrize("count", [0, 1, 19_999, 20_000, 45_000])
def test_blocks_together_are_the_whole(count: int) -> None:
    points = FeatureSet.of(shapely.points(np.arange(count) % 90, 1.0), WGS84, {"n": np.arange(count)})
    blocks = list(stream_features(points))
    assert len(blocks) == 2 + -(-count // 20_000)
    document = orjson.loads(b"".join(blocks))
    assert [f["attributes"]["OBJECTID"] for f in document["features"]] == list(range(1, count + 1))
    assert [f["geometry"]["x"] for f in document["features"]] == [n % 90 for n in range(count)]
    table = orjson.loads(b"".join(stream_table(Table().with_columns({"n": np.arange(count)}))))
    assert [f["attributes"]["n"] for f in table["features"]] == list(range(count))


def test_large_shapes_make_blocks_of_fewer_features() -> None:
    ring = shapely.Point(0, 0).buffer(1, quad_segs=5_000)
    blocks = list(stream_features(FeatureSet.of([ring] * 25, WGS84)))
    assert len(blocks) > 3
    assert len(orjson.loads(b"".join(blocks))["features"]) == 25
