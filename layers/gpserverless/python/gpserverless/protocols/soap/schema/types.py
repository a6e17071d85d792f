"""Every type of the schema by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from gpserverless.protocols.soap.schema.catalogue import ARRAY_OF_STRING, CATALOGUE_TYPES
from gpserverless.protocols.soap.schema.discovery import DISCOVERY_TYPES
from gpserverless.protocols.soap.schema.geometries import GEOMETRY_TYPES
from gpserverless.protocols.soap.schema.references import REFERENCE_TYPES
from gpserverless.protocols.soap.schema.results import RESULT_TYPES
from gpserverless.protocols.soap.schema.table import BUILT_IN, Child, ComplexType, Enumeration, SchemaType
from gpserverless.protocols.soap.schema.tables import TABLE_TYPES
from gpserverless.protocols.soap.schema.values import VALUE_TYPES

SERVICE_TYPES: tuple[SchemaType, ...] = (
    ARRAY_OF_STRING,
    *DISCOVERY_TYPES,
    *VALUE_TYPES,
    *RESULT_TYPES,
    *TABLE_TYPES,
    *REFERENCE_TYPES,
    *GEOMETRY_TYPES,
)
"""The types of a service."""

TYPES: Mapping[str, SchemaType] = MappingProxyType(
    {each.name: each for each in (*CATALOGUE_TYPES, *SERVICE_TYPES)}
)
"""The types of the catalogue and of services by name."""


def is_simple(type_name: str) -> bool:
    """Return whether a type is a text without elements.

    Args:
        type_name: Name of a type.
    """
    return type_name in BUILT_IN or isinstance(TYPES[type_name], Enumeration)


def list_words(type_name: str) -> tuple[str, ...]:
    """Return the words of an enumeration, none for another type.

    Args:
        type_name: Name of a type.
    """
    found = TYPES.get(type_name)
    return found.words if isinstance(found, Enumeration) else ()


def find_type(type_name: str) -> ComplexType:
    """Return a complex type.

    Args:
        type_name: Its name.

    Raises:
        ValueError: There is none of this name.
    """
    found = TYPES.get(type_name)
    if not isinstance(found, ComplexType):
        raise ValueError(f"the schema has no complex type {type_name}")
    return found


@cache
def list_children(type_name: str) -> tuple[Child, ...]:
    """Return the elements of a complex type, those of its base first.

    Args:
        type_name: Its name.

    Raises:
        ValueError: There is none of this name.
    """
    found = find_type(type_name)
    return (list_children(found.base) if found.base else ()) + found.children


@cache
def extends(type_name: str, base: str) -> bool:
    """Return whether a complex type is another one, or extends it.

    Args:
        type_name: Name of the type.
        base: Name of the other.

    Raises:
        ValueError: There is no such type.
    """
    found = find_type(type_name)
    return type_name == base or (found.base != "" and extends(found.base, base))
