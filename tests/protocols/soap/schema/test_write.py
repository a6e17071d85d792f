"""Nodes are written in the order and with the types of the schema, whatever the order of their members."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.protocols.soap.schema.node import Fragment, Node
from gpserverless.protocols.soap.schema.operations import SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.write import write_node, write_response

WRITTEN: list[tuple[str, Node, str]] = [
    ("empty", Node("GPString"), '<GPValue xsi:type="tns:GPString"/>'),
    (
        "an empty text",
        Node("GPString", {"Value": ""}),
        '<GPValue xsi:type="tns:GPString"><Value/></GPValue>',
    ),
    (
        "another order",
        Node("GPLinearUnit", {"Units": "esriMeters", "Value": 2.5}),
        '<GPValue xsi:type="tns:GPLinearUnit"><Value>2.5</Value><Units>esriMeters</Units></GPValue>',
    ),
    (
        "None is missing",
        Node("GPDataFile", {"File": None, "DataType": "zip"}),
        '<GPValue xsi:type="tns:GPDataFile"><DataType>zip</DataType></GPValue>',
    ),
    (
        "the base comes first",
        Node("GeographicCoordinateSystem", {"WKID": 4326, "LeftLongitude": -180.0}),
        '<GPValue xsi:type="tns:GeographicCoordinateSystem"><LeftLongitude>-180.0</LeftLongitude>'
        "<WKID>4326</WKID></GPValue>",
    ),
    (
        "a list is an array",
        Node("GPMultiValue", {"Values": [Node("GPLong", {"Value": 5}), None]}),
        '<GPValue xsi:type="tns:GPMultiValue"><Values xsi:type="tns:GPValues">'
        '<GPValue xsi:type="tns:GPLong"><Value>5</Value></GPValue><GPValue xsi:nil="true"/></Values>'
        "</GPValue>",
    ),
    (
        "an empty list is an empty array",
        Node("GPMultiValue", {"Values": []}),
        '<GPValue xsi:type="tns:GPMultiValue"><Values xsi:type="tns:GPValues"/></GPValue>',
    ),
    (
        "a fragment stands for items",
        Node("GPMultiValue", {"Values": Fragment([(b"<GPValue/>",)])}),
        '<GPValue xsi:type="tns:GPMultiValue"><Values xsi:type="tns:GPValues"><GPValue/></Values></GPValue>',
    ),
]


@pytest.mark.parametrize(("node", "text"), [case[1:] for case in WRITTEN], ids=[case[0] for case in WRITTEN])
def test_a_node_is_written(node: Node, text: str) -> None:
    assert write_node("GPValue", node) == text


ANY = [
    ("5 < 6", "string", "5 &lt; 6"),
    (True, "boolean", "true"),
    (5, "int", "5"),
    (2**31, "long", "2147483648"),
    (0.5, "double", "0.5"),
    (b"a", "base64Binary", "YQ=="),
]


@pytest.mark.parametrize(("value", "kind", "text"), ANY)
def test_a_value_of_any_type_names_its_type(value: Any, kind: str, text: str) -> None:
    written = write_node("P", Node("PropertySetProperty", {"Key": "k", "Value": value}))
    assert f'<Value xsi:type="xsd:{kind}">{text}</Value>' in written


def test_a_node_is_a_value_of_any_type() -> None:
    written = write_node("P", Node("PropertySetProperty", {"Key": "k", "Value": Node("GPString", {})}))
    assert '<Value xsi:type="tns:GPString"/>' in written


MISTAKES: list[tuple[Node, str]] = [
    (Node("GPNothing"), "no complex type GPNothing"),
    (Node("esriUnits"), "no complex type esriUnits"),
    (Node("GPValue"), "GPValue is abstract"),
    (Node("GPString", {"Worth": "5"}), "GPString has no element Worth"),
    (Node("JobMessage", {"MessageDesc": "Done."}), "JobMessage has no MessageType"),
    (Node("ArrayOfString", {"String": ["a", None]}), "String of ArrayOfString cannot be nil"),
    (Node("GPLinearUnit", {"Units": "meters"}), "'meters' is no esriUnits"),
    (Node("GPResult", {"Values": Node("GPString")}), "Values of GPResult is a GPValues, not a GPString"),
    (Node("GPResult", {"Values": "5"}), "a value of str is no GPValues"),
    (Node("GPString", {"Value": {}}), "a value of dict has no simple type"),
]


@pytest.mark.parametrize(("node", "problem"), MISTAKES)
def test_a_value_that_the_schema_does_not_have_is_a_mistake_of_the_program(node: Node, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        write_node("GPValue", node)


def test_a_response_is_in_the_namespace_and_its_elements_are_not() -> None:
    written = write_response(SERVICE_OPERATIONS["GetToolNames"], {"Result": ["Reach", "Flow"]})
    assert b"".join(written).decode() == (
        '<tns:GetToolNamesResponse><Result xsi:type="tns:ArrayOfString"><String>Reach</String>'
        "<String>Flow</String></Result></tns:GetToolNamesResponse>"
    )


def test_a_response_may_have_no_elements() -> None:
    assert write_response(SERVICE_OPERATIONS["CancelJob"], {}) == [b"<tns:CancelJobResponse/>"]


def test_a_response_without_its_result_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="tns:GetJobStatusResponse has no Result"):
        write_response(SERVICE_OPERATIONS["GetJobStatus"], {})
