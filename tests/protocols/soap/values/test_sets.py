"""Features and tables: results sent back as inputs are the same, and defaults keep their schema."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless import FeatureSet, Table
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.errors import InvalidParameter
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.values.write import make_empty_node, make_result_node
from gpserverless.toolkit.values import load_value
from tests.protocols.soap.values.messages import exchange, make_parameter, send, value_of, write_result

FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID", "nullable": False},
    {"name": "NAME", "type": "esriFieldTypeString", "alias": "The name", "length": 40, "nullable": True},
    *(
        {"name": kind.upper(), "type": f"esriFieldType{kind}", "alias": kind.upper(), "nullable": True}
        for kind in ("Integer", "SmallInteger", "Double", "Single")
    ),
    {"name": "DATE", "type": "esriFieldTypeDate", "alias": "DATE", "nullable": True},
    {"name": "GUID", "type": "esriFieldTypeGUID", "alias": "GUID", "length": 38, "nullable": True},
]
NAMES = [field["name"] for field in FIELDS]
KEY = "{11111111-2222-3333-4444-555555555555}"
CELLS: list[tuple[Any, ...]] = [
    (
        1,
        " a <b> & ]]> \r\n 𝄞 ",
        2**31 - 1,
        -32768,
        0.1,
        0.5,
        1795249800123,
        "{11111111-2222-3333-4444-555555555555}",
    ),
    (5, None, None, None, None, None, -1, None),
    (7, "", -(2**31), 0, 1e300, 0, None, None),
]
ROWS = [dict(zip(NAMES, cells, strict=True)) for cells in CELLS]

SHAPES: dict[str, tuple[str, list[Any], dict[str, bool]]] = {
    "points": ("Point", [{"x": 7.25, "y": 51.5}, None, {"x": 0, "y": 0}], {}),
    "points with heights and measures": (
        "Point",
        [{"x": 7.25, "y": 51.5, "z": 100, "m": 3}, None, {"x": 0, "y": 0, "z": -1.5, "m": 0}],
        {"hasZ": True, "hasM": True},
    ),
    "multipoints with measures": (
        "Multipoint", [{"points": [[0, 0, 1], [1, 2, 3]]}, None, {"points": [[5, 5, 5]]}], {"hasM": True},
    ),
    "lines of several parts": (
        "Polyline",
        [{"paths": [[[0, 0], [1, 1]], [[5, 5], [6, 7], [8, 8]]]}, {"paths": [[[0, 0], [2, 2]]]}, None],
        {},
    ),
    "polygons with holes and heights": (
        "Polygon",
        [
            None,
            {
                "rings": [
                    [[0, 0, 1], [0, 9, 2], [9, 9, 3], [9, 0, 4], [0, 0, 1]],
                    [[2, 2, 5], [4, 2, 6], [4, 4, 7], [2, 2, 5]],
                    [[20, 20, 1], [20, 29, 2], [29, 29, 3], [20, 20, 1]],
                ]
            },
            {"rings": [[[0, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0]]]},
        ],
        {"hasZ": True},
    ),
}  # fmt: skip
REFERENCES = [{"wkid": 25832, "latestWkid": 25832}, {"wkid": 102100, "latestWkid": 3857}, {"wkid": 4326}]
ALL_ORDINATES = DumpOptions(return_z=True, return_m=True)


def make_features(shapes: str, reference: dict[str, int]) -> str:
    kind, geometries, flags = SHAPES[shapes]
    records = [{"attributes": row, "geometry": g} for row, g in zip(ROWS, geometries, strict=True)]
    document = {"geometryType": f"esriGeometry{kind}", "spatialReference": reference, "fields": FIELDS}
    return orjson.dumps({**document, **flags, "features": records}).decode()


def load_json(data_type: DataType, text: str) -> Any:
    return data_type.load(text, LoadOptions())


def dump_json(data_type: DataType, value: Any) -> Any:
    return orjson.loads(orjson.dumps(data_type.dump(value, ALL_ORDINATES)))


def exchange_set(annotation: Any, value: Any) -> Any:
    """Return a set after a client has got it and sent it back."""
    given, result = make_parameter(annotation), make_parameter(annotation, direction="output")
    answered = send(make_result_node(result, write_result(result, value, ALL_ORDINATES)))
    return load_value(given, {given.name: read_value(given, answered)}, LoadOptions())


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: str(reference["wkid"]))
def test_features_sent_back_are_the_same(shapes: str, reference: dict[str, int]) -> None:
    data_type = make_parameter(FeatureSet).data_type
    features = load_json(data_type, make_features(shapes, reference))

    again = exchange_set(FeatureSet, features)

    assert dump_json(data_type, again) == dump_json(data_type, features)


def test_a_table_sent_back_is_the_same() -> None:
    data_type = make_parameter(Table).data_type
    records = [{"attributes": row} for row in ROWS]
    table = load_json(data_type, orjson.dumps({"fields": FIELDS, "features": records}).decode())

    assert dump_json(data_type, exchange_set(Table, table)) == dump_json(data_type, table)


def test_a_list_of_features_sent_back_is_the_same() -> None:
    data_type = make_parameter(FeatureSet).data_type
    members = [
        load_json(data_type, make_features(shapes, REFERENCES[0]))
        for shapes in ("points", "lines of several parts")
    ]

    again = exchange(list[FeatureSet[Any]], members)

    assert [dump_json(data_type, a) for a in again] == [dump_json(data_type, m) for m in members]


def test_a_list_of_tables_sent_back_is_the_same() -> None:
    data_type = make_parameter(Table).data_type
    records = [{"attributes": row} for row in ROWS]
    table = load_json(data_type, orjson.dumps({"fields": FIELDS, "features": records}).decode())

    again = exchange(list[Table], [table, table])

    assert [dump_json(data_type, a) for a in again] == [dump_json(data_type, table)] * 2


def test_no_features_are_an_empty_set_with_a_schema() -> None:
    again = exchange(FeatureSet, None)
    assert len(again) == 0
    assert [field.name for field in again.fields] == ["OBJECTID"]


def test_a_set_that_the_service_cut_says_so() -> None:
    body = (
        b'{"paramName":"Given","dataType":"GPRecordSet","value":{"fields":[],'
        b'"features":[{"attributes":{"A":1}}],"exceededTransferLimit":true}}'
    )
    shown = send(make_result_node(make_parameter(Table, direction="output"), body))
    assert shown.read_text("ExceededTransferLimit") == "true"


def test_features_that_came_as_geojson_are_shown_as_features() -> None:
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [7, 51]}, "properties": {"A": 1}}
    collection = {"type": "FeatureCollection", "features": [point]}
    body = orjson.dumps({"paramName": "Given", "dataType": "GPFeatureRecordSetLayer", "value": collection})

    shown = send(make_result_node(make_parameter(FeatureSet), body))

    assert shown.type_name == "GPFeatureRecordSetLayer"
    features = load_value(
        make_parameter(FeatureSet), {"Given": read_value(make_parameter(FeatureSet), shown)}, LoadOptions()
    )
    assert [(g.x, g.y) for g in features.geometries] == [(7, 51)]


LAYER = GPFeatureRecordSetLayer(layers=(("Towns", "toolboxes/towns.json"),), only_layers=True)


@pytest.mark.parametrize(
    ("type_name", "content"),
    [
        ("GPString", "<Value>Towns</Value>"),
        ("GPFeatureRecordSetLayer", "Towns"),
        ("GPFeatureRecordSetLayer", "<Value> Towns </Value>"),
    ],
)
def test_a_layer_of_the_service_is_named(type_name: str, content: str) -> None:
    assert read_value(make_parameter(LAYER), value_of(type_name, content)) == "Towns"


def test_the_schema_of_a_choice_of_layers_sent_back_is_not_given() -> None:
    shown = send(make_result_node(make_parameter(LAYER), write_result(make_parameter(LAYER), None)))
    assert read_value(make_parameter(LAYER), shown) == ""


@pytest.mark.parametrize(
    "content", ["<Value>https://a.example/FeatureServer/0</Value>", '<Value>{"url":"x"}</Value>']
)
def test_features_may_lie_elsewhere(content: str) -> None:
    raw = read_value(make_parameter(FeatureSet), value_of("GPString", content))
    assert raw == content.removeprefix("<Value>").removesuffix("</Value>")


FIELD = "<Field><Name>A</Name><Type>esriFieldTypeInteger</Type></Field>"
ONE_ROW = "<Records><Record><Values><Value>4</Value></Values></Record></Records>"


@pytest.mark.parametrize("type_name", ["GPRecordSet", "GPFeatureRecordSetLayer"])
@pytest.mark.parametrize("annotation", [Table, FeatureSet])
def test_rows_without_geometries_are_read_by_any_set(annotation: Any, type_name: str) -> None:
    content = f"<RecordSet><Fields><FieldArray>{FIELD}</FieldArray></Fields>{ONE_ROW}</RecordSet>"
    document = orjson.loads(read_value(make_parameter(annotation), value_of(type_name, content)))
    assert document["features"] == [{"attributes": {"A": 4}}]


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        ("<Records><Record><Values><Value>4</Value><Value>5</Value></Values></Record></Records>", "record 1"),
        ("<Records><Record><Values><Value>four</Value></Values></Record></Records>", "record 1"),
    ],
)
def test_a_malformed_record_is_refused_with_its_number_and_the_parameter(records: str, problem: str) -> None:
    content = f"<RecordSet><Fields><FieldArray>{FIELD}</FieldArray></Fields>{records}</RecordSet>"
    with pytest.raises(InvalidParameter, match="Parameter 'Given'") as refusal:
        read_value(make_parameter(Table), value_of("GPRecordSet", content))
    assert problem in str(refusal.value)


def test_an_empty_node_tells_its_type() -> None:
    assert (
        write_node("GPValue", make_empty_node(make_parameter(Table)))
        == '<GPValue xsi:type="tns:GPRecordSet"/>'
    )
