"""SOAP envelopes: the one operation in the Body."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from gpserverless.errors import RequestError, UnknownEnvelope, UnknownHeader
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.namespaces import ADVERTISED_ARCGIS, ARCGIS, SOAP_ENVELOPES
from gpserverless.protocols.soap.xml.read import read_xml
from gpserverless.values.quotation import quoted

_VERSION = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class SoapCall:
    """One operation that a client asks for.

    Attributes:
        operation: Its name.
        namespace: Namespace of ArcGIS of one version; the answer is in the same.
        arguments: The element of the operation; its children are the arguments.
        envelope_namespace: Namespace of SOAP 1.1 or 1.2; the answer is in the same.
    """

    operation: str
    namespace: str
    arguments: Element
    envelope_namespace: str


def read_envelope(body: bytes, charset: str = "") -> SoapCall:
    """Read the operation in a SOAP envelope.

    Args:
        body: The XML of the request.
        charset: The charset of its Content-Type header, "" for none.

    Raises:
        RequestError: It is no envelope with one operation of ArcGIS in its Body.
        UnknownEnvelope: It is an envelope of another version of SOAP.
        UnknownHeader: It has a header that must be understood.
        TooLarge: It is over a limit.
    """
    envelope = read_xml(body, charset)
    if envelope.name != "Envelope":
        raise RequestError(f"The request is XML, but {quoted(envelope.name)} is no SOAP envelope.")
    if envelope.namespace not in SOAP_ENVELOPES:
        raise UnknownEnvelope("The envelope is of another version of SOAP; send SOAP 1.1.")
    parts = [child for child in envelope.children if child.namespace == envelope.namespace]
    _check_headers(parts)
    bodies = [part for part in parts if part.name == "Body"]
    if len(bodies) != 1:
        raise RequestError(f"The SOAP envelope has {len(bodies)} Bodies; send one.")
    return _read_operation(bodies[0], envelope.namespace)


def _check_headers(parts: list[Element]) -> None:
    headers = [header for part in parts if part.name == "Header" for header in part.children]
    for header in headers:
        if header.must_understand:
            raise UnknownHeader(f"The SOAP header {quoted(header.name)} is not understood, as it must be.")


def _read_operation(body: Element, envelope_namespace: str) -> SoapCall:
    if len(body.children) != 1:
        raise RequestError(f"The Body of the SOAP envelope has {len(body.children)} operations; send one.")
    operation = body.children[0]
    namespace = operation.namespace or ADVERTISED_ARCGIS
    if not namespace.startswith(ARCGIS) or not _VERSION.fullmatch(namespace.removeprefix(ARCGIS)):
        raise RequestError(
            f"The operation {quoted(operation.name)} is in no namespace of ArcGIS; send {ADVERTISED_ARCGIS}."
        )
    _check_arguments(operation)
    return SoapCall(operation.name, namespace, operation, envelope_namespace)


def _check_arguments(operation: Element) -> None:
    """Raise if an argument is there twice: it is not known which of the two is meant."""
    names = [argument.name for argument in operation.children]
    for name, count in Counter(names).items():
        if count > 1:
            raise RequestError(f"The operation has {count:,} arguments {quoted(name)}; send one.")
