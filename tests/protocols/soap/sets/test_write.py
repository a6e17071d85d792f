"""Feature sets and tables are written as record sets that clients of other projects read.

The answers are valid by our own schema, and zeep reads from them what the JSON says.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write import make_features_node, make_table_node
from tests.protocols.soap.clients import read_by_suds, read_by_zeep
from tests.protocols.soap.sets.reading import read_cells, read_fields, read_shape

OID = {"name": "OBJECTID", "type": "esriFieldTypeOID"}


def write_json(document: Any) -> bytes:
    """Return JSON as the engine spells it."""
    return json.dumps(document, separators=(",", ":")).encode()


def write_table(kind: str, *values: Any, **more: Any) -> bytes:
    """Return a table with one column beside the object ids."""
    return write_json(
        {
            "displayFieldName": "",
            "fields": [OID, {"name": "value", "type": f"esriFieldType{kind}", **more}],
            "features": [
                {"attributes": {"OBJECTID": number, "value": value}} for number, value in enumerate(values, 7)
            ],
            "exceededTransferLimit": False,
        }
    )


UTC = datetime.datetime
HARD = "a < b & ]]>"
CELLS: list[tuple[str, list[Any], str, int, list[Any]]] = [
    ("SmallInteger", [-32768, None, 32767], "SmallInteger", 2, [-32768, None, 32767]),
    ("SmallInteger", [32768, 1], "Integer", 4, [32768, 1]),
    ("SmallInteger", [2**31, 1], "Double", 8, [2.0**31, 1.0]),
    ("Integer", [-(2**31), None, 2**31 - 1], "Integer", 4, [-(2**31), None, 2**31 - 1]),
    ("Integer", [2**31], "Double", 8, [2.0**31]),
    ("BigInteger", [2**53, None, -5], "Double", 8, [2.0**53, None, -5.0]),
    ("BigInteger", [2**53 + 1, None], "String", 20, ["9007199254740993", None]),
    ("Double", [0.1, None, 1e300, -0.0], "Double", 8, [0.1, None, 1e300, 0.0]),
    ("Single", [0.5, None], "Single", 4, [0.5, None]),
    ("String", [HARD, None, "  Zürich 🗺\r\n"], "String", 255, [HARD, None, "  Zürich 🗺\r\n"]),
    ("String", ["bell \x07"], "String", 255, ["bell \ufffd"]),
    ("GUID", ["{A0B1}", None], "GUID", 38, ["{A0B1}", None]),
    ("GlobalID", ["{A0B1}"], "GlobalID", 38, ["{A0B1}"]),
    ("XML", ["<a/>"], "XML", 0, ["<a/>"]),
    ("Raster", ["r.tif"], "String", 255, ["r.tif"]),
    ("DateOnly", ["2026-11-30", None], "String", 255, ["2026-11-30", None]),
    ("TimeOnly", ["09:30:00"], "String", 255, ["09:30:00"]),
    ("TimestampOffset", ["2026-11-30T09:30:00+01:00"], "String", 255, ["2026-11-30T09:30:00+01:00"]),
    (
        "Date",
        [1795944600123, None, -1, -62135596800000],
        "Date",
        8,
        [UTC(2026, 11, 29, 9, 30, 0, 123000), None, UTC(1969, 12, 31, 23, 59, 59, 999000), UTC(1, 1, 1)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "written", "length", "read"), CELLS)
def test_a_column_of_every_type_is_read_as_it_was(
    kind: str, values: list[Any], written: str, length: int, read: list[Any]
) -> None:
    answer = read_by_zeep(make_table_node(write_table(kind, *values)))
    field = read_fields(answer)[1]
    assert (field["Type"], field["Length"]) == (f"esriFieldType{written}", length)
    assert (field["IsNullable"], field["Required"], field["Editable"]) == (True, None, None)
    assert read_cells(answer) == [[number, value] for number, value in enumerate(read, 7)]


def test_a_date_is_written_without_zone_and_needless_zeros() -> None:
    node = make_table_node(write_table("Date", 1795944600000))
    assert '"xsd:dateTime">2026-11-29T09:30:00<' in join_first_record(node)


def test_an_empty_text_is_not_null() -> None:
    node = make_table_node(write_table("String", ""))
    assert '<Value xsi:type="xsd:string"></Value>' in join_first_record(node)


def join_first_record(node: Node) -> str:
    """Return the XML of the first record of a set."""
    return b"".join(node.members["RecordSet"].members["Records"].elements[0]).decode()


@pytest.mark.parametrize("moment", [-62135596800001, 253402300800000])
def test_a_date_that_has_no_words_is_refused(moment: int) -> None:
    with pytest.raises(InvalidValue, match="record 2: the date in field 'value'"):
        make_table_node(write_table("Date", 0, moment))


def test_a_field_keeps_its_length_its_alias_and_whether_it_may_be_null() -> None:
    table = write_table("String", "a", length=12, alias="A value", nullable=False)
    field = read_fields(read_by_zeep(make_table_node(table)))[1]
    assert (field["Length"], field["AliasName"], field["IsNullable"]) == (12, "A value", False)


def test_a_text_longer_than_its_field_lengthens_it() -> None:
    field = read_fields(read_by_zeep(make_table_node(write_table("String", "a" * 400))))[1]
    assert field["Length"] == 400


def test_object_ids_are_required_and_not_edited() -> None:
    answer = read_by_zeep(make_table_node(write_table("String", "a")))
    field = read_fields(answer)[0]
    named = ("Name", "Type", "IsNullable", "Required", "Editable", "ModelName")
    assert [field[name] for name in named] == ["OBJECTID", "esriFieldTypeOID", False, True, False, "OBJECTID"]
    assert answer["OIDFieldName"] == "OBJECTID"


def test_a_table_without_object_ids_gets_some() -> None:
    table = {"fields": [{"name": "objectid_1", "type": "esriFieldTypeString"}], "features": []}
    table["features"] = [{"attributes": {"objectid_1": text}} for text in "abc"]
    answer = read_by_zeep(make_table_node(table))
    assert [field["Name"] for field in read_fields(answer)] == ["OBJECTID", "objectid_1"]
    assert read_cells(answer) == [[1, "a"], [2, "b"], [3, "c"]]


def test_object_ids_of_more_than_32_bits_become_a_number_beside_others() -> None:
    table = {"fields": [OID], "features": [{"attributes": {"OBJECTID": 2**40}}]}
    answer = read_by_zeep(make_table_node(table))
    fields = [(field["Name"], field["Type"]) for field in read_fields(answer)]
    assert fields == [("OBJECTID_1", "esriFieldTypeOID"), ("OBJECTID", "esriFieldTypeDouble")]
    assert read_cells(answer) == [[1, 2.0**40]]
    assert answer["OIDFieldName"] == "OBJECTID_1"


RING = [[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]
HOLE = [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]
OTHER = [[20, 20], [20, 21], [21, 21], [20, 20]]


def lift(part: list[list[float]], *ordinates: float) -> list[list[float]]:
    """Return a part with more ordinates at every vertex."""
    return [[*vertex, *ordinates] for vertex in part]


# Type, flags of the header, JSON of the geometry, and what is read: parts of vertices [x, y, z, m].
GEOMETRIES: list[tuple[str, str, dict[str, bool], Any, Any]] = [
    ("point", "Point", {}, {"x": 1.5, "y": -2}, [[[1.5, -2, None, None]]]),
    ("point z", "Point", {"hasZ": True}, {"x": 1, "y": 2, "z": 3}, [[[1, 2, 3, None]]]),
    ("point m", "Point", {"hasM": True}, {"x": 1, "y": 2, "m": 4}, [[[1, 2, None, 4]]]),
    ("point zm", "Point", {"hasZ": True, "hasM": True}, {"x": 1, "y": 2, "z": 3, "m": 4}, [[[1, 2, 3, 4]]]),
    ("multipoint", "Multipoint", {}, {"points": [[1, 2], [3, 4]]}, [lift([[1, 2], [3, 4]], None, None)]),
    ("multipoint z", "Multipoint", {"hasZ": True}, {"points": [[1, 2, 3]]}, [[[1, 2, 3, None]]]),
    ("multipoint zm", "Multipoint", {"hasZ": True, "hasM": True}, {"points": [[1, 2, 3, 4]]},
     [[[1, 2, 3, 4]]]),
    ("paths", "Polyline", {}, {"paths": [[[0, 0], [1, 1]], [[5, 5], [6, 6]]]},
     [lift([[0, 0], [1, 1]], None, None), lift([[5, 5], [6, 6]], None, None)]),
    ("paths m", "Polyline", {"hasM": True}, {"paths": [[[0, 0, 7], [1, 1, 8]]]},
     [[[0, 0, None, 7], [1, 1, None, 8]]]),
    ("paths with a vertex without m", "Polyline", {"hasM": True}, {"paths": [[[0, 0, 7], [1, 1, None]]]},
     [[[0, 0, None, 7], [1, 1, None, None]]]),
    ("rings", "Polygon", {}, {"rings": [RING, HOLE, OTHER]},
     [lift(part, None, None) for part in (RING, HOLE, OTHER)]),
    ("rings z", "Polygon", {"hasZ": True}, {"rings": [lift(RING, 9), lift(HOLE, 8)]},
     [lift(RING, 9, None), lift(HOLE, 8, None)]),
    ("rings zm", "Polygon", {"hasZ": True, "hasM": True}, {"rings": [lift(RING, 9, 5)]}, [lift(RING, 9, 5)]),
]  # fmt: skip
IDS = [case[0] for case in GEOMETRIES]


def write_features(kind: str, *geometries: Any, **header: Any) -> dict[str, Any]:
    """Return features of geometries with object ids."""
    features = [
        {"attributes": {"OBJECTID": number}, "geometry": geometry}
        for number, geometry in enumerate(geometries, 1)
    ]
    return {
        "displayFieldName": "",
        "geometryType": f"esriGeometry{kind}",
        "spatialReference": {"wkid": 25832, "latestWkid": 25832},
        **header,
        "fields": [OID],
        "features": features,
        "exceededTransferLimit": False,
    }


@pytest.mark.parametrize(("kind", "flags", "geometry", "parts"), [case[1:] for case in GEOMETRIES], ids=IDS)
def test_a_geometry_is_read_as_it_was(kind: str, flags: dict[str, bool], geometry: Any, parts: Any) -> None:
    document = write_features(kind, geometry, None, geometry, **flags)
    for value in (document, write_json(document), json.dumps(document, indent=1).encode()):
        answer = read_by_zeep(make_features_node(value))
        assert [read_shape(row[1]) for row in read_cells(answer)] == [parts, None, parts]
        definition = read_fields(answer)[1]["GeometryDef"]
        assert definition["GeometryType"] == f"esriGeometry{kind}"
        assert (definition["HasZ"], definition["HasM"]) == (
            flags.get("hasZ", False),
            flags.get("hasM", False),
        )
        assert definition["SpatialReference"]["WKID"] == 25832
        assert answer["ShapeFieldName"] == "Shape"


@pytest.mark.parametrize("flags", [{}, {"hasZ": True}], ids=["rewritten", "heights"])
def test_attributes_stand_beside_their_geometries_in_every_spelling(flags: dict[str, bool]) -> None:
    points = [
        {"x": 1, "y": 2, **({"z": 3} if flags else {})},
        None,
        {"x": 3, "y": 4, **({"z": 5} if flags else {})},
    ]
    document = write_features("Point", *points, **flags)
    document["fields"] = [OID, {"name": "name"}, {"name": "depth", "type": "esriFieldTypeDouble"}]
    for feature, name, depth in zip(
        document["features"], ("a", None, "c, [c]"), (0.5, 1.5, None), strict=True
    ):
        feature["attributes"] |= {"name": name, "depth": depth}
    for value in (document, write_json(document), json.dumps(document, indent=1).encode()):
        cells = read_cells(read_by_zeep(make_features_node(value)))
        assert [row[:3] for row in cells] == [[1, "a", 0.5], [2, None, 1.5], [3, "c, [c]", None]]
        assert [row[3] and (row[3]["X"], row[3]["Y"]) for row in cells] == [(1, 2), None, (3, 4)]


@pytest.mark.parametrize("kind", ["Point", "Multipoint", "Polyline", "Polygon"])
def test_a_geometry_without_vertices_is_nil(kind: str) -> None:
    member = {"Point": "x", "Multipoint": "points", "Polyline": "paths", "Polygon": "rings"}[kind]
    empty = {"x": "NaN", "y": "NaN"} if kind == "Point" else {member: []}
    answer = read_by_zeep(make_features_node(write_features(kind, empty, {}, None)))
    assert [row[1] for row in read_cells(answer)] == [None, None, None]


def test_the_field_of_geometries_gives_way_to_one_of_its_name() -> None:
    document = write_features("Point", {"x": 1, "y": 2})
    document["fields"] = [OID, {"name": "SHAPE", "type": "esriFieldTypeString"}]
    document["features"][0]["attributes"]["SHAPE"] = "round"
    answer = read_by_zeep(make_features_node(document))
    assert [field["Name"] for field in read_fields(answer)] == ["OBJECTID", "SHAPE", "Shape_1"]
    assert answer["ShapeFieldName"] == "Shape_1"


def test_geojson_is_written_with_outer_rings_clockwise() -> None:
    polygon = {"type": "Polygon", "coordinates": [RING[::-1]]}
    feature = {"type": "Feature", "properties": {"name": "a"}, "geometry": polygon}
    answer = read_by_zeep(make_features_node({"type": "FeatureCollection", "features": [feature]}))
    assert read_fields(answer)[-1]["GeometryDef"]["SpatialReference"]["WKID"] == 4326
    shape = read_shape(read_cells(answer)[0][-1])
    assert shape is not None
    x, y = ([vertex[axis] for vertex in shape[0]] for axis in (0, 1))
    assert sum(x[i] * y[i + 1] - x[i + 1] * y[i] for i in range(4)) < 0


def test_a_true_curve_is_written_as_vertices() -> None:
    arc = {"curvePaths": [[[0, 0], {"c": [[10, 0], [5, 5]]}]]}
    answer = read_by_zeep(make_features_node(write_features("Polyline", arc)))
    shape = read_shape(read_cells(answer)[0][1])
    assert shape is not None
    distances = {round(((x - 5) ** 2 + y**2) ** 0.5, 2) for x, y, *_ in shape[0]}
    assert distances == {5.0}
    assert len(shape[0]) > 20


@pytest.mark.parametrize("exceeded", [True, False])
def test_a_layer_object_is_written_as_its_features(exceeded: bool) -> None:
    inner = write_features("Point", {"x": 1, "y": 2})
    inner["exceededTransferLimit"] = exceeded
    fields = [*inner.pop("fields"), {"name": "Shape", "type": "esriFieldTypeGeometry"}]
    layer = {"layerDefinition": {"name": "l", "fields": fields}, "featureSet": inner}
    answer = read_by_zeep(make_features_node(write_json(layer)))
    assert [field["Name"] for field in read_fields(answer)] == ["OBJECTID", "Shape"]
    assert read_cells(answer)[0][0] == 1
    assert answer["ExceededTransferLimit"] is exceeded


def test_an_empty_set_is_a_schema() -> None:
    fields = [
        OID,
        {"name": "depth", "type": "esriFieldTypeDouble", "alias": "Depth"},
        {"name": "big", "type": "esriFieldTypeBigInteger"},
    ]
    document = {**write_features("Polygon", hasZ=True), "fields": fields, "exceededTransferLimit": True}
    layer = {"layerDefinition": {"fields": fields}, "featureSet": {**document, "fields": []}}
    for value in (document, write_json(document), layer):
        answer = read_by_zeep(make_features_node(value))
        assert answer["RecordSet"]["Records"]["Record"] == []
        assert answer["ExceededTransferLimit"] is True
        assert answer["OIDFieldName"] == "OBJECTID"
        kinds = [
            (field["Name"], field["Type"].removeprefix("esriFieldType")) for field in read_fields(answer)
        ]
        assert kinds == [("OBJECTID", "OID"), ("depth", "Double"), ("big", "Double"), ("Shape", "Geometry")]
        definition = read_fields(answer)[3]["GeometryDef"]
        assert (definition["GeometryType"], definition["HasZ"]) == ("esriGeometryPolygon", True)


def test_an_empty_set_of_envelopes_is_one_of_polygons() -> None:
    answer = read_by_zeep(make_features_node({"geometryType": "esriGeometryEnvelope", "features": []}))
    assert read_fields(answer)[1]["GeometryDef"]["GeometryType"] == "esriGeometryPolygon"


def test_the_length_of_a_field_has_32_bits() -> None:
    field = {"name": "text", "type": "esriFieldTypeString", "length": 2**40}
    answer = read_by_zeep(make_table_node({"fields": [field], "features": []}))
    assert read_fields(answer)[1]["Length"] == 2**31 - 1


def test_an_empty_table_is_a_schema() -> None:
    answer = read_by_zeep(
        make_table_node({"fields": [{"name": "name", "type": "esriFieldTypeString"}], "features": []})
    )
    assert [field["Name"] for field in read_fields(answer)] == ["OBJECTID", "name"]
    assert answer["RecordSet"]["Records"]["Record"] == []


WRONG: list[Any] = [
    b"no JSON",
    b"[]",
    {"features": None},
    {"features": [{"attributes": {}, "geometry": {"x": "a", "y": 1}}]},
    {"fields": [{"type": "esriFieldTypeOID"}], "features": []},
    {"fields": {}, "features": [], "geometryType": "esriGeometryCircle"},
    {"fields": "OBJECTID", "features": []},
    {"geometryType": ["esriGeometryPoint"], "features": []},
    b'{"features":' + b"[" * 100_000,
    b'{"fields":' + b"[" * 20_000 + b"]" * 20_000 + b',"features":[]}',
    {**write_features("Point", {"x": 1, "y": 2}), "spatialReference": {"wkid": -4}},
]


@pytest.mark.parametrize("value", WRONG)
def test_what_is_no_feature_set_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        make_features_node(value)


def test_suds_reads_the_records_too() -> None:
    document = write_features("Polygon", {"rings": [RING]})
    result = read_by_suds(make_features_node(document))
    (record,) = result.RecordSet.Records.Record
    number, polygon = record.Values.Value
    assert (int(number), [len(ring.PointArray.Point) for ring in polygon.RingArray.Ring]) == (1, [5])
    assert (polygon.RingArray.Ring[0].PointArray.Point[1].Y, result.OIDFieldName) == (10.0, "OBJECTID")
