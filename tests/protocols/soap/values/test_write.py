"""Results as nodes: their types, their texts, and what the types of SOAP cannot hold."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import orjson
import pytest

from gpserverless import DataFile, Declared, Extent, FeatureSet, HiddenText, LinearUnit, Raster, Table
from gpserverless.errors import InvalidParameter
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.values.write import make_result_node, make_value_node
from tests.protocols.soap.values.messages import make_parameter, send, value_of

OneOf = Annotated[LinearUnit | int | str, Declared("GPComposite")]
RasterData = Annotated[Raster, Declared("GPRasterData")]


def write(annotation: Any, value: Any, declared: str = "") -> str:
    """Return the XML of a value without the prefix of its types."""
    node = make_value_node(make_parameter(annotation, direction="output"), value, declared)
    return write_node("GPValue", node).replace('xsi:type="tns:', 't="')


WRITTEN: list[tuple[Any, Any, str]] = [
    (bool, True, '<GPValue t="GPBoolean"><Value>true</Value></GPValue>'),
    (int, -7, '<GPValue t="GPLong"><Value>-7</Value></GPValue>'),
    (float, 0.1, '<GPValue t="GPDouble"><Value>0.1</Value></GPValue>'),
    (float, 3, '<GPValue t="GPDouble"><Value>3.0</Value></GPValue>'),
    (str, "a <b>", '<GPValue t="GPString"><Value>a &lt;b&gt;</Value></GPValue>'),
    (datetime, 1795249800000, '<GPValue t="GPDate"><Value>2026-11-21T08:30:00</Value></GPValue>'),
    (datetime, -1, '<GPValue t="GPDate"><Value>1969-12-31T23:59:59.999</Value></GPValue>'),
    (datetime, -31014316800000, '<GPValue t="GPDate"><Value>0987-03-13T00:00:00</Value></GPValue>'),
    (
        LinearUnit, {"distance": 5, "units": "esriMiles"},
        '<GPValue t="GPLinearUnit"><Value>5.0</Value><Units>esriMiles</Units></GPValue>',
    ),
    (Extent, {"xmin": 0}, '<GPValue t="GPString"><Value>{"xmin":0}</Value></GPValue>'),
    (
        DataFile, {"url": "https://a.example/b?c=1&d"},
        '<GPValue t="GPDataFile"><Data t="GDSData"><Compressed>false</Compressed>'
        "<TransportType>esriGDSTransportTypeUrl</TransportType>"
        "<URL>https://a.example/b?c=1&amp;d</URL></Data></GPValue>",
    ),
    (
        DataFile, {"itemID": "i1"},
        '<GPValue t="GPDataFile"><Data t="GDSData"><Compressed>false</Compressed>'
        "<TransportType>esriGDSTransportTypeUpload</TransportType><UploadID>i1</UploadID></Data></GPValue>",
    ),
    (
        RasterData, {"url": "https://a.example/b.tif", "format": "tif"},
        '<GPValue t="GPRasterData"><Data t="GDSData"><Compressed>false</Compressed>'
        "<TransportType>esriGDSTransportTypeUrl</TransportType><URL>https://a.example/b.tif</URL></Data>"
        "<Format>tif</Format></GPValue>",
    ),
    (
        list[int], [1],
        '<GPValue t="GPMultiValue"><MemberDataType>GPLong</MemberDataType><Values t="GPValues">'
        '<GPValue t="GPLong"><Value>1</Value></GPValue></Values></GPValue>',
    ),
    (
        list[int], [],
        '<GPValue t="GPMultiValue"><MemberDataType>GPLong</MemberDataType><Values t="GPValues"/></GPValue>',
    ),
    (
        list[Extent], [{"xmin": 0}],
        '<GPValue t="GPMultiValue"><MemberDataType>GPString</MemberDataType><Values t="GPValues">'
        '<GPValue t="GPString"><Value>{"xmin":0}</Value></GPValue></Values></GPValue>',
    ),
    (
        list[OneOf], [{"dataType": "GPLong", "value": 1}, {"dataType": "GPString", "value": "a"}],
        '<GPValue t="GPMultiValue"><MemberDataType>GPString</MemberDataType><Values t="GPValues">'
        '<GPValue t="GPLong"><Value>1</Value></GPValue><GPValue t="GPString"><Value>a</Value></GPValue>'
        "</Values></GPValue>",
    ),
    (bool, None, '<GPValue t="GPBoolean"/>'),
    (Extent, None, '<GPValue t="GPString"/>'),
    (Table, None, '<GPValue t="GPRecordSet"/>'),
    (Raster, {}, '<GPValue t="GPRasterDataLayer"/>'),
    (list[str], None, '<GPValue t="GPMultiValue"><MemberDataType>GPString</MemberDataType></GPValue>'),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "value", "xml"), WRITTEN)
def test_a_value_is_written_in_its_type(annotation: Any, value: Any, xml: str) -> None:
    assert write(annotation, value) == xml


def test_a_value_of_one_of_several_types_is_written_in_its_own() -> None:
    value = {"distance": 5, "units": "esriMiles"}
    assert write(OneOf, value, "GPLinearUnit").startswith('<GPValue t="GPLinearUnit">')


@pytest.mark.parametrize(
    ("annotation", "value", "problem"),
    [
        (int, 2**31, "2147483648 does not fit into 32 bits"),
        (int, -(2**31) - 1, "-2147483649 does not fit into 32 bits"),
        (list[int], [2**40], "does not fit into 32 bits"),
        (datetime, 253402300800000, "is no date of the years 1 to 9999"),
        (datetime, -62135596800001, "is no date of the years 1 to 9999"),
        (datetime, 10**30, "is no date of the years 1 to 9999"),
    ],
)
def test_a_result_that_soap_cannot_hold_is_refused_with_its_name(
    annotation: Any, value: Any, problem: str
) -> None:
    with pytest.raises(InvalidParameter, match="Parameter 'Given': ") as refusal:
        write(annotation, value)
    assert problem in str(refusal.value)


INPUTS: list[tuple[Any, str, Any]] = [
    (int, "GPLong", "abc"),
    (int, "GPLong", 5_000_000_000),
    (datetime, "GPDate", "tomorrow"),
    (LinearUnit, "GPLinearUnit", "five"),
    (FeatureSet, "GPFeatureRecordSetLayer", "Towns"),
    (FeatureSet, "GPFeatureRecordSetLayer", {"url": "https://a.example/FeatureServer/0", "filter": "A = 1"}),
    (DataFile, "GPDataFile", {"url": "https://a.example/b.zip", "filter": "x"}),
]


@pytest.mark.parametrize(("annotation", "declared", "value"), INPUTS)
def test_an_input_that_its_type_cannot_hold_is_shown_as_a_text_that_can_be_sent_again(
    annotation: Any, declared: str, value: Any
) -> None:
    given = make_parameter(annotation)
    body = orjson.dumps({"paramName": "Given", "dataType": declared, "value": value})

    shown = send(make_result_node(given, body))

    assert shown.type_name == "GPString"
    assert read_value(given, shown) == (value if isinstance(value, str) else orjson.dumps(value).decode())


def test_a_hidden_input_is_shown_blank() -> None:
    body = b'{"paramName":"Given","dataType":"GPStringHidden","value":""}'
    shown = send(make_result_node(make_parameter(HiddenText), body))
    assert (shown.type_name, shown.read_text("Value")) == ("GPString", "")


def test_control_characters_do_not_spoil_an_answer() -> None:
    shown = send(make_value_node(make_parameter(str), "a\x1b[0m\x00b"))
    assert shown.read_text("Value") == "a\ufffd[0m\ufffdb"


def test_a_list_that_a_client_sends_back_unset_is_not_given() -> None:
    unset = send(make_value_node(make_parameter(list[str]), None))
    assert read_value(make_parameter(list[str]), unset) == ""
    assert read_value(make_parameter(list[str]), value_of("GPMultiValue", "<Values/>")) == "[]"
