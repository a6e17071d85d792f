"""The newer data types: what is accepted, what it becomes, and the very words of every refusal."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpserverless import (
    ArealUnit,
    AttributeField,
    Declared,
    Extent,
    FieldOf,
    HiddenText,
    Labels,
    LinearUnit,
    SpatialReference,
    SqlExpression,
    TimeUnit,
)
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import dump_element
from gpserverless.datatypes.document import read_data_type, to_document
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.fields import FIELD_TYPES
from gpserverless.features.sql.parse import ACCEPTED as CONDITIONS
from gpserverless.toolkit.spec import Parameter
from gpserverless.toolkit.values import load_value
from gpserverless.values.areal_units import AREAL_UNITS
from gpserverless.values.time_units import TIME_UNITS


@dataclass(frozen=True)
class Row:
    name: str
    count: int | None = None
    area: ArealUnit | None = None


class Pair(TypedDict):
    key: HiddenText
    value: float


def read_type(annotation: Any) -> DataType:
    return read_annotation(annotation).data_type


HIDDEN = read_type(HiddenText)
SQL = read_type(SqlExpression)
AREA = read_type(ArealUnit)
TIME = read_type(TimeUnit)
FIELD = read_type(AttributeField)
NUMBERS = read_type(Annotated[AttributeField, FieldOf("x", "esriFieldTypeDouble", "esriFieldTypeInteger")])
TABLE = read_type(list[Row])
PAIRS = read_type(list[Pair])
ONE_OF = read_type(Annotated[LinearUnit | int | str, Declared("GPComposite")])
REFERENCE = read_type(Annotated[SpatialReference, Declared("GPSpatialReference")])
SYSTEM = read_type(Annotated[SpatialReference, Declared("GPCoordinateSystem")])
EXTENT = read_type(Extent)
ENVELOPE = read_type(Annotated[Extent, Declared("GPEnvelope")])

UTM32 = SpatialReference(25832)
MERCATOR = SpatialReference(3857)
UTM32_WKT = (
    'PROJCS["WGS_1984_UTM_Zone_32N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"'
    '],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
UNIT_BOX = Extent(0, 0, 2, 1)
SQUARE = '"xmin":0,"ymin":0,"xmax":2,"ymax":1'

ACCEPTED: list[tuple[DataType, Any, Any]] = [
    (HIDDEN, " any text ", HiddenText(" any text ")),
    (SQL, "POP > 1", SqlExpression("POP > 1")),
    (AREA, "3 SquareKilometers", ArealUnit(3, "esriSquareKilometers")),
    (AREA, "1 SquareFoot", ArealUnit(1, "esriSquareFeet")),
    (AREA, "1 SquareInch", ArealUnit(1, "esriSquareInches")),
    (AREA, "2 AcresUS", ArealUnit(2, "esriAcresUS")),
    (AREA, "2 SquareMileUS", ArealUnit(2, "esriSquareMilesUS")),
    (AREA, "-.5e1 square metres", ArealUnit(-5, "esriSquareMeters")),
    (AREA, "5 Unknown", ArealUnit(5, "esriUnknownAreaUnits")),
    (AREA, '{"area":3,"units":"ESRIHECTARES"}', ArealUnit(3, "esriHectares")),
    (AREA, "{'area': '1', 'units': 'esriAcres'}", ArealUnit(1, "esriAcres")),
    (AREA, {"area": 1}, ArealUnit(1, "esriUnknownAreaUnits")),
    (TIME, "3 Months", TimeUnit(3, "esriTimeUnitsMonths")),
    (TIME, "1 Century", TimeUnit(1, "esriTimeUnitsCenturies")),
    (TIME, "1.5 Hour", TimeUnit(1.5, "esriTimeUnitsHours")),
    (TIME, '{"time":2,"units":"esritimeunitsdays"}', TimeUnit(2, "esriTimeUnitsDays")),
    (TIME, '{"time":2}', TimeUnit(2, "esriTimeUnitsUnknown")),
    (FIELD, '{"name":"POP","type":"esriFieldTypeInteger"}', AttributeField("POP", "esriFieldTypeInteger")),
    (FIELD, "POP", AttributeField("POP")),
    (FIELD, "{'name': 'T', 'alias': 'Text', 'length': 9}", AttributeField("T", alias="Text", length=9)),
    (NUMBERS, '{"name":"D","type":"esriFieldTypeDouble"}', AttributeField("D", "esriFieldTypeDouble")),
    (TABLE, '[["a",1,"2 Acres"],["",null,null]]', [Row("a", 1, ArealUnit(2, "esriAcres")), Row("")]),
    (TABLE, "[['a', 1, '']]", [Row("a", 1)]),
    (
        TABLE,
        '[{"name":"a","area":{"area":1,"units":"esriAres"}}]',
        [Row("a", None, ArealUnit(1, "esriAres"))],
    ),
    (TABLE, "[]", []),
    (PAIRS, '[["s",1.5]]', [{"key": HiddenText("s"), "value": 1.5}]),
    (ONE_OF, "5 Miles", LinearUnit(5, "esriMiles")),
    (ONE_OF, '{"distance":5,"units":"esriFeet"}', LinearUnit(5, "esriFeet")),
    (ONE_OF, "WIDTH", "WIDTH"),
    (ONE_OF, '{"dataType":"GPLong","value":5}', 5),
    (ONE_OF, {"value": "5", "dataType": "gpstring"}, "5"),
    (ONE_OF, "{'dataType': 'GPString', 'value': '5 Miles'}", "5 Miles"),
    (REFERENCE, "25832", UTM32),
    (REFERENCE, 25832, UTM32),
    (REFERENCE, '{"wkid":102100}', MERCATOR),
    (REFERENCE, '{"latestWkid":3857}', MERCATOR),
    (REFERENCE, {"wkt": UTM32_WKT}, SpatialReference(32632)),
    (REFERENCE, {"wkt2": UTM32_WKT}, SpatialReference(32632)),
    (REFERENCE, '{"name":"WGS_1984_UTM_Zone_32N"}', SpatialReference(32632)),
    (SYSTEM, '{"name":"GCS_WGS_1984"}', SpatialReference(4326)),
    (SYSTEM, '{"wkid":999999,"latestWkid":25832}', UTM32),
    (SYSTEM, '{"wkid":25832,"vcsWkid":5773}', UTM32),
    (EXTENT, f"{{{SQUARE}}}", UNIT_BOX),
    (
        EXTENT,
        f'{{{SQUARE},"spatial_reference":{{"wkid":25832}}}}',
        Extent(0, 0, 2, 1, spatial_reference=UTM32),
    ),
    (
        EXTENT,
        f'{{{SQUARE},"spatialReference":{{"wkid":25832}}}}',
        Extent(0, 0, 2, 1, spatial_reference=UTM32),
    ),
    (ENVELOPE, f'{{{SQUARE},"zmin":1,"zmax":"2","mmin":3,"mmax":3}}', Extent(0, 0, 2, 1, 1, 2, 3, 3)),
    (ENVELOPE, "{'xmin': 0, 'ymin': 0, 'xmax': 2, 'ymax': 1}", UNIT_BOX),
]

A_QUANTITY = 'a number and a unit, such as "3 SquareKilometers"'
AREAS_ACCEPTED = "a unit such as esriSquareMeters, esriHectares, esriSquareKilometers or esriAcres"
TIMES_ACCEPTED = "a unit such as esriTimeUnitsMinutes, esriTimeUnitsDays or esriTimeUnitsMonths"
A_NAME = 'a name such as "WGS_1984_UTM_Zone_32N"'
A_FIELD = '{"name": "POP", "type": "esriFieldTypeInteger"}'
A_WKID = "a WKID of EPSG or Esri such as 4326 or 3857, or a WKT"
NO_JSON = "the JSON is malformed: unexpected character, expected a JSON value: line 1 column 1 (char 0)"
MASKED = "the hidden value cannot be read"
NOT_UP = "xmin of the extent is above xmax"

REFUSED: list[tuple[DataType, Any, str, str | None]] = [
    (HIDDEN, 5, MASKED, None),
    (HIDDEN, "secret" * 200_000, MASKED, None),
    (PAIRS, '[["secret","secret"]]', MASKED, "a finite number"),
    (PAIRS, '[["secret",null]]', MASKED, "a finite number"),
    (PAIRS, "secret", MASKED, None),
    (read_type(list[HiddenText]), '["secret",5]', MASKED, HIDDEN.accepted),
    (AREA, "3SquareKilometers", "'3SquareKilometers' is not a number with a unit", A_QUANTITY),
    (AREA, "3 Parsecs", "'Parsecs' is not a unit", AREAS_ACCEPTED),
    (AREA, '{"area":1,"units":"esriFootballFields"}', "'esriFootballFields' is not a unit", AREAS_ACCEPTED),
    (AREA, '{"units":"esriAcres"}', "'{'units': 'esriAcres'}' has no 'area'", None),
    (AREA, '{"area":"x"}', "'x' is not a number", "a number as area"),
    (AREA, '{"area":"1e999"}', "'1e999' is not finite", "a number as area"),
    (AREA, '{"area":1,"units":5}', "'5' is not a unit", None),
    (TIME, "3Months", "'3Months' is not a number with a unit", 'a number and a unit, such as "3 Months"'),
    (TIME, "3 Fortnights", "'Fortnights' is not a unit", TIMES_ACCEPTED),
    (TIME, [3], "'[3]' has no 'time'", None),
    (
        FIELD,
        '{"type":"esriFieldTypeDouble"}',
        "a field has no name",
        '{"name": "POP", "type": "esriFieldTypeInteger"}',
    ),
    (FIELD, 5, "'5' is not a field", None),
    (FIELD, "x" * 256, "the name of the field is too long", "at most 255 characters"),
    (NUMBERS, '{"name":"T","type":"esriFieldTypeString"}', "field 'T' is of type esriFieldTypeString", None),
    (TABLE, "a", "row 0 has 1 value for 3 columns", None),
    (TABLE, "[a]", NO_JSON.replace("column 1 (char 0)", "column 2 (char 1)"), None),
    (TABLE, "{}", "'{}' is not a list of rows", None),
    (TABLE, '["a"]', "row 0 has 1 value for 3 columns", None),
    (TABLE, "[5]", "row 0 is not an array", None),
    (TABLE, '[["a",1]]', "row 0 has 2 values for 3 columns", None),
    (
        TABLE,
        '[["",1,""],["a","x",null]]',
        "row 1, column 'count': 'x' is not a whole number",
        "a whole number",
    ),
    (TABLE, '[{"nam":"a"}]', "row 0: there is no column 'nam'", None),
    (TABLE, [[]] * 10_001, "the table has 10,001 rows", "at most 10,000"),
    (ONE_OF, '{"dataType":"GPDate","value":5}', "'GPDate' is none of the data types", None),
    (ONE_OF, '{"dataType":"GPLong","value":"x"}', "'x' is not a whole number", "a whole number"),
    (ONE_OF, None, "a value is required", None),
    (
        ONE_OF,
        [],
        "'[]' has no 'distance'; '[]' is not a whole number; '[]' is not a text",
        None,
    ),
    (REFERENCE, "999999", "999999 is not a known spatial reference", A_WKID),
    (REFERENCE, '{"name":"Atlantis"}', "there is no coordinate system named 'Atlantis'", A_NAME),
    (REFERENCE, '{"name":"+proj=longlat"}', "there is no coordinate system named '+proj=longlat'", A_NAME),
    (REFERENCE, '{"name":"EGM2008 height"}', "there is no coordinate system named 'EGM2008 height'", A_NAME),
    (REFERENCE, '{"wkid":25832,"vcsWkid":4326}', "'4326' is not a vertical coordinate system", None),
    (SYSTEM, '{"projectionFile":"https://x/a.prj"}', "files of projections (.prj) are not read", None),
    (SYSTEM, "{}", "'{}' names no coordinate system", None),
    (EXTENT, '{"xmin":0}', "'{'xmin': 0}' has not all of xmin, ymin, xmax, ymax", None),
    (EXTENT, '{"xmin":3,"ymin":0,"xmax":2,"ymax":1}', NOT_UP, "a minimum that is not above its maximum"),
    (EXTENT, f'{{{SQUARE},"zmin":1}}', "the extent has one of zmin and zmax", "both or none"),
    (ENVELOPE, '{"xmin":"NaN","ymin":0,"xmax":2,"ymax":1}', "'NaN' is not a number", "a number as xmin"),
    (SQL, "", "a value is required", None),
    (SQL, 5, "'5' is not a text", None),
    (SQL, "POP", "the expression is a value, not a condition", CONDITIONS),
    (read_type(list[SqlExpression]), '["1=1",5]', "element 1: '5' is not a text", SQL.accepted),
]


def ids(value: Any) -> str:
    return value.name if isinstance(value, DataType) else str(value)[:40]


@pytest.mark.parametrize(("kind", "raw", "value"), ACCEPTED, ids=ids)
def test_accepted(kind: DataType, raw: Any, value: Any) -> None:
    assert kind.load(raw, LoadOptions()) == value


@pytest.mark.parametrize(("kind", "raw", "problem", "accepted"), REFUSED, ids=ids)
def test_refused_in_these_words(kind: DataType, raw: Any, problem: str, accepted: str | None) -> None:
    with pytest.raises(InvalidParameter) as caught:
        load_value(Parameter("P", "P", "", kind, required=True), {"P": raw}, LoadOptions())
    assert caught.value.details == (f"Parameter 'P': {problem}. Accepted: {accepted or kind.accepted}.",)
    assert "secret" not in caught.value.details[0]


EVERY = [HIDDEN, SQL, AREA, TIME, FIELD, NUMBERS, TABLE, PAIRS, ONE_OF, REFERENCE, SYSTEM, EXTENT, ENVELOPE]
NUMBER = st.floats(-1e12, 1e12)
SIDES = st.tuples(NUMBER, NUMBER).map(sorted)
REFERENCES = st.sampled_from([None, UTM32, MERCATOR])
AREAS = st.builds(ArealUnit, NUMBER, st.sampled_from(AREAL_UNITS))
DISTANCES = st.builds(LinearUnit, NUMBER, st.sampled_from(["esriMeters", "esriIntMiles"]))
LONGS = st.integers(-(2**52) + 1, 2**52 - 1)
BOXES = st.builds(
    lambda x, y, z, r: Extent(x[0], y[0], x[1], y[1], *(z or (None, None)), spatial_reference=r),
    SIDES, SIDES, st.none() | SIDES, REFERENCES,
)  # fmt: skip
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "GPStringHidden": st.builds(HiddenText, st.text()),
    "GPSQLExpression": st.builds(
        lambda n, t: SqlExpression(f"POP > {n} AND NAME = '{t}'"),
        st.integers(0),
        st.text("abc ü%", max_size=9),
    ),
    "GPArealUnit": AREAS,
    "GPTimeUnit": st.builds(TimeUnit, NUMBER, st.sampled_from(TIME_UNITS)),
    "Field": st.builds(
        lambda name, kind: AttributeField(name, kind, name),
        st.text("abcÄ_ 1", min_size=1),
        st.sampled_from(
            sorted(FIELD_TYPES - {"esriFieldTypeString", "esriFieldTypeGUID", "esriFieldTypeGlobalID"})
        ),
    ),
    "GPValueTable": st.lists(st.builds(Row, st.text(), st.none() | LONGS, st.none() | AREAS)),
    "GPComposite": DISTANCES | LONGS | st.text("xyz", min_size=1),
    "GPSpatialReference": st.sampled_from([UTM32, MERCATOR, SpatialReference(wkt=UTM32_WKT)]),
    "GPCoordinateSystem": st.sampled_from([UTM32, SpatialReference(4326)]),
    "GPExtent": BOXES,
    "GPEnvelope": BOXES,
}
KINDS = {
    kind.name: kind for kind in (HIDDEN, SQL, AREA, TIME, FIELD, TABLE, ONE_OF, REFERENCE, SYSTEM, EXTENT)
}
KINDS["GPEnvelope"] = ENVELOPE


@pytest.mark.parametrize("name", VALUES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_dumped_loads_as_it_was(name: str, data: st.DataObject) -> None:
    kind, value = KINDS[name], data.draw(VALUES[name])
    wire = orjson.loads(orjson.dumps(dump_element(kind, value, DumpOptions())))
    assert kind.load(wire, LoadOptions()) == value
    if not isinstance(wire, str):
        assert kind.load(orjson.dumps(wire).decode(), LoadOptions()) == value


@pytest.mark.parametrize("name", [n for n in VALUES if n != "GPValueTable"])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_lists_of_them_load_as_they_were(name: str, data: st.DataObject) -> None:
    kind, values = GPMultiValue(KINDS[name]), data.draw(st.lists(VALUES[name], max_size=4))
    assert kind.name == f"GPMultiValue:{name}"
    assert kind.load(orjson.dumps(kind.dump(values, DumpOptions())).decode(), LoadOptions()) == values


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["wkid", "wkt", "name", "area", "units", "time", "xmin", "dataType", "value"])
            | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", EVERY, ids=lambda k: k.name)
@given(raw=st.text() | JSON.map(lambda value: orjson.dumps(_finite(value)).decode()) | JSON)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_input_raises_anything_else(kind: DataType, raw: Any) -> None:
    with contextlib.suppress(InvalidValue):
        kind.load(raw, LoadOptions())


def _finite(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-(2**63), min(value, 2**63))
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return {k: _finite(v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("kind", EVERY, ids=lambda k: k.name)
def test_catalogue_file_keeps_every_setting(kind: DataType) -> None:
    assert read_data_type(orjson.loads(orjson.dumps(to_document(kind)))) == kind
    assert read_data_type(orjson.loads(orjson.dumps(to_document(read_type(list[str]))))) == read_type(
        list[str]
    )


def test_hidden_texts_are_not_shown() -> None:
    secret = HiddenText("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {PAIRS.load([['hunter2', 1]], LoadOptions())}"
    assert secret.reveal() == "hunter2"
    assert HIDDEN.dump(secret, DumpOptions()) == "hunter2"
    assert HIDDEN.echo("hunter2") == ""
    assert read_type(list[HiddenText]).echo('["hunter2","x"]') == ["", ""]
    assert PAIRS.echo('[["hunter2",1]]') == [["", 1.0]]
    composite = read_type(Annotated[int | HiddenText, Declared("GPComposite")])
    assert composite.echo("hunter2") == ""
    assert composite.echo('{"dataType":"GPStringHidden","value":"5"}') == ""
    assert composite.echo_type("hunter2") == "GPStringHidden"


WGS84 = {"wkid": 4326, "latestWkid": 4326}
WRITTEN: list[tuple[DataType, Any, Any]] = [
    (AREA, ArealUnit(1, "acre"), {"area": 1.0, "units": "esriAcres"}),
    (TIME, TimeUnit(3, "Days"), {"time": 3.0, "units": "esriTimeUnitsDays"}),
    (FIELD, AttributeField("POP", "esriFieldTypeInteger"),
     {"name": "POP", "type": "esriFieldTypeInteger", "alias": "POP"}),
    (TABLE, [Row("a"), {"name": "b", "count": 2}, ("c", 3, None)],
     [["a", None, None], ["b", 2, None], ["c", 3, None]]),
    (ONE_OF, 3, 3),
    (ONE_OF, "x", "x"),
    (read_type(list[Annotated[int | str, Declared("GPComposite")]]), [3, "x"],
     [{"dataType": "GPLong", "value": 3}, {"dataType": "GPString", "value": "x"}]),
    (read_type(int | str), "x", "x"),
    (REFERENCE, SpatialReference(3857, vcs_wkid=5773), {"wkid": 102100, "latestWkid": 3857, "vcsWkid": 5773}),
    (EXTENT, UNIT_BOX, {"xmin": 0.0, "ymin": 0.0, "xmax": 2.0, "ymax": 1.0}),
    (EXTENT, Extent(0, 0, 2, 1, spatial_reference=SpatialReference(4326)),
     {"xmin": 0.0, "ymin": 0.0, "xmax": 2.0, "ymax": 1.0, "spatialReference": WGS84,
      "spatial_reference": WGS84}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "wire"), WRITTEN, ids=ids)
def test_written(kind: DataType, value: Any, wire: Any) -> None:
    assert kind.dump(value, DumpOptions()) == wire


@pytest.mark.parametrize("kind", EVERY, ids=lambda k: k.name)
def test_value_of_another_type_is_not_dumped(kind: DataType) -> None:
    with pytest.raises(InvalidValue):
        kind.dump([object()], DumpOptions())


def test_composite_is_declared_as_what_it_is() -> None:
    assert [ONE_OF.result_type(v) for v in (None, LinearUnit(1), 5, "x")] == [
        "GPLinearUnit", "GPLinearUnit", "GPLong", "GPString",
    ]  # fmt: skip
    assert ONE_OF.echo_type('{"dataType":"GPLong","value":5}') == "GPLong"
    assert ONE_OF.echo('{"dataType":"GPLong","value":5}') == 5


def test_rows_are_written_by_name_when_asked_for() -> None:
    assert TABLE.dump([Row("a", 1)], DumpOptions(column_names=True)) == [
        {"name": "a", "count": 1, "area": None}
    ]
    nameless = read_data_type({**to_document(TABLE), "columns": [{**c, "name": "x"} for c in columns()]})
    assert not nameless.has_usable_names  # type: ignore[attr-defined]
    assert nameless.load([["a", 1, None]], LoadOptions())
    for refused in (
        lambda: nameless.load([{"x": 1}], LoadOptions()),
        lambda: nameless.name_cells([["a", 1, None]]),
    ):  # type: ignore[attr-defined]
        with pytest.raises(InvalidValue):
            refused()


def columns() -> list[dict[str, Any]]:
    document: dict[str, Any] = to_document(TABLE)
    return list(document["columns"])


def test_types_describe_their_parts_and_filters() -> None:
    assert TABLE.describe()["parameterInfos"][:2] == [
        {"name": "name", "dataType": "GPString", "displayName": "name"},
        {"name": "count", "dataType": "GPLong", "displayName": "count"},
    ]
    assert NUMBERS.describe() == {
        "filter": {"type": "field", "list": ["esriFieldTypeDouble", "esriFieldTypeInteger"]}
    }
    one_of = read_type(list[Annotated[AttributeField | str, Declared("GPComposite")]])
    assert [i["dataType"] for i in one_of.describe()["parameterInfos"][0]["parameterInfos"]] == [
        "Field", "GPString",
    ]  # fmt: skip


def test_choices_have_labels_and_filters_go_by_position() -> None:
    side = read_type(Annotated[Literal["L", "R"], Labels({"L": "Left"})])
    coded = [
        {"dataType": "GPString", "name": "Left", "value": "L"},
        {"dataType": "GPString", "name": "R", "value": "R"},
    ]
    assert side.describe() == {"choiceList": ["L", "R"], "filter": {"type": "codedValue", "list": coded}}
    both = read_type(Annotated[int | Annotated[Literal["L"], Labels({"L": "Left"})], Declared("GPComposite")])
    assert both.describe()["filter"]["type"] == "composite"
    assert [f and f["type"] for f in both.describe()["filter"]["list"]] == [None, "codedValue"]
