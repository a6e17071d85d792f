"""Values as other languages and clients spell them: the same value, or a refusal that says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest

from gpserverless import (
    ArealUnit,
    AttributeField,
    Declared,
    Extent,
    HiddenText,
    LinearUnit,
    SpatialReference,
    TimeUnit,
)
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import GPDouble, GPLong, Range
from gpserverless.errors import InvalidValue


@dataclass(frozen=True)
class Pair:
    name: str
    count: int


@dataclass(frozen=True)
class Only:
    name: str


def read_type(annotation: Any) -> DataType:
    return read_annotation(annotation).data_type


BOOLEAN, LONG, DOUBLE, TEXT, DATE = map(read_type, (bool, int, float, str, datetime))
LENGTH, AREA, TIME = map(read_type, (LinearUnit, ArealUnit, TimeUnit))
FIELD, EXTENT = read_type(AttributeField), read_type(Extent)
LONGS, TEXTS, LENGTHS = map(read_type, (list[int], list[str], list[LinearUnit]))
PAIRS, NAMES = read_type(list[Pair]), read_type(list[Only])
REFERENCE = read_type(SpatialReference)
SYSTEM = read_type(Annotated[SpatialReference, Declared("GPSpatialReference")])
ONE_OF = read_type(Annotated[LinearUnit | int | str, Declared("GPComposite")])
LENGTH_OR_TEXT = read_type(LinearUnit | str)

MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
FIVE_MILES = LinearUnit(5, "esriMiles")
AB = [Pair("a", 1), Pair("b", 2)]
BOX = '"xmin":0,"ymin":0,"xmax":2,"ymax":1'

NUMBERS: list[tuple[DataType, Any, Any]] = [
    *((BOOLEAN, raw, True) for raw in ("1", 1, 1.0, "1.0", "1e0", " True ")),
    *((BOOLEAN, raw, False) for raw in ("0", 0, "-0.0", "FALSE", False)),
    *((LONG, raw, 5) for raw in ("5.0", 5.0, "5e0", "+5", "5.", "0.5E+1")),
    (LONG, "1e+05", 100_000),
    (DOUBLE, "1e+05", 100_000.0),
    (LONGS, "1e+05;12.0;3", [100_000, 12, 3]),
    (LONGS, "[1e5, 12.0, 3]", [100_000, 12, 3]),
    (PAIRS, '[["a", 1.0], ["b", "2e0"]]', AB),
    (LENGTH, "5e+0 Miles", FIVE_MILES),
    (LENGTH, '{"distance":"5.0","units":"esriMiles"}', FIVE_MILES),
    (AREA, "3.0E+00 Acres", ArealUnit(3, "esriAcres")),
    *((REFERENCE, raw, SpatialReference(25832)) for raw in (
        "25832.0", 25832.0, "2.5832e+04", '{"wkid": 25832.0}', '{"wkid": "25832.0"}', '{"WKID": 25832}',
        '{"latestWkid": 2.5832e4}')),
    (SYSTEM, '{"wkid": 25832.0, "vcsWkid": 5773.0}', SpatialReference(25832, vcs_wkid=5773)),
    (EXTENT, f'{{{BOX},"spatialReference":{{"wkid":25832.0}}}}',
     Extent(0, 0, 2, 1, spatial_reference=SpatialReference(25832))),
    (EXTENT, f'{{{BOX},"spatialReference":{{"wkid":null}}}}', Extent(0, 0, 2, 1)),
]  # fmt: skip

# The first three are the examples of RFC 3339, section 5.8; GNU date has told the seconds.
MOMENTS: list[tuple[Any, int]] = [
    ("1985-04-12T23:20:50.52Z", 482_196_050_520),
    ("1996-12-19T16:39:57-08:00", 851_042_397_000),
    ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
    *((text, 1_795_249_800_000) for text in (
        "1795249800000", "1795249800000.0", "1.7952498e+12", 1795249800000.0, "17952498e5",
        "2026-11-21T08:30:00Z", "2026-11-21t08:30:00z", "2026-11-21T08:30:00+00:00",
        "2026-11-21T08:30:00+0000",
        "2026-11-21T08:30:00+00", "2026-11-21T08:30:00-00:00", "2026-11-21 08:30:00", "2026-11-21 08:30",
        "2026-11-21 08:30:00 UTC", "2026-11-21 08:30:00 +0000", "2026-11-21T10:30:00+0200",
        "2026-11-21T14:00:00+05:30", "2026-11-21T08:30:00.0000000Z", "2026-11-21T08:30:00.000000000",
        "20261121T083000Z", "20261121T0830", "2026-11-21T08:30:00.000999999Z", "2026-11-21T08:30:00:000",
        '{"date":"21.11.2026 8:30","format":"dd.MM.yyyy H:mm"}')),
    ("2026-11-21T08:30:00.1234567Z", 1_795_249_800_123),  # .NET
    ("2026-11-21T08:30:00.123456789Z", 1_795_249_800_123),  # Java, pandas, Go
    ("2026-11-21T08:30:00,123", 1_795_249_800_123),  # ISO 8601 prefers the comma
    ("2026-11-21T08:30:00.1", 1_795_249_800_100),
    ("2026-11-21", 1_795_219_200_000),
    ("2026-11-21+02:00", 1_795_212_000_000),
    ("1969-12-31T23:59:59.999Z", -1),
]  # fmt: skip

UNITS: list[tuple[DataType, Any, Any]] = [
    *((LENGTH, f'{{"distance":5,"{member}":"esriMiles"}}', FIVE_MILES)
      for member in ("units", "unit", "Units", "UNIT", "uom")),
    (LENGTH, '{"Distance":5,"unit":"esriMiles","units":null}', FIVE_MILES),
    (LENGTH, '{"distance":5,"unit":"esriMiles","units":""}', FIVE_MILES),
    (LENGTH, '{"distance":5,"unit":"esriMiles","units":"esriMiles"}', FIVE_MILES),
    (AREA, '{"area":3,"uom":"esriAcres"}', ArealUnit(3, "esriAcres")),
    (TIME, '{"time":3,"unit":"Days"}', TimeUnit(3, "esriTimeUnitsDays")),
    (LENGTHS, '[{"distance":5,"unit":"esriMiles"}]', [FIVE_MILES]),
    (ONE_OF, '{"distance":5,"unit":"esriMiles"}', FIVE_MILES),
    (ONE_OF, '{"dataType":"GPLinearUnit","value":{"distance":5,"Unit":"Miles"}}', FIVE_MILES),
    (ONE_OF, '{"paramName":"P","datatype":"GPLong","value":5}', 5),
    (FIELD, '{"Name":"POP","Type":"esriFieldTypeInteger","editable":true,"modelName":"POP"}',
     AttributeField("POP", "esriFieldTypeInteger")),
    (EXTENT, f'{{{BOX},"type":"extent","hasZ":false}}', Extent(0, 0, 2, 1)),
    (SYSTEM, '{"wkid":25832,"xyTolerance":0.001,"falseX":-5120900}', SpatialReference(25832)),
]  # fmt: skip

LITERALS: list[tuple[DataType, Any, Any]] = [
    (LENGTH, "{'distance': 5.0, 'units': 'esriMiles'}", FIVE_MILES),
    (LENGTH, "{'distance': np.float64(5.0), 'units': np.str_('esriMiles')}", FIVE_MILES),  # numpy 2
    (LENGTH, "{distance: 5, units: 'esriMiles'}", FIVE_MILES),
    (LENGTH, "{'distance': 5, 'units': 'esriMiles', 'unit': None}", FIVE_MILES),
    (AREA, "{'area': 3, 'units': 'esriAcres'}", ArealUnit(3, "esriAcres")),
    (TIME, "{'time': numpy.int64(3), 'units': 'Days'}", TimeUnit(3, "esriTimeUnitsDays")),
    (LENGTHS, "[{'distance': 5, 'units': 'esriMiles'}, {distance: 5, unit: 'Miles'}]", [FIVE_MILES] * 2),
    (LONGS, "[np.int64(1), np.int32(2)]", [1, 2]),
    (LONGS, "(1, 2)", [1, 2]),
    (read_type(list[bool]), "[True, np.False_, true]", [True, False, True]),
    (TEXTS, "['a', \"it's\", 'ü']", ["a", "it's", "ü"]),
    (PAIRS, "[['a', 1], ('b', 2)]", AB),
    (PAIRS, "[{'name': 'a', 'count': 1}, {'name': 'b', 'count': 2}]", AB),
    (FIELD, "{'name': 'POP', 'type': 'esriFieldTypeInteger', 'nullable': None}",
     AttributeField("POP", "esriFieldTypeInteger")),
    (EXTENT, "{'xmin': 0, 'ymin': -0.0, 'xmax': 2, 'ymax': 1, 'zmin': None}", Extent(0, 0, 2, 1)),
    (REFERENCE, "{'wkid': 25832}", SpatialReference(25832)),
    (DATE, "{'date': '2026-11-21 08:30', 'format': 'yyyy-MM-dd HH:mm'}", MORNING),
    (ONE_OF, "{'dataType': 'GPLong', 'value': 5}", 5),
]  # fmt: skip

ROWS: list[tuple[DataType, Any, Any]] = [
    *((PAIRS, raw, AB) for raw in (
        '[["a",1],["b",2]]', '["[\\"a\\",1]","[\\"b\\",2]"]',
        '["{\\"name\\":\\"a\\",\\"count\\":1}",["b",2]]',
        '[{"NAME":"a","Count":1},{"name":"b","count":"2"}]', "a,1;b,2", "'a',1; \"b\" , 2", '["a,1","b,2"]')),
    *((PAIRS, raw, AB[:1]) for raw in ('["a",1]', '{"name":"a","count":1}', "a,1", '["[\\"a\\",1]"]')),
    (PAIRS, "'x;y,z',1", [Pair("x;y,z", 1)]),
    (NAMES, '["a","b"]', [Only("a"), Only("b")]),
    (NAMES, "[['a'], ['']]", [Only("a"), Only("")]),
    (TEXTS, "'a;b';c", ["a;b", "c"]),
    (TEXTS, '"a,b",c', ["a,b", "c"]),
    (TEXTS, "it's,they're", ["it's", "they're"]),
    (TEXTS, "a,b;c", ["a,b", "c"]),
    (TEXTS, '["a",""]', ["a", ""]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "value"), NUMBERS + UNITS + LITERALS + ROWS, ids=str)
def test_every_spelling_is_the_same_value(kind: DataType, raw: Any, value: Any) -> None:
    assert kind.load(raw, LoadOptions()) == value


@pytest.mark.parametrize(("raw", "milliseconds"), MOMENTS, ids=str)
def test_dates_of_other_languages_are_the_same_moment(raw: Any, milliseconds: int) -> None:
    assert DATE.dump(DATE.load(raw, LoadOptions()), DumpOptions()) == milliseconds


REFUSED: list[tuple[DataType, Any, str]] = [
    # A member that is unknown is named, never passed over.
    (LENGTH, '{"distance":5,"unitz":"esriMiles"}', "it has an unknown member 'unitz'"),
    (LENGTH, '{"distance":5,"unit_type":"esriMiles"}', "it has an unknown member 'unit_type'"),
    (LENGTH, '{"value":5,"units":"esriMiles"}', "it has an unknown member 'value'"),
    (LENGTH, '{"distance":5,"unit":"Miles","units":"Feet"}', "'unit' and 'units' contradict each other"),
    (LENGTHS, '["5 Miles",{"distance":5,"unitz":"Miles"}]', "element 1: it has an unknown member 'unitz'"),
    (AREA, '{"area":5,"measure":"esriAcres"}', "it has an unknown member 'measure'"),
    (TIME, '{"time":5,"timeUnits":"Days"}', "it has an unknown member 'timeUnits'"),
    (EXTENT, f'{{{BOX},"wkid":4326}}', "it has an unknown member 'wkid'"),
    (REFERENCE, '{"wkid":4326,"epsg":25832}', "it has an unknown member 'epsg'"),
    (SYSTEM, '{"srid":25832}', "it has an unknown member 'srid'"),
    (EXTENT, f'{{{BOX},"spatialReference":{{"epsg":4326}}}}', "it has an unknown member 'epsg'"),
    (FIELD, '{"name":"POP","typ":"esriFieldTypeInteger"}', "it has an unknown member 'typ'"),
    (FIELD, '[{"name":"POP"}]', "is not a field"),
    (FIELD, '"POP"', "is not a field"),
    (DATE, '{"date":"2026","format":"yyyy","timeZone":"CET"}', "it has an unknown member 'timeZone'"),
    (ONE_OF, '{"dataType":"GPLong","value":5,"typo":1}', "it has an unknown member 'typo'"),
    (ONE_OF, '{"distance":5,"unitz":"esriMiles"}', "it has an unknown member 'unitz'"),
    (LENGTH_OR_TEXT, '{"distance":5,"unitz":"esriMiles"}', "it has an unknown member 'unitz'"),
    (PAIRS, '[{"name":"a","count":1,"typo":2}]', "row 0: there is no column 'typo'"),
    (PAIRS, '[{"name":"a","NAME":"b","count":1}]', "row 0: column 'name' is there twice"),
    # What is no number is named by the word that was sent.
    (LENGTH, '{"distance":NaN,"units":"esriMiles"}', "NaN is not a number"),
    (LENGTH, '{"distance":-Infinity}', "-Infinity is not a number"),
    (LENGTH, "{'distance': nan}", "nan is not a number"),
    (LONGS, "[1, NaN]", "NaN is not a number"),
    (TEXTS, '["NaN", NaN]', "NaN is not a number"),
    (LENGTH, '{"distance":"NaN"}', "'NaN' is not a number"),
    (DOUBLE, "Infinity", "'Infinity' is not a number"),
    *((DOUBLE, raw, "is not a number") for raw in ("1,5", "1,000.5", "1 000", "1_000", "\u22125", "٣")),
    *((LONG, raw, "is not a whole number") for raw in ("5.5", "1,000", "1_000", "\u22125", "٣", "0.1")),
    (LONG, "1e16", "'1e16' is too large"),
    (BOOLEAN, "2", "'2' is not a truth value"),
    (LONGS, '[1, ""]', "element 1: '' is not a whole number"),
    (LONGS, "1,,2", "element 1: '' is not a whole number"),
    (REFERENCE, "25832.5", "it is not a spatial reference"),
    (REFERENCE, '{"wkid":25832.5}', "is not a spatial reference"),
    # A long text is read whole.
    (LENGTH, "5 Meters" + " " * 100 + "Kilometers", "is not a linear unit"),
    (LENGTH, "5 Meters" + " " * 100 + "!", "is not a distance"),
    (AREA, "3 Acres" + " " * 100 + "US!", "is not a number with a unit"),
    (TIME, "3 Days" + " " * 100 + "Weeks", "is not a unit"),
    (LENGTH, "1" * 401 + " Miles", "is not a distance"),
    (DATE, f'{{"date":"2026{" " * 97}at noon","format":"yyyy "}}', "the date has 108 characters"),
    (DATE, "2026-11-21" + " " * 100 + "x", "is not a date"),
    # Python's literals, but nothing that runs or that Python reads in its own way.
    (TEXTS, '["a" "b"]', "the JSON is malformed"),
    (TEXTS, "[open('x')]", "the JSON is malformed"),
    (TEXTS, "[b'a']", "the JSON is malformed"),
    (LONGS, "[1, os.float64(2)]", "the JSON is malformed"),
    (LONGS, "[1 + 1]", "the JSON is malformed"),
    (LONGS, "[1j]", "the JSON is malformed"),
    (TEXTS, "[{'a', 'b'}]", "the JSON is malformed"),
    # Counts in singular and plural.
    (PAIRS, '[["a"]]', "row 0 has 1 value for 2 columns"),
    (NAMES, '[["a","b"]]', "row 0 has 2 values for 1 column"),
    (PAIRS, "a,1;b", "row 1 has 1 value for 2 columns"),
    (PAIRS, '[["a"," "]]', "row 0, column 'count': a value is required"),
    *((DATE, raw, "is not a date") for raw in (
        "2026-11", "2026-11-21T24:30", "2026-11-21T08:30.5", "2026-11-21T08:30:00.1234567890",
        "2026-11-21T08:30:00+25:00", "2026-11-21T08:30:00+00:99", "1990-12-31T23:59:60Z", "21/11/2026",
        "2026-11-21T08:30:00 CET", "2026-02-30", "0001-01-01T00:00+01:00", "NaN", "",
        True, "2026-11-21  08:30")),
    (DATE, '{"date":"21/11","format":"dd/MM"}', "leaves out the year or the month"),
    (DATE, '{"date":"2026 21","format":"yyyy dd"}', "leaves out the year or the month"),
    (DATE, '{"date":"2026-11","format":"yyyy-mm"}', "leaves out the hour or the minute"),
    (DATE, '{"date":"2026-11-21 30","format":"yyyy-MM-dd mm"}', "leaves out the hour or the minute"),
    (DATE, '{"date":"2026-11-21 08:30","format":"yyyy-MM-dd HH:ss"}', "leaves out the hour or the minute"),
    (DATE, '{"date":"2026","format":"yyy"}', "'yyy' is not a format of dates"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "problem"), REFUSED, ids=lambda v: str(v)[:50])
def test_what_is_refused_says_why(kind: DataType, raw: Any, problem: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        kind.load(raw, LoadOptions())
    assert problem in caught.value.problem


def test_bounds_and_values_keep_their_digits() -> None:
    for kind, raw in ((GPLong(Range(le=1_234_567)), "1234568"), (GPDouble(Range(le=1_234_567)), 1234568.0)):
        with pytest.raises(InvalidValue) as caught:
            kind.load(raw, LoadOptions())
        assert caught.value.problem == "1234568 is outside the range"
        assert caught.value.accepted.endswith("at most 1234567")


def test_truth_values_do_not_take_numbers_from_their_neighbours() -> None:
    either = read_type(Annotated[bool | int | str, Declared("GPComposite")])
    assert [either.load(raw, LoadOptions()) for raw in ("true", "1", 1, "yes")] == [True, 1, 1, "yes"]
    assert either.load('{"dataType":"GPBoolean","value":1}', LoadOptions()) is True


def test_texts_keep_their_white_space() -> None:
    assert TEXT.load("  a ", LoadOptions()) == "  a "
    assert read_type(HiddenText).load(" ", LoadOptions()) == HiddenText(" ")
