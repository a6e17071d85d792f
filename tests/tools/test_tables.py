"""Tools of tables: what they answer, what they say, and what they refuse, with the parameter's name."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.errors import InvalidParameter, ToolError
from tests.tools.tool_run import ToolRun, data, run_tool

UTM = {"wkid": 32633}


def layer(rows: list[dict[str, Any]], shapes: list[Any] | None = None, **members: Any) -> dict[str, Any]:
    """Return features with attributes, and shapes if given."""
    pairs = zip(rows, shapes or [None] * len(rows), strict=True)
    features = [{"attributes": row, "geometry": shape} for row, shape in pairs]
    return {"spatialReference": UTM, "features": features, **members}


PLACES = layer(
    [{"ID": 1, "NAME": "a", "POP": 10, "H": 1.5}, {"ID": 2, "NAME": "b", "POP": 20, "H": None}],
    [{"x": 0, "y": 0}, {"x": 3, "y": 4}],
)


def run(task: str, **values: Any) -> ToolRun:
    return run_tool("Analysis", task, values)


def rows(found: ToolRun) -> list[dict[str, Any]]:
    """Return the attributes of the first output without its object ids."""
    document = next(iter(found.values.values()))
    return [{k: v for k, v in f["attributes"].items() if k != "OBJECTID"} for f in document["features"]]


def column(found: ToolRun, name: str) -> list[Any]:
    return [row[name] for row in rows(found)]


def shapes(found: ToolRun) -> list[Any]:
    return [f.get("geometry") for f in next(iter(found.values.values()))["features"]]


def list_types(found: ToolRun) -> dict[str, str]:
    fields = next(iter(found.values.values()))["fields"]
    return {f["name"]: f["type"].removeprefix("esriFieldType") for f in fields if f["name"] != "OBJECTID"}


# --- Merge and Append ---

OTHERS = layer([{"id": 2.5, "OWNER": "x"}], [{"x": 9, "y": 9}])


def test_merge_unites_fields_and_widens_numbers() -> None:
    found = run("Merge", inputs=[PLACES, OTHERS], add_source="ADD_SOURCE_INFO")
    assert list_types(found) == {
        "ID": "Double", "NAME": "String", "POP": "Integer", "H": "Double", "OWNER": "String",
        "MERGE_SRC": "String",
    }  # fmt: skip
    assert column(found, "ID") == [1, 2, 2.5]
    assert column(found, "POP") == [10, 20, None]
    assert column(found, "MERGE_SRC") == ["inputs[0]", "inputs[0]", "inputs[1]"]


def test_merge_says_that_a_field_became_a_text() -> None:
    found = run("Merge", inputs=[PLACES, layer([{"NAME": 5}], [{"x": 1, "y": 1}])])
    assert column(found, "NAME") == ["a", "b", "5"]
    assert found.texts == ["Field 'NAME' is of several types (Integer, String); its values became texts."]


def test_merge_is_in_the_reference_of_the_first_layer() -> None:
    degrees = {"spatialReference": {"wkid": 4326}, "features": [{"geometry": {"x": 15, "y": 0}}]}
    found = run("Merge", inputs=[PLACES, degrees])
    assert shapes(found)[2] == {"x": pytest.approx(500_000), "y": pytest.approx(0)}


@pytest.mark.parametrize("inputs", [PLACES, [PLACES]])
def test_merge_takes_one_layer_too(inputs: Any) -> None:
    assert rows(run("Merge", inputs=inputs)) == rows(run("Select", in_features=PLACES))


def test_merge_keeps_the_fields_of_layers_without_features() -> None:
    empty = {"geometryType": "esriGeometryPolygon", "features": [], "fields": [{"name": "E"}]}
    assert list(list_types(run("Merge", inputs=[empty, PLACES]))) == ["E", "ID", "NAME", "POP", "H"]


def test_merge_keeps_a_field_of_the_name_of_the_source() -> None:
    found = run("Merge", inputs=[layer([{"MERGE_SRC": "mine"}])], add_source=True)
    assert rows(found) == [{"MERGE_SRC": "mine", "MERGE_SRC_1": "inputs[0]"}]


def test_merge_says_that_digits_are_lost() -> None:
    large = [layer([{"N": 2**60}]), layer([{"N": 0.5}])]
    assert run("Merge", inputs=large).texts == [
        "Field 'N' became a Double: of its largest numbers the last digits are lost."
    ]


def test_append_adds_in_the_types_of_the_target() -> None:
    more = layer([{"ID": 3.0, "NAME": 7, "X": 1}, {"ID": 4.0, "NAME": 8, "X": 1}], [{"x": 1, "y": 1}] * 2)
    found = run("Append", inputs=[more], target=PLACES, schema_type="NO_TEST", expression="ID > 3")
    assert rows(found)[2:] == [{"ID": 4, "NAME": "8", "POP": None, "H": None}]
    assert list_types(found) == list_types(run("Select", in_features=PLACES))


# --- Join, select, sort, delete ---

OWNERS = layer([{"K": 20, "NAME": "first"}, {"K": 20, "NAME": "second"}, {"K": None, "NAME": "null"}])


def test_join_takes_the_first_row_and_says_what_it_left_out() -> None:
    found = run("JoinField", in_data=PLACES, in_field="pop", join_table=OWNERS, join_field="K")
    assert column(found, "NAME_1") == [None, "first"]
    assert found.texts == [
        "1 row of join_table has the value of an earlier row and was not joined.",
        "1 feature has no row in join_table.",
    ]
    assert shapes(found) == shapes(run("Select", in_features=PLACES))


def test_join_adds_the_fields_that_are_named() -> None:
    table = layer([{"ID": 2, "A": 1, "B": "x"}])
    found = run("JoinField", in_data=PLACES, in_field="ID", join_table=table, join_field="ID", fields=["B"])
    assert list(list_types(found)) == ["ID", "NAME", "POP", "H", "B"]


@pytest.mark.parametrize(
    ("where", "ids"),
    [("POP > 10", [2]), ("H > 0", [1]), ("NAME LIKE 'a%' OR H IS NULL", [1, 2]), ("", [1, 2])],
)
def test_select_returns_the_features_that_meet_the_condition(where: str, ids: list[int]) -> None:
    assert column(run("Select", in_features=PLACES, where_clause=where), "ID") == ids


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ([["POP", "DESCENDING"]], [2, 1]),
        ("NAME descending", [2, 1]),
        ("H", [2, 1]),  # null comes first
        ("H DESCENDING", [1, 2]),
        ("NAME;POP DESCENDING", [1, 2]),
    ],
)
def test_sort_goes_by_fields_and_directions(field: Any, ids: list[int]) -> None:
    assert column(run("Sort", in_dataset=PLACES, sort_field=field), "ID") == ids


SQUARE = {"rings": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}
TURNED = {"rings": [[[1, 1], [1, 0], [0, 0], [0, 1], [1, 1]]]}
MOVED = {"rings": [[[0, 0], [0, 1], [1.2, 1], [1, 0], [0, 0]]]}


@pytest.mark.parametrize(
    ("fields", "tolerance", "ids"),
    [
        ("Shape", None, [1, 3, 4]),
        ("Shape", "0.5 Meters", [1, 4]),
        ("SHAPE;K", "0.5 Meters", [1, 3, 4]),
        ("K", None, [1, 3]),
    ],
)
def test_identical_features_are_deleted_but_the_first(
    fields: str, tolerance: str | None, ids: list[int]
) -> None:
    given = layer([{"ID": i, "K": k} for i, k in ((1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "b"))],
                  [SQUARE, TURNED, MOVED, None, None])  # fmt: skip
    options = {} if tolerance is None else {"xy_tolerance": tolerance}
    assert column(run("DeleteIdentical", in_dataset=given, fields=fields, **options), "ID") == ids


# --- Fields ---


@pytest.mark.parametrize(
    ("kind", "published"), [("LONG", "Integer"), ("TEXT", "String"), ("DOUBLE", "Double"), ("DATE", "Date")]
)
def test_a_new_field_is_null(kind: str, published: str) -> None:
    found = run("AddField", in_table=PLACES, field_name="NEW", field_type=kind, field_alias="Novel")
    assert column(found, "NEW") == [None, None]
    assert list_types(found)["NEW"] == published


@pytest.mark.parametrize(
    ("expression", "options", "values"),
    [
        ("!POP! * 2 / 4", {"field_type": "DOUBLE"}, [5, 10]),
        ("abs(-!POP!) + 1", {"field_type": "LONG"}, [11, 21]),
        ("!POP! * 2", {}, ["20", "40"]),
        ("NAME || '-' || CAST(POP AS VARCHAR)", {"expression_type": "SQL"}, ["a-10", "b-20"]),
        ("CASE WHEN POP > 15 THEN 'big' ELSE UPPER(NAME) END", {"expression_type": "SQL"}, ["A", "big"]),
        ("COALESCE(H, 0)", {"expression_type": "SQL", "field_type": "DOUBLE"}, [1.5, 0]),
        ("H * 2", {"expression_type": "SQL", "field_type": "DOUBLE"}, [3, None]),
        ("POP > 15", {"expression_type": "SQL", "field_type": "SHORT"}, [0, 1]),
        ("DATE '1970-01-02'", {"expression_type": "SQL", "field_type": "DATE"}, [86_400_000] * 2),
    ],
)
def test_a_field_is_calculated_from_others(
    expression: str, options: dict[str, str], values: list[Any]
) -> None:
    found = run("CalculateField", in_table=PLACES, field="NEW", expression=expression, **options)
    assert column(found, "NEW") == values
    assert found.texts == (["1 value is null."] if None in values else [])


def test_a_field_that_is_there_keeps_its_type_and_place() -> None:
    found = run("CalculateField", in_table=PLACES, field="pop", expression="!POP! + !ID!")
    assert [*list_types(found).items()][2] == ("POP", "Integer")
    assert column(found, "POP") == [11, 22]


def test_points_stand_at_the_coordinates_in_the_fields() -> None:
    table = layer(
        [{"LON": 10.5, "LAT": 50, "Z": 7}, {"LON": None, "LAT": 1, "Z": 7}, {"LON": 1, "LAT": 91, "Z": 0}]
    )
    found = run("XYTableToPoint", in_table=table, xfield="LON", yfield="LAT", zfield="Z")
    document = found.values["out_feature_class"]
    assert document["spatialReference"]["wkid"] == 4326
    assert shapes(found) == [{"x": 10.5, "y": 50}, None, {"x": 1, "y": 91}]
    assert found.texts == [
        "1 row has a latitude beyond 90 degrees.",
        "1 row without coordinates has no shape.",
    ]


def test_a_thousand_cities_are_grouped_by_country_as_a_plain_count_does() -> None:
    found = run("Statistics", in_table=data("cities_100k"), statistics_fields="POP SUM", case_field="COUNTRY")
    sums: dict[str, float] = {}
    for row in rows(run("Select", in_features=data("cities_100k"))):
        sums[row["COUNTRY"]] = sums.get(row["COUNTRY"], 0) + row["POP"]
    assert dict(zip(column(found, "COUNTRY"), column(found, "SUM_POP"), strict=True)) == sums


# --- What is refused ---

LINES = layer([{"A": 1}], [{"paths": [[[0, 0], [1, 1]]]}])


@pytest.mark.parametrize(
    ("task", "values", "parameter", "words"),
    [
        (
            "Statistics",
            {"in_table": PLACES, "statistics_fields": "NAME SUM"},
            "statistics_fields",
            "no numbers",
        ),
        (
            "Statistics",
            {"in_table": PLACES, "statistics_fields": "POP SUM", "case_field": "X"},
            "case_field",
            "'X'",
        ),
        ("Frequency", {"in_table": PLACES, "frequency_fields": "X"}, "frequency_fields", "no field 'X'"),
        (
            "Frequency",
            {"in_table": PLACES, "frequency_fields": "ID", "summary_fields": "NAME"},
            "summary_fields",
            "no numbers",
        ),
        ("Dissolve", {"in_features": PLACES, "dissolve_field": "X"}, "dissolve_field", "no field 'X'"),
        ("Merge", {"inputs": [PLACES, LINES]}, "inputs", "holds lines. Accepted: points"),
        ("Append", {"inputs": [LINES], "target": PLACES}, "inputs", "holds lines. Accepted: points"),
        ("Append", {"inputs": [OTHERS], "target": PLACES}, "inputs", "'h' is not on both sides"),
        (
            "Append",
            {"inputs": [OTHERS], "target": PLACES, "schema_type": "NO_TEST"},
            "inputs",
            "cannot hold 2.5",
        ),
        (
            "Append",
            {"inputs": [PLACES], "target": PLACES, "expression": "X > 1"},
            "expression",
            "no field 'X'",
        ),
        ("Select", {"in_features": PLACES, "where_clause": "X > 1"}, "where_clause", "no field 'X'"),
        ("Select", {"in_features": PLACES, "where_clause": "POP >"}, "where_clause", "cannot be read"),
        ("Sort", {"in_dataset": PLACES, "sort_field": "X"}, "sort_field", "no field 'X'"),
        (
            "Sort",
            {"in_dataset": PLACES, "sort_field": "POP UPWARDS"},
            "sort_field",
            "'UPWARDS' is no direction",
        ),
        ("DeleteIdentical", {"in_dataset": PLACES, "fields": "X"}, "fields", "no field 'X'"),
        (
            "JoinField",
            {"in_data": PLACES, "in_field": "X", "join_table": OWNERS, "join_field": "K"},
            "in_field",
            "'X'",
        ),
        (
            "JoinField",
            {"in_data": PLACES, "in_field": "NAME", "join_table": OWNERS, "join_field": "K"},
            "join_field",
            "one kind",
        ),
        (
            "AddField",
            {"in_table": PLACES, "field_name": "name", "field_type": "TEXT"},
            "field_name",
            "there is a field",
        ),
        (
            "AddField",
            {"in_table": PLACES, "field_name": "1st", "field_type": "TEXT"},
            "field_name",
            "no name",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "POP", "expression": "!POP! / 4"},
            "field",
            "cannot hold 2.5",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "POP", "expression": "!NAME!"},
            "field",
            "cannot hold texts",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "!X!"},
            "expression",
            "no field 'X'",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "!POP! % 3"},
            "expression",
            "'%' at character 7",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "open('x')"},
            "expression",
            "'o' at character 1",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "OPEN(POP)", "expression_type": "SQL"},
            "expression",
            "'OPEN'",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "(SELECT 1)", "expression_type": "SQL"},
            "expression",
            "not understood",
        ),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "1", "expression_type": "ARCADE"},
            "expression_type",
            "ARCADE",
        ),
        ("XYTableToPoint", {"in_table": PLACES, "xfield": "NAME", "yfield": "POP"}, "xfield", "no numbers"),
        ("XYTableToPoint", {"in_table": PLACES, "xfield": "POP", "yfield": "Q"}, "yfield", "no field 'Q'"),
    ],
)
def test_what_does_not_suit_is_refused_by_name(
    task: str, values: dict[str, Any], parameter: str, words: str
) -> None:
    with pytest.raises(InvalidParameter, match=f"'{parameter}': .*{words}"):
        run(task, **values)


@pytest.mark.parametrize(
    ("task", "values", "words"),
    [
        ("Merge", {"inputs": [PLACES], "field_mappings": "ID"}, "field_mappings is not read"),
        (
            "Append",
            {"inputs": [PLACES], "target": PLACES, "field_mapping": "ID"},
            "field_mapping is not read",
        ),
        (
            "Append",
            {"inputs": [PLACES], "target": PLACES, "match_fields": "ID ID"},
            "match_fields is not read",
        ),
        ("Append", {"inputs": [PLACES], "target": PLACES, "subtype": "roads"}, "There are no subtypes"),
        (
            "CalculateField",
            {"in_table": PLACES, "field": "N", "expression": "1", "code_block": "x"},
            "code_block",
        ),
        ("DeleteIdentical", {"in_dataset": PLACES, "fields": "ID", "ztolerance": 1}, "ztolerance"),
        (
            "DeleteIdentical",
            {"in_dataset": PLACES, "fields": "Shape", "xy_tolerance": "-1 Meters"},
            "negative",
        ),
    ],
)
def test_what_is_not_done_is_said(task: str, values: dict[str, Any], words: str) -> None:
    with pytest.raises(ToolError, match=words):
        run(task, **values)


@pytest.mark.parametrize(
    ("task", "values"),
    [
        ("Statistics", {"statistics_fields": "POP SUM", "case_field": "NAME"}),
        ("Frequency", {"frequency_fields": "NAME"}),
        ("Dissolve", {"dissolve_field": "NAME"}),
        ("PairwiseDissolve", {"dissolve_field": "NAME"}),
        ("Select", {"where_clause": "POP > 1"}),
        ("Sort", {"sort_field": "NAME"}),
        ("DeleteIdentical", {"fields": "Shape;NAME"}),
        ("AddField", {"field_name": "NEW", "field_type": "LONG"}),
        ("CalculateField", {"field": "NEW", "expression": "!POP!"}),
        ("XYTableToPoint", {"xfield": "POP", "yfield": "POP"}),
        ("Merge", {}),
    ],
)
def test_of_no_features_nothing_is_made_but_the_fields(task: str, values: dict[str, Any]) -> None:
    fields = [{"name": "NAME"}, {"name": "POP", "type": "esriFieldTypeInteger"}]
    empty = {"geometryType": "esriGeometryPolygon", "spatialReference": UTM, "fields": fields, "features": []}
    first = {"Merge": "inputs", "Select": "in_features", "Dissolve": "in_features"}
    first |= {"PairwiseDissolve": "in_features", "Sort": "in_dataset", "DeleteIdentical": "in_dataset"}
    found = run(task, **{first.get(task, "in_table"): empty}, **values)
    assert rows(found) == []
    assert "NAME" in list_types(found)
