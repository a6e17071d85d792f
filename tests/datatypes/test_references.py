"""References in values: found in every form that clients send, resolved in place, never made of JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import DataFile, GPDataFile, GPRasterData, Raster, file_name
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.quantities import GPLinearUnit
from gpserverless.datatypes.referable import is_given
from gpserverless.datatypes.references import Kind, LocalFile, Reference, find_reference
from gpserverless.datatypes.scalars import GPLong, GPString
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.fetch.check import check_reference
from gpserverless.fetch.policy import Policy
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, TaskSpec
from gpserverless.toolkit.values import check_values, fetch_call_references

URL = "https://gis.example.org/x/FeatureServer/0"
ITEM = "i912f0648-a455-4d08-ae95-44eb5b82de2e"
PORTAL_ITEM = "0123456789abcdef0123456789abcdef"

FOUND = [
    ("features", {"url": URL}, {"url": URL}),
    ("features", {"url": URL, "filter": "a=1"}, {"url": URL, "where": "a=1"}),
    ("features", {"url": URL, "filter": None, "time": None}, {"url": URL}),
    ("features", {"url": URL, "time": 5}, {"url": URL, "time": "5"}),
    ("features", {"url": URL, "time": "5,null"}, {"url": URL, "time": "5,null"}),
    ("features", {"url": URL, "time": [5, None]}, {"url": URL, "time": "5,null"}),
    ("features", {"url": URL, "time": 1.7e12}, {"url": URL, "time": "1700000000000"}),
    ("features", {"url": URL, "time": "1.7e+12,null"}, {"url": URL, "time": "1700000000000,null"}),
    ("features", {"url": URL, "token": "t"}, {"url": URL, "token": "t"}),
    ("features", {"url": URL, "type": "FeatureLayer", "title": "t", "layerId": 0}, {"url": URL}),
    ("raster", {"url": URL, "mosaicRule": None, "renderingRule": {}}, {"url": URL}),
    ("table", {"url": URL, "serviceToken": "t", "name": "n", "itemId": "x"}, {"url": URL, "token": "t"}),
    ("raster", {"url": URL, "format": "tif"}, {"url": URL, "format": "tif"}),
    ("features", {"itemID": ITEM}, {"item_id": ITEM}),
    ("file", {"itemID": ITEM.upper()}, {"item_id": ITEM}),
    ("file", {"url": "", "itemID": ITEM}, {"item_id": ITEM}),
    ("file", {"url": None, "itemID": ITEM, "portalItemID": " "}, {"item_id": ITEM}),
    ("features", {"url": URL, "itemID": None, "portalItemID": ""}, {"url": URL}),
    (
        "features",
        {"itemID": ITEM, "filter": "a=1", "time": 5},
        {"item_id": ITEM, "where": "a=1", "time": "5"},
    ),
    ("file", {"portalItemID": PORTAL_ITEM}, {"portal_item_id": PORTAL_ITEM}),
]


@pytest.mark.parametrize(("kind", "sent", "found"), FOUND)
def test_reference_is_found(kind: Kind, sent: dict[str, Any], found: dict[str, str]) -> None:
    assert find_reference(sent, kind) == Reference(kind, **found)
    assert find_reference(orjson.dumps(sent).decode(), kind) == Reference(kind, **found)
    assert find_reference(repr(sent), kind) == Reference(kind, **found)


@pytest.mark.parametrize("sent", [URL, f"  {URL}\n", "HTTP://x.example/"])
def test_bare_url_is_one_too(sent: str) -> None:
    assert find_reference(sent, "file") == Reference("file", url=sent.strip())


CARRIED = [
    "",
    "x",
    "Cities",
    "{",
    "{}",
    '{"features":[]}',
    '{"url":"https://x","features":[]}',
    "[1]",
    5,
    None,
]


@pytest.mark.parametrize("sent", CARRIED)
def test_value_that_carries_its_data_is_none(sent: Any) -> None:
    assert find_reference(sent, "features") is None


def test_portal_item_is_a_file_only() -> None:
    assert find_reference({"portalItemID": PORTAL_ITEM}, "features") is None


NULLS = [(GPLong(), False), (GPMultiValue(GPLong()), False), (GPLinearUnit(), False), (GPString(), True)]


@pytest.mark.parametrize(("data_type", "given"), NULLS, ids=lambda v: getattr(v, "name", v))
def test_null_is_a_value_of_texts_alone(data_type: DataType, given: bool) -> None:
    assert is_given(data_type, "null") is given
    assert is_given(data_type, " null\n") is given
    assert is_given(data_type, "nulls")


MALFORMED = [
    {"url": None},
    {"url": 5},
    {"url": ""},
    {"url": " "},
    {"url": "//x.example"},
    {"url": "file:///etc/passwd"},
    {"url": "/vsis3/bucket/key"},
    {"url": URL, "where": "POP > 9"},
    {"url": URL, "Filter": "POP > 9"},
    {"url": URL, "definitionExpression": "POP > 9"},
    {"url": URL, "renderingRule": {"rasterFunction": "Hillshade"}},
    {"itemID": ITEM, "typo": 1},
    {"url": URL, "filter": 5},
    {"url": URL, "filter": "a\x00"},
    {"url": URL, "token": ["t"]},
    {"url": URL, "token": "a\r\nX: y"},
    {"url": URL, "time": "yesterday"},
    {"url": URL, "time": "1,2,3"},
    {"url": URL, "time": {"a": 1}},
    {"itemID": None},
    {"itemID": "i1"},
    {"itemID": "../" + ITEM},
    {"itemID": ITEM + "\n/x"},
    {"portalItemID": "x"},
]


@pytest.mark.parametrize("sent", MALFORMED)
def test_malformed_reference_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        find_reference(sent, "file")


TYPES = [GPFeatureRecordSetLayer(), GPRecordSet(), GPDataFile(), GPRasterData(), GPRasterData(layer=False)]


@pytest.mark.parametrize("data_type", TYPES, ids=lambda t: t.name)
def test_reference_that_was_not_followed_is_no_value(data_type: DataType) -> None:
    assert data_type.may_be_reference
    for forged in (
        {"url": URL},
        {"itemID": ITEM},
        {"path": "/etc/passwd"},
        {"Fetched": {"path": "/etc/passwd"}},
    ):
        with pytest.raises(InvalidValue):
            data_type.load(orjson.dumps(forged).decode(), LoadOptions())


@pytest.mark.parametrize("data_type", TYPES, ids=lambda t: t.name)
def test_tokens_are_not_shown_again(data_type: DataType) -> None:
    sent = {"url": f"{URL}?a=1&token=secret", "token": "secret", "serviceToken": "secret", "filter": "x"}
    assert data_type.echo(orjson.dumps(sent).decode()) == {"url": f"{URL}?a=1", "filter": "x"}


def task_with(data_type: DataType) -> TaskSpec:
    return TaskSpec("T", "T", "", (Parameter("In", "In", "", data_type),))


def test_fetched_values_stand_in_the_place_of_references(tmp_path: Path) -> None:
    fetched = LocalFile(tmp_path / "a.csv")
    task = task_with(GPMultiValue(GPDataFile()))
    call = Call("S", "T", {"In": orjson.dumps([{"url": URL}, {"itemID": ITEM}]).decode()})
    resolved = fetch_call_references(task, call, lambda reference: fetched)
    assert resolved.values == {"In": [fetched, fetched]}
    assert task.inputs[0].data_type.load(resolved.values["In"], LoadOptions()) == [DataFile(fetched.path)] * 2


def test_cells_of_a_table_are_fetched(tmp_path: Path) -> None:
    columns = (
        ValueColumn("name", "Name", GPString()),
        ValueColumn("file", "File", GPDataFile(), optional=True),
    )
    fetched = LocalFile(tmp_path / "a.csv")
    call = Call("S", "T", {"In": f'[["a", {{"url": "{URL}"}}], {{"Name": "b", "File": null}}]'})
    resolved = fetch_call_references(task_with(GPValueTable(columns)), call, lambda reference: fetched)
    rows = GPValueTable(columns).load(resolved.values["In"], LoadOptions())
    assert rows == [{"name": "a", "file": DataFile(fetched.path)}, {"name": "b", "file": None}]


def test_refusal_names_the_parameter() -> None:
    def refuse(reference: Reference) -> LocalFile:
        raise InvalidValue("no")

    call = Call("S", "T", {"In": URL})
    with pytest.raises(InvalidParameter, match="Parameter 'In': no"):
        fetch_call_references(task_with(GPDataFile()), call, refuse)


CHECKED = [
    (GPDataFile(), URL, None),
    (GPDataFile(), f'{{"itemID":"{ITEM}"}}', None),
    (GPFeatureRecordSetLayer(), f'{{"url":"{URL}"}}', None),
    (GPDataFile(), "https://other.example.org/", "not among those"),
    (GPDataFile(), f'{{"portalItemID":"{PORTAL_ITEM}"}}', "no portal"),
    (GPDataFile(), "a.csv", "is not a file"),
    (GPRasterData(), '{"path":"/etc/passwd"}', "is not a raster"),
    (GPFeatureRecordSetLayer(), '{"features":1}', "not a list"),
    (GPMultiValue(GPDataFile()), f'["{URL}","https://other.example.org/"]', "not among those"),
]


@pytest.mark.parametrize(("data_type", "sent", "problem"), CHECKED)
def test_values_are_checked_without_fetching(data_type: DataType, sent: str, problem: str | None) -> None:
    policy = Policy(("gis.example.org",))

    def check() -> None:
        check_values(
            task_with(data_type),
            Call("S", "T", {"In": sent}),
            Limits.sync(),
            lambda reference: check_reference(reference, policy, ""),
        )

    if problem is None:
        check()
    else:
        with pytest.raises(InvalidParameter, match=problem):
            check()


def test_files_and_rasters_are_written_as_urls(tmp_path: Path) -> None:
    path = tmp_path / "dem.TIFF"
    path.touch()
    options = DumpOptions(keep_file=lambda kept: f"https://example.org/{kept.name}")
    url = "https://example.org/dem.TIFF"
    assert GPDataFile().dump(DataFile(path), options) == {"url": url}
    assert GPRasterData().dump(Raster(path), options) == {"url": url, "format": "tif"}
    assert (GPDataFile().dump(None, options), GPRasterData().dump(None, options)) == (None, {})


@pytest.mark.parametrize(
    ("data_type", "value"),
    [(GPDataFile(), DataFile(Path("/none"))), (GPRasterData(), Raster(Path("/none"))), (GPDataFile(), "x")],
)
def test_file_that_does_not_exist_is_no_output(data_type: DataType, value: Any) -> None:
    with pytest.raises(InvalidValue):
        data_type.dump(value, DumpOptions(keep_file=str))


@pytest.mark.parametrize(
    ("name", "extension", "kept"),
    [
        ("0", "tif", "0.tif"),
        ("", "", "file"),
        ("..", "", "file"),
        ("a/b.c", "", "b.c"),
        ("a\x00b", "", "a_b"),
    ],
)
def test_file_name_is_nothing_but_that(name: str, extension: str, kept: str) -> None:
    assert file_name(name, extension) == kept
