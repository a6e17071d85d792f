"""The descriptions say what those of ArcGIS Server say, and clients of other projects load them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
import zeep

from gpserverless.protocols.soap.wsdl import NAMESPACE, write_catalogue_wsdl, write_service_wsdl
from tests.protocols.soap.clients import load_by_suds, load_by_zeep
from tests.protocols.soap.tables import (
    CATALOGUE_OPERATIONS,
    CATALOGUE_TYPES,
    SERVICE_OPERATIONS,
    SERVICE_TYPES,
)

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
CATALOGUE = write_catalogue_wsdl("https://maps.example.org/arcgis/services")
SERVICE = write_service_wsdl("Water/Flow", "https://maps.example.org/arcgis/services/Water/Flow/GPServer")

TABLES = pytest.mark.parametrize(
    ("wsdl", "operations", "types"),
    [(CATALOGUE, CATALOGUE_OPERATIONS, CATALOGUE_TYPES), (SERVICE, SERVICE_OPERATIONS, SERVICE_TYPES)],
    ids=["catalogue", "service"],
)
LOADERS = pytest.mark.parametrize("load", [load_by_zeep, load_by_suds])


def describe_child(element: ElementTree.Element) -> str:
    """Return an element of a type in the notation of the tables."""
    least, most = element.get("minOccurs", "1"), element.get("maxOccurs", "1")
    count = {("1", "1"): "", ("0", "1"): "?", ("0", "unbounded"): "*"}[least, most]
    nil = "|nil" if element.get("nillable") == "true" else ""
    return f"{element.attrib['name']}{count}:{element.attrib['type'].partition(':')[2]}{nil}"


def describe_type(element: ElementTree.Element) -> Any:
    """Return a type in the notation of the tables."""
    if element.tag == f"{XS}simpleType":
        return [word.attrib["value"] for word in element.iter(f"{XS}enumeration")]
    abstract = ["abstract"] if element.get("abstract") == "true" else []
    bases = [f"({each.attrib['base'].partition(':')[2]})" for each in element.iter(f"{XS}extension")]
    return " ".join([*abstract, *bases, *map(describe_child, element.iter(f"{XS}element"))])


@TABLES
def test_the_types_are_those_of_arcgis_in_the_same_order(
    wsdl: str, operations: dict[str, Any], types: dict[str, Any]
) -> None:
    schema = ElementTree.fromstring(wsdl).find(f".//{XS}schema")
    assert schema is not None
    named = [child for child in schema if child.tag != f"{XS}element"]
    assert len(named) == len(types)
    assert {child.attrib["name"]: describe_type(child) for child in named} == types


@TABLES
def test_every_operation_wraps_its_arguments_and_its_answer(
    wsdl: str, operations: dict[str, Any], types: dict[str, Any]
) -> None:
    root = ElementTree.fromstring(wsdl)
    schema = root.find(f".//{XS}schema")
    assert schema is not None
    wrappers = {child.attrib["name"]: describe_type(child[0]) for child in schema.findall(f"{XS}element")}
    messages = {each.attrib["name"]: each[0].attrib for each in root.findall(f"{WSDL}message")}
    port = root.find(f"{WSDL}portType")
    assert port is not None
    assert [each.attrib["name"] for each in port] == list(operations)
    for operation in port:
        name = operation.attrib["name"]
        assert (wrappers[name], wrappers[f"{name}Response"]) == operations[name]
        for side, message in zip(operation, (name, f"{name}Response"), strict=True):
            part = messages[side.attrib["message"].partition(":")[2]]
            assert part == {"name": "parameters", "element": f"e:{message}"}


@TABLES
def test_the_binding_is_soap_1_1_of_literal_documents(
    wsdl: str, operations: dict[str, Any], types: dict[str, Any]
) -> None:
    (binding,) = ElementTree.fromstring(wsdl).findall(f"{WSDL}binding")
    style = binding[0]
    assert style.attrib == {"style": "document", "transport": "http://schemas.xmlsoap.org/soap/http"}
    bound = binding[1:]
    assert [each.attrib["name"] for each in bound] == list(operations)
    assert {each[0].attrib["soapAction"] for each in bound} == {""}
    assert {body.attrib["use"] for body in binding.iter(f"{SOAP}body")} == {"literal"}


def test_only_elements_of_operations_are_in_the_namespace() -> None:
    schema = ElementTree.fromstring(SERVICE).find(f".//{XS}schema")
    assert schema is not None
    assert schema.attrib == {"targetNamespace": NAMESPACE}  # elements below are unqualified by default


NAMES = [
    (CATALOGUE, "Catalog", "ServiceCatalogPort", "https://maps.example.org/arcgis/services"),
    (
        SERVICE,
        "Flow_GPServer",
        "GPServerPort",
        "https://maps.example.org/arcgis/services/Water/Flow/GPServer",
    ),
]


@pytest.mark.parametrize(("wsdl", "service", "port", "address"), NAMES)
def test_the_service_has_one_port_at_the_address(wsdl: str, service: str, port: str, address: str) -> None:
    (found,) = ElementTree.fromstring(wsdl).findall(f"{WSDL}service")
    assert found.attrib["name"] == service
    assert [each.attrib["name"] for each in found] == [port]
    assert found[0][0].attrib["location"] == address


def test_an_address_is_escaped() -> None:
    wsdl = write_service_wsdl("Flow", 'https://maps.example.org/a?b="c"&d=<e>')
    location = ElementTree.fromstring(wsdl).find(f".//{SOAP}address")
    assert location is not None
    assert location.attrib["location"] == 'https://maps.example.org/a?b="c"&d=<e>'


@LOADERS
@TABLES
def test_other_clients_load_every_operation(
    load: Callable[[str], Any], wsdl: str, operations: dict[str, Any], types: dict[str, Any]
) -> None:
    client = load(wsdl)
    for name, (request, _) in operations.items():
        assert list_arguments(client, name) == [
            word.partition(":")[0].rstrip("?*") for word in request.split()
        ]


def list_arguments(client: Any, operation: str) -> list[str]:
    """Return the names of an operation's arguments as a client sees them."""
    if isinstance(client, zeep.Client):
        wrapper = client.service._binding.get(operation).input.body
        return [name for name, _ in wrapper.type.elements]
    method = client.wsdl.services[0].ports[0].methods[operation]
    return [name for name, *_ in method.binding.input.param_defs(method)]
