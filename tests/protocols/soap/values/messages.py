"""Values as they travel: written in an envelope, and read from one."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import result_type
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.values.write import make_result_node
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.read import read_xml
from gpserverless.toolkit.spec import Parameter
from gpserverless.toolkit.values import load_value

PREFIXES = (
    'xmlns:tns="http://www.esri.com/schemas/ArcGIS/10.8" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
"""The prefixes that the envelope of every answer declares."""


def make_parameter(annotation: Any, name: str = "Given", direction: str = "input") -> Parameter:
    """Return a parameter of an annotation, or of a data type."""
    data_type = annotation if isinstance(annotation, DataType) else read_annotation(annotation).data_type
    return Parameter(name, "A title", "", data_type, direction)  # type: ignore[arg-type]


def parse(xml: str) -> Element:
    """Return the first element of an XML text that uses the usual prefixes."""
    return read_xml(f"<root {PREFIXES}>{xml}</root>".encode()).children[0]


def value_of(type_name: str, content: str) -> Element:
    """Return a value of a type with its content."""
    return parse(f'<GPValue xsi:type="tns:{type_name}">{content}</GPValue>')


def send(node: Node) -> Element:
    """Return a value as its receiver reads it."""
    return parse(write_node("GPValue", node))


def write_result(parameter: Parameter, value: Any, options: DumpOptions | None = None) -> bytes:
    """Return the JSON of a result as REST answers it."""
    dumped = parameter.data_type.dump(value, options or DumpOptions())
    declared = result_type(parameter.data_type, value)
    return orjson.dumps({"paramName": parameter.name, "dataType": declared, "value": dumped})


def exchange(annotation: Any, value: Any) -> Any:
    """Return a tool's value after a client has got it as a result and sent it back as an input."""
    given = make_parameter(annotation)
    answered = send(
        make_result_node(make_parameter(annotation, direction="output"), write_result(given, value))
    )
    return load_value(given, {given.name: read_value(given, answered)}, LoadOptions())


def load(annotation: Any, element: Element) -> Any:
    """Return the Python value of a value that was sent."""
    given = make_parameter(annotation)
    return load_value(given, {given.name: read_value(given, element)}, LoadOptions())
