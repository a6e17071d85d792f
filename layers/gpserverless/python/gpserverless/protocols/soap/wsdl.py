"""The descriptions of the catalogue and of services in WSDL 1.1, written from the tables of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from gpserverless.protocols.soap.schema.catalogue import CATALOGUE_TYPES
from gpserverless.protocols.soap.schema.operations import CATALOGUE_OPERATIONS, SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.table import BUILT_IN, Child, Enumeration, Operation, SchemaType
from gpserverless.protocols.soap.schema.text import escape_attribute
from gpserverless.protocols.soap.schema.types import SERVICE_TYPES

NAMESPACE = "http://www.esri.com/schemas/ArcGIS/10.8"
"""The namespace of the descriptions; a call is answered in its own."""


def write_catalogue_wsdl(address: str) -> str:
    """Write the description of the catalogue.

    Args:
        address: URL of the catalogue, as its caller knows it.
    """
    return _write_wsdl("ServiceCatalog", "Catalog", address)


def write_service_wsdl(service_name: str, address: str) -> str:
    """Write the description of a service.

    Args:
        service_name: Name of the service, with its folder or without.
        address: URL of the service, as its caller knows it.
    """
    return _write_wsdl("GPServer", f"{service_name.rpartition('/')[2]}_GPServer", address)


def _write_wsdl(port: str, service: str, address: str) -> str:
    return (
        _write_interface(port) + f'<service name="{escape_attribute(service)}">'
        f'<port name="{port}Port" binding="e:{port}Binding">'
        f'<soap:address location="{escape_attribute(address)}"/></port></service></definitions>'
    )


@cache
def _write_interface(port: str) -> str:
    """Write all that does not depend on the address."""
    operations, types = _INTERFACES[port]
    each = operations.values()
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<definitions targetNamespace="{NAMESPACE}" xmlns="http://schemas.xmlsoap.org/wsdl/"'
        ' xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:e="{NAMESPACE}"><types>{_write_schema(each, types)}</types>'
        + "".join(map(_write_messages, each))
        + f'<portType name="{port}Port">{"".join(map(_write_operation, each))}</portType>'
        f'<binding name="{port}Binding" type="e:{port}Port">'
        '<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>'
        f"{''.join(map(_bind_operation, each))}</binding>"
    )


_INTERFACES: Mapping[str, tuple[Mapping[str, Operation], Sequence[SchemaType]]] = {
    "ServiceCatalog": (CATALOGUE_OPERATIONS, CATALOGUE_TYPES),
    "GPServer": (SERVICE_OPERATIONS, SERVICE_TYPES),
}


def _write_schema(operations: Iterable[Operation], types: Iterable[SchemaType]) -> str:
    elements = (
        f'<xs:element name="{name}"><xs:complexType>{_write_sequence(children)}</xs:complexType></xs:element>'
        for operation in operations
        for name, children in (
            (operation.name, operation.request),
            (f"{operation.name}Response", operation.response),
        )
    )
    content = "".join((*elements, *map(_write_type, types)))
    # Its prefixes are declared here too: some readers cut the schema out.
    prefixes = f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="{NAMESPACE}"'
    return f'<xs:schema {prefixes} targetNamespace="{NAMESPACE}">{content}</xs:schema>'


def _write_type(described: SchemaType) -> str:
    if isinstance(described, Enumeration):
        words = "".join(f'<xs:enumeration value="{word}"/>' for word in described.words)
        restriction = f'<xs:restriction base="xs:string">{words}</xs:restriction>'
        return f'<xs:simpleType name="{described.name}">{restriction}</xs:simpleType>'
    content = _write_sequence(described.children)
    if described.base:
        extension = f'<xs:extension base="e:{described.base}">{content}</xs:extension>'
        content = f"<xs:complexContent>{extension}</xs:complexContent>"
    abstract = ' abstract="true"' if described.is_abstract else ""
    return f'<xs:complexType name="{described.name}"{abstract}>{content}</xs:complexType>'


def _write_sequence(children: Iterable[Child]) -> str:
    return f"<xs:sequence>{''.join(map(_write_child, children))}</xs:sequence>"


def _write_child(child: Child) -> str:
    prefix = "xs" if child.type_name in BUILT_IN else "e"
    attributes = {
        "name": child.name,
        "type": f"{prefix}:{child.type_name}",
        "minOccurs": "0" if child.is_optional or child.is_many else "",
        "maxOccurs": "unbounded" if child.is_many else "",
        "nillable": "true" if child.is_nillable else "",
    }
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value)
    return f"<xs:element {written}/>"


def _write_messages(operation: Operation) -> str:
    name = operation.name
    return "".join(
        f'<message name="{message}"><part name="parameters" element="e:{element}"/></message>'
        for message, element in ((f"{name}In", name), (f"{name}Out", f"{name}Response"))
    )


def _write_operation(operation: Operation) -> str:
    name = operation.name
    return (
        f'<operation name="{name}"><input message="e:{name}In"/><output message="e:{name}Out"/></operation>'
    )


def _bind_operation(operation: Operation) -> str:
    return (
        f'<operation name="{operation.name}"><soap:operation soapAction="" style="document"/>'
        '<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>'
    )
