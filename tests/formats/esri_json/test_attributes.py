"""Attributes as columns: declared, inferred, and those that do not fit."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import Field
from gpserverless.formats.esri_json import decode_table
from tests.formats.esri_json.documents import rows, text


def declared(kind: str) -> list[dict[str, Any]]:
    return [{"name": "A", "type": "esriFieldType" + kind}]


@pytest.mark.parametrize(
    ("kind", "values", "dtype", "expected"),
    [
        ("Integer", [1, 2], "int64", [1, 2]),
        ("SmallInteger", [1, 2.0], "int64", [1, 2]),
        ("SmallInteger", [True, False], "int64", [1, 0]),
        ("BigInteger", [2**62, 1], "int64", [2**62, 1]),
        ("OID", [5, 6], "int64", [5, 6]),
        ("Date", [0, 1_700_000_000_000], "int64", [0, 1_700_000_000_000]),
        ("Date", ["2020-01-01", None], "object", [1_577_836_800_000, None]),
        ("Date", ["2020-01-01", 1_577_836_800_000.0], "int64", [1_577_836_800_000] * 2),
        ("Date", [" ", "1970-01-01T00:00:00.001Z"], "object", [None, 1]),
        ("Double", [1, 2.5], "float64", [1.0, 2.5]),
        ("Single", [True, 2.5], "float64", [1.0, 2.5]),
        ("Double", [1.5, None], "object", [1.5, None]),
        ("Double", [1.5, "NaN"], "object", [1.5, None]),
        ("Double", [2**70, None], "object", [2.0**70, None]),
        ("Integer", [1, None], "object", [1, None]),
        ("String", ["a", None], "object", ["a", None]),
        ("String", [5, True], "object", ["5", "true"]),
        ("String", ["a", {"b": 1}], "object", ["a", '{"b":1}']),
        ("String", ["é", ["ä", None, 1.5]], "object", ["é", '["ä",null,1.5]']),
        ("XML", ["<a/>", [1]], "object", ["<a/>", "[1]"]),
        ("GUID", ["{AB}", None], "object", ["{AB}", None]),
        ("XML", ["<a/>", None], "object", ["<a/>", None]),
        ("TimeOnly", ["10:00:00 AM", None], "object", ["10:00:00 AM", None]),
    ],
)
def test_values_follow_the_declared_type(
    kind: str, values: list[Any], dtype: str, expected: list[Any]
) -> None:
    document = rows(*({"A": value} for value in values), fields=declared(kind))
    for source in (document, text(document)):
        column = decode_table(source).column("A")
        assert column.dtype == dtype
        assert column.tolist() == expected


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], "Integer"),
        ([1, None], "Integer"),
        ([2**31, 1], "Double"),
        ([2**53, 1], "BigInteger"),
        ([1, 2.5], "Double"),
        ([True, False], "SmallInteger"),
        (["a", None], "String"),
        (["a", 1], "String"),
        ([None, None], "String"),
    ],
)
def test_undeclared_type_is_inferred(values: list[Any], kind: str) -> None:
    table = decode_table(rows(*({"A": value} for value in values)))
    assert [(f.name, f.type) for f in table.fields] == [("A", "esriFieldType" + kind)]


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("Integer", "many", r"features\[1\]: field 'A' holds 'many', which is not a whole number"),
        ("Integer", 1.5, "not a whole number"),
        ("Double", "many", "not a number"),
        ("Double", [1], "not a number"),
        ("Double", {"a": 1}, "not a number"),
        ("BigInteger", 2**64, "64 bits"),
        ("BigInteger", 2.0**70, "64 bits"),
        ("Double", float("inf"), "not finite"),
        ("Date", "soon", r"features\[1\]: field 'A' holds 'soon', which is not a date"),
        ("Date", True, "not a date"),
        ("Date", [1], "not a date"),
        ("Date", "2024-02-30", "not a date"),
        ("Double", 10**400, "not finite"),
    ],
)
def test_value_of_another_type_is_named(kind: str, value: Any, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        decode_table(rows({"A": 1}, {"A": value}, fields=declared(kind)))


def test_attributes_have_fields_and_fields_have_columns() -> None:
    table = decode_table(rows({"A": 1}, {"B": "x", "A": 2}, fields=[{"name": "C"}, {"name": "A"}]))
    assert [f.name for f in table.fields] == ["C", "A", "B"]
    assert {name: column.tolist() for name, column in table.columns.items()} == {
        "C": [None, None],
        "A": ["1", "2"],
        "B": [None, "x"],
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ([1, 2, 3], "[1,2,3]"),
        ({"a": ["x"]}, '{"a":["x"]}'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_nested_values_become_json_texts(value: Any, written: str) -> None:
    for source in (
        rows({"A": value}, {"A": None}, {"A": "x"}),
        text(rows({"A": value}, {"A": None}, {"A": "x"})),
    ):
        table = decode_table(source)
        assert table.field("A").type == "esriFieldTypeString"
        assert table.column("A").tolist() == [written, None, "x"]


@pytest.mark.parametrize(
    ("fields", "features", "expected"),
    [
        (["NAME"], [{"name": "a"}, {"name": "b"}], {"NAME": ["a", "b"]}),
        (["NAME"], [{"name": "a"}, {"NAME": "b"}], {"NAME": ["a", "b"]}),
        (["Name", "POP"], [{"name": "a", "pop": "1"}], {"Name": ["a"], "POP": ["1"]}),
        (["NAME"], [{"NAME": None, "name": "b"}], {"NAME": ["b"]}),
        ([], [{"a": "x"}, {"A": "y"}], {"a": ["x", "y"]}),
        (["NAME", "name"], [{"NAME": "a"}], {"NAME": ["a"]}),
        (["NAME", "NAME"], [{"NAME": "a"}], {"NAME": ["a"]}),
    ],
)
def test_letter_case_does_not_make_another_field(fields: list[str], features: Any, expected: Any) -> None:
    said: list[str] = []
    document = rows(*features, fields=[{"name": name} for name in fields])
    table = decode_table(document, warn=said.append)
    assert {name: column.tolist() for name, column in table.columns.items()} == expected
    assert not said


def test_declared_type_holds_for_another_letter_case() -> None:
    table = decode_table(rows({"when": "2020-01-01"}, fields=[{"name": "When", "type": "esriFieldTypeDate"}]))
    assert table.column("when").tolist() == [1_577_836_800_000]


@pytest.mark.parametrize("fields", [[], [{"name": "A"}, {"name": "a"}]])
def test_two_columns_of_one_name_both_stay(fields: Any) -> None:
    said: list[str] = []
    table = decode_table(rows({"A": "x", "a": "y"}, {"A": "z", "a": None}, fields=fields), warn=said.append)
    assert {name: column.tolist() for name, column in table.columns.items()} == {
        "A": ["x", "z"],
        "a_1": ["y", None],
    }
    assert said == ["The attribute 'a' is called 'a_1' here, since there is a field 'A'."]


def test_name_that_an_object_holds_twice_stays_twice() -> None:
    said: list[str] = []
    fields = (
        '"fields":[{"name":"A","type":"esriFieldTypeInteger"},{"name":"A","type":"esriFieldTypeDouble"}],'
    )
    source = "{" + fields + '"features":[{"attributes":{"A":1,"A":2}},{"attributes":{"A":3,"A":4}}]}'
    table = decode_table(source, warn=said.append)
    assert [(f.name, f.type[13:]) for f in table.fields] == [("A", "Integer"), ("A_1", "Double")]
    assert (table.column("A").tolist(), table.column("A_1").tolist()) == ([1, 3], [2.0, 4.0])
    assert len(said) == 1


def test_shapes_of_data_frames_are_dropped() -> None:
    table = decode_table(rows({"A": 1, "SHAPE": {"x": 1, "y": 2}}, {"A": 2, "SHAPE": None}))
    assert [f.name for f in table.fields] == ["A"]


def test_declared_shape_is_no_column() -> None:
    fields = [
        {"name": "A", "type": "esriFieldTypeInteger"},
        {"name": "Shape", "type": "esriFieldTypeGeometry"},
    ]
    assert [f.name for f in decode_table(rows({"A": 1, "Shape": None}, fields=fields)).fields] == ["A"]


@pytest.mark.parametrize(
    ("document", "object_ids"),
    [
        (rows({"OBJECTID": 7}, {"OBJECTID": 9}), [7, 9]),
        (rows({"FID": 0}, {"FID": 1}), [0, 1]),
        (rows({"OBJECTID": 7}, {"OBJECTID": 7}), [1, 2]),
        (rows({"A": 7}, {"A": 9}), [1, 2]),
        (rows({"A": 7}, {"A": 9}, fields=declared("Integer"), objectIdFieldName="A"), [7, 9]),
        (rows({"A": 7}, {"A": 9}, fields=declared("OID")), [7, 9]),
        (rows({"A": 7}, {"A": None}, fields=declared("OID")), [1, 2]),
        (rows({}, {}), [1, 2]),
    ],
)
def test_object_ids_are_found_or_made_up(document: Any, object_ids: list[int]) -> None:
    assert decode_table(document).object_ids.tolist() == object_ids


def test_fields_that_are_an_empty_object_count_as_none() -> None:
    document = rows({"A": 1}) | {"fields": {}}
    assert decode_table(document).fields == (Field("A", "esriFieldTypeInteger"),)


@pytest.mark.parametrize("fields", [5, ["A"], [{"name": "A", "type": "nonsense"}]])
def test_malformed_fields_are_refused(fields: Any) -> None:
    with pytest.raises(InvalidValue):
        decode_table(rows({"A": 1}, fields=fields))


def test_numbers_are_floats_with_nan_for_null() -> None:
    table = decode_table(rows({"A": 1, "B": "x"}, {"A": None, "B": "y"}))
    assert table.numbers("a").tolist()[0] == 1.0
    assert table.numbers("A")[1] != table.numbers("A")[1]
    with pytest.raises(InvalidValue, match="'B' holds no numbers"):
        table.numbers("B")
    with pytest.raises(InvalidValue, match="no field 'C'") as refusal:
        table.numbers("C")
    assert refusal.value.accepted == "A, B"


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("DateOnly", ["2020-05-01", "20200501", "", None], ["2020-05-01", "2020-05-01", None, None]),
        # 18,383 days after 1970-01-01, and one day before.
        ("DateOnly", [18_383 * 86_400_000, -86_400_000], ["2020-05-01", "1969-12-31"]),
        ("DateOnly", ["2020-05-01T00:00:00Z"], ["2020-05-01"]),
        ("TimeOnly", ["23:59:59.5", "7:05", "10:00:00 AM", " "], ["23:59:59.5", "7:05", "10:00:00 AM", None]),
        ("TimestampOffset", ["2020-05-01T12:00:00.123+02:00", ""], ["2020-05-01T12:00:00.123+02:00", None]),
    ],
)
def test_days_times_and_moments_are_read_as_such(kind: str, values: list[Any], expected: list[Any]) -> None:
    rows = [{"attributes": {"A": value}} for value in values]
    features = decode_table({"fields": declared(kind), "features": rows})
    assert features.columns["A"].tolist() == expected


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("DateOnly", "yesterday", "'yesterday', which is not a day"),
        ("DateOnly", "2020-02-30", "'2020-02-30', which is not a day"),
        ("DateOnly", "2020-05-01T12:00:00Z", "which is not a day"),
        ("DateOnly", 1_588_334_400_000, "'1588334400000', which is not a day"),
        ("DateOnly", True, "'True', which is not a day"),
        ("TimeOnly", "25:00", "'25:00', which is not a time of day"),
        ("TimeOnly", 5, "'5', which is not a time of day"),
        ("TimeOnly", "2020-05-01", "which is not a time of day"),
        ("TimestampOffset", "soon", "'soon', which is not a moment"),
        ("TimestampOffset", "1588334400000", "which is not a moment"),
        ("TimestampOffset", 1_588_334_400_000, "which is not a moment"),
    ],
)
def test_what_is_no_day_time_or_moment_is_named(kind: str, value: Any, problem: str) -> None:
    rows = [{"attributes": {"A": None}}, {"attributes": {"A": value}}]
    with pytest.raises(InvalidValue, match=re.escape("features[1]: field 'A' holds ") + ".*" + problem):
        decode_table({"fields": declared(kind), "features": rows})
