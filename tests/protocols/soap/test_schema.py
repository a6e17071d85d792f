"""What is answered is valid by the schema of our own service description, as libxml2 reads it."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from gpserverless.protocols.soap.discovery import make_tool_info
from gpserverless.protocols.soap.options import make_environments_node, make_options_node, read_options
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.schema.operations import SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.write import write_response
from gpserverless.protocols.soap.values.write import make_result_node
from gpserverless.protocols.soap.wsdl import write_service_wsdl
from gpserverless.toolkit.catalogue import find_catalogue_file, parse_catalogue
from tests.protocols.soap.test_options import ARCPY_ENVIRONMENTS, SIDES, UTM32_XML, make_environments
from tests.protocols.soap.values.messages import PREFIXES, make_parameter, write_result
from tests.protocols.soap.values.test_round_trip import VALUES

SERVICES = parse_catalogue(find_catalogue_file().read_bytes())


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    wsdl = etree.fromstring(write_service_wsdl("Samples", "https://a.example").encode())
    inline = wsdl.find(".//{http://www.w3.org/2001/XMLSchema}schema")
    return etree.XMLSchema(etree.fromstring(etree.tostring(inline)))  # with the prefixes of its parents


def check(schema: etree.XMLSchema, operation: str, result: Any) -> None:
    xml = b"".join(write_response(SERVICE_OPERATIONS[operation], {"Result": result})).decode()
    name, rest = xml.removeprefix("<").split(">", 1)
    schema.assertValid(etree.fromstring(f"<{name} {PREFIXES}>{rest}".encode()))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_descriptions_of_all_published_tools_are_valid(schema: etree.XMLSchema, service: Any) -> None:
    infos = [make_tool_info(task, "https://a.example/help") for task in service.tasks]
    check(schema, "GetToolInfos", Node("ArrayOfGPToolInfo", {"GPToolInfo": infos}))


def test_results_of_all_types_are_valid(schema: etree.XMLSchema) -> None:
    nodes = []
    for annotation, value in [*VALUES, *((annotation, None) for annotation, _ in VALUES)]:
        parameter = make_parameter(annotation, direction="output")
        nodes.append(make_result_node(parameter, write_result(parameter, value)))
    check(schema, "Execute", Node("GPResult", {"Values": Node("GPValues", {"GPValue": nodes})}))


def test_options_and_environments_are_valid(schema: etree.XMLSchema) -> None:
    places = [
        ("outputCoordinateSystem", UTM32_XML.format("Value")),
        ("extent", f'<Value xsi:type="tns:EnvelopeN">{SIDES}</Value>'),
        ("mask", '<Value xsi:nil="true"/>'),
    ]
    given = read_options(None, make_environments(*ARCPY_ENVIRONMENTS, *places))
    for document in (given.document, {}):
        check(schema, "GetJobResultOptions", make_options_node(document))
        check(schema, "GetJobEnvironmentValues", make_environments_node(document))
