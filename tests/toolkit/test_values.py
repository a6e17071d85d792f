"""When a job is submitted, light values are read, and of heavy ones only the outline."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.base import DataType, LoadOptions
from gpserverless.datatypes.capabilities import LIGHT_VALUE, check_at_submit, echo
from gpserverless.datatypes.coordinate_system import GPSpatialReference
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.referable import is_given
from gpserverless.datatypes.references import LocalFile
from gpserverless.datatypes.scalars import GPLong, GPString
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn
from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.formats.limits import FeatureLimits
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, TaskSpec
from gpserverless.toolkit.values import check_values, fetch_call_references, load_values

HEAVY = " " * LIGHT_VALUE
WRONG = '{"features":[{"geometry":{"x":"wrong","y":0}}]}'
CURVE = '{"features":[{"geometry":{"curvePaths":[[[0,0],{"c":[[1,1],[2,2,2]]}]]}}]}'


def test_light_value_is_read() -> None:
    with pytest.raises(InvalidValue, match="number"):
        GPFeatureRecordSetLayer().check_at_submit(WRONG, LoadOptions())


@pytest.mark.parametrize("raw", [WRONG + HEAVY, CURVE])
def test_heavy_value_is_left_to_the_worker(raw: str) -> None:
    assert GPFeatureRecordSetLayer().check_at_submit(raw, LoadOptions()) is None
    assert GPMultiValue(GPFeatureRecordSetLayer()).check_at_submit(f"[{raw}]", LoadOptions()) is None


@pytest.mark.parametrize("kind", [GPFeatureRecordSetLayer(), GPRecordSet()])
@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ('{"features":[' + HEAVY, "not JSON"),
        ('{"rows":[]}' + HEAVY, "no 'features'"),
        ('{"features":[{},{},{}]}' + HEAVY, "it has 3 features"),
    ],
)
def test_heavy_value_must_be_a_feature_set(kind: GPFeatureRecordSetLayer, raw: str, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        kind.check_at_submit(raw, LoadOptions(limits=FeatureLimits(features=2)))


CONDITIONS = GPMultiValue(GPSQLExpression())
RULES = GPValueTable(
    (ValueColumn("name", "Name", GPString()), ValueColumn("rule", "Rule", GPSQLExpression()))
)
FEATURES_OR_NUMBER = GPComposite((GPFeatureRecordSetLayer(), GPLong()))


@pytest.mark.parametrize(
    ("kind", "few", "many"),
    [
        (CONDITIONS, orjson.dumps(["A = 1"] * 19 + ["SELECT"]), orjson.dumps(["A = 1"] * 20 + ["SELECT"])),
        (RULES, orjson.dumps([["a", "SELECT"]] * 20), orjson.dumps([["a", "SELECT"]] * 21)),
        (FEATURES_OR_NUMBER, WRONG.encode(), (WRONG + HEAVY).encode()),
        (FEATURES_OR_NUMBER, b"1.5", CURVE.encode()),
    ],
)
def test_many_costly_values_are_left_to_the_worker(kind: DataType, few: bytes, many: bytes) -> None:
    with pytest.raises(InvalidValue):
        check_at_submit(kind, few.decode(), LoadOptions())
    assert check_at_submit(kind, many.decode(), LoadOptions()) is None


def test_many_costly_values_are_shown_as_they_were_sent() -> None:
    names = [{"name": f"no system {number}"} for number in range(21)]
    systems = GPMultiValue(GPSpatialReference())
    assert echo(systems, orjson.dumps(names).decode()) == names
    assert echo(systems, "[102100]") == [{"wkid": 102100, "latestWkid": 3857}]
    rows = [["a", {"name": "no system"}]] * 21
    table = GPValueTable((ValueColumn("a", "A", GPString()), ValueColumn("b", "B", GPSpatialReference())))
    assert echo(table, orjson.dumps(rows).decode()) == rows


LEFT_OUT: list[Any] = [
    *("", " ", "null", "{}", " {} ", '{"url": ""}', '{"url": null}', '{"url": "  "}', "{'url': ''}"),
    *('{"itemID": ""}', '{"itemId": null}', '{"portalItemID": ""}', '{"url": "", "itemID": ""}'),
    *('{"url": "", "format": "tif"}', '{"url": null, "format": null}', '{"url": "", "filter": "a=1"}'),
    *(None, {}, {"url": ""}),
]
COMPOSITE = GPComposite((GPDataFile(), GPLong()))
REFERABLE: list[DataType] = [
    *(GPDataFile(), GPRasterData(), GPRasterData(layer=False), GPFeatureRecordSetLayer(), GPRecordSet()),
    GPFeatureRecordSetLayer(layers=(("Places", "toolboxes/conformance/_tasks/places.json"),)),
    *(GPMultiValue(GPDataFile()), GPMultiValue(GPRasterData()), GPMultiValue(GPFeatureRecordSetLayer())),
    *(COMPOSITE, GPMultiValue(COMPOSITE), Alternatives((GPRecordSet(), GPLong()))),
]


def task_with(data_type: DataType, *, required: bool) -> TaskSpec:
    return TaskSpec("T", "T", "", (Parameter("In", "In", "", data_type, required=required),))


def must_not_be_called(reference: object) -> None:
    raise AssertionError(reference)


@pytest.mark.parametrize("data_type", REFERABLE, ids=lambda t: t.name)
@pytest.mark.parametrize("raw", LEFT_OUT, ids=repr)
def test_reference_without_a_place_is_not_given(data_type: DataType, raw: Any) -> None:
    call = Call("S", "T", {"In": raw})
    optional, required = (task_with(data_type, required=r) for r in (False, True))
    check_values(optional, call, Limits.sync(), must_not_be_called)
    for each in (call, fetch_call_references(optional, call, must_not_be_called)):
        assert load_values(optional, each, Limits.sync()) == {"In": None}
        with pytest.raises(MissingParameter, match="'In': a value is required"):
            load_values(required, each, Limits.sync())
    with pytest.raises(MissingParameter, match="'In': a value is required"):
        check_values(required, call, Limits.sync(), must_not_be_called)


LISTS_AND_TAGS: list[tuple[DataType, str, bool]] = [
    (GPMultiValue(GPDataFile()), "[]", False),
    (GPDataFile(), "[]", True),
    (GPFeatureRecordSetLayer(), "[]", True),
    (GPMultiValue(GPDataFile()), '[{"url": ""}, {}, null]', False),
    (GPMultiValue(GPDataFile()), '[{"url": ""}, {"url": "https://example.org/a"}]', True),
    (COMPOSITE, '{"dataType": "GPDataFile", "value": {"url": ""}}', False),
    (COMPOSITE, '{"dataType": "GPLong", "value": 3}', True),
    (COMPOSITE, "3", True),
    (GPMultiValue(COMPOSITE), '[{"dataType": "GPDataFile", "value": {}}]', False),
    (Alternatives((GPDataFile(), GPString())), "null", True),
    (Alternatives((GPDataFile(), GPString())), '{"url": ""}', False),
    (GPFeatureRecordSetLayer(), '{"features": []}', True),
    (GPFeatureRecordSetLayer(), '{"url": "", "features": []}', True),
    (GPDataFile(), '{"url": "x"}', True),
    (GPDataFile(), '{"path": "x"}', True),
    (GPDataFile(), "{", True),
    (GPMultiValue(GPString()), "[]", True),
    (GPString(), "null", True),
    (GPString(), "{}", True),
]


@pytest.mark.parametrize(("data_type", "raw", "given"), LISTS_AND_TAGS, ids=str)
def test_what_counts_as_given(data_type: DataType, raw: str, given: bool) -> None:
    assert is_given(data_type, raw) is given


def test_element_without_a_place_among_others_is_refused() -> None:
    call = Call("S", "T", {"In": '[{"url": ""}, {"url": "https://example.org/a"}]'})
    task = task_with(GPMultiValue(GPDataFile()), required=False)
    with pytest.raises(InvalidParameter, match="'' is not the URL of a web resource"):
        fetch_call_references(task, call, lambda reference: None)


def test_cell_without_a_place_is_empty(tmp_path: Any) -> None:
    column = ValueColumn("file", "File", GPDataFile(), optional=True)
    table = GPValueTable((ValueColumn("name", "Name", GPString()), column))
    task = task_with(table, required=True)
    call = Call("S", "T", {"In": '[["a", {"url": ""}], ["{}", null], ["c", {"url": "https://example.org"}]]'})
    fetched = fetch_call_references(task, call, lambda reference: LocalFile(tmp_path / "a.csv"))
    (rows,) = load_values(task, fetched, Limits.sync()).values()
    assert [(row["name"], row["file"] and row["file"].path.name) for row in rows] == [
        ("a", None),
        ("{}", None),
        ("c", "a.csv"),
    ]
