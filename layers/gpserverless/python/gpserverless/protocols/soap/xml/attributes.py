"""Attributes of XML elements: namespaces, `xsi:type` and `xsi:nil`, and what a SOAP header must be."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.namespaces import NEXT_ACTORS, SCHEMA_INSTANCES, SOAP_ENVELOPES

MAX_ATTRIBUTES = 100
"""Most attributes of one element."""

MAX_PREFIXES = 100
"""Most prefixes that are declared at one place."""

MAX_NAMESPACE = 500
"""Most characters of a namespace."""

_TRUE = frozenset({"true", "1"})


def find_scope(scope: Mapping[str, str], attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Return the namespaces of all prefixes in an element; the same mapping if it declares none.

    Args:
        scope: Those of the element around it; "" is the default namespace.
        attributes: Its attributes, with prefixes.

    Raises:
        TooLarge: It has too many attributes or prefixes, or a namespace is too long.
    """
    if len(attributes) > MAX_ATTRIBUTES:
        raise TooLarge(f"The request has an element with more than {MAX_ATTRIBUTES} attributes.")
    for name in attributes:
        if name.startswith("xmlns"):
            break
    else:
        return scope
    declared = {
        name[6:]: value for name, value in attributes.items() if name == "xmlns" or name.startswith("xmlns:")
    }
    if any(len(value) > MAX_NAMESPACE for value in declared.values()):
        raise TooLarge(f"The request has a namespace of more than {MAX_NAMESPACE} characters.")
    merged = {**scope, **declared}
    if len(merged) > MAX_PREFIXES:
        raise TooLarge(f"The request declares more than {MAX_PREFIXES} prefixes at one place.")
    return merged


def read_attributes(element: Element, attributes: Mapping[str, str], scope: Mapping[str, str]) -> None:
    """Set the properties of an element that stand in its attributes.

    Args:
        element: The element.
        attributes: Its attributes, with prefixes.
        scope: Namespaces of all prefixes in it.

    Raises:
        RequestError: It refers to another element for its content.
    """
    addressed = True
    for name, value in attributes.items():
        prefix, _, local = name.rpartition(":")
        namespace = scope.get(prefix, "") if prefix else ""
        if namespace in SCHEMA_INSTANCES:
            _read_hint(element, local, value)
        elif namespace in SOAP_ENVELOPES and local == "mustUnderstand":
            element.must_understand = value.strip() in _TRUE
        elif namespace in SOAP_ENVELOPES and local in ("actor", "role"):
            addressed = value.strip() in NEXT_ACTORS
        elif name == "href":
            raise RequestError("The request refers to values elsewhere (href); send each in its place.")
    if not addressed:
        element.must_understand = False


def _read_hint(element: Element, local: str, value: str) -> None:
    if local == "type":
        element.type_name = value.rpartition(":")[2].strip()
    elif local in ("nil", "null"):
        element.is_nil = value.strip() in _TRUE
