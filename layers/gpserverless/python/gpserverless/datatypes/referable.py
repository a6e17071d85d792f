"""Data types whose values may lie elsewhere, and the ways in which clients leave such a value out.

A type that is `Referable` finds the references in a value. Its caller fetches them and puts a `LocalFile` in
their place, which JSON cannot forge.

A reference whose place is empty, such as {"url": ""}, stands for no value, as {} and null do: that is how
clients leave a file out. So does a list of references without elements.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType
from gpserverless.datatypes.capabilities import is_blank, is_textual
from gpserverless.datatypes.references import ACCEPTED, PLACES, Reference
from gpserverless.errors import InvalidValue

_LONGEST_BLANK = 2_000
"""Characters of the longest reference that may turn out to have no place."""

_LONGEST_NULL = 20
"""Characters of the longest `null` with its white space."""

Fetch = Callable[[Reference], Any]
"""Takes a reference, and returns its replacement."""


class Referable(ABC):
    """A data type whose values may lie elsewhere."""

    @property
    def may_be_reference(self) -> bool:
        """Whether this holds with the type's settings."""
        return True

    def is_blank(self, raw: JSON) -> bool:
        """Return whether a value stands for none.

        Args:
            raw: Text as the caller sent it, or the JSON value inside an array or object.
        """
        return is_blank_reference(raw)

    @abstractmethod
    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Return a value with every reference in it replaced by its `fetch`.

        Args:
            raw: Text as the caller sent it, or the JSON value inside an array or object.
            fetch: Takes a reference.

        Raises:
            InvalidValue: A reference is malformed.
        """


def may_be_reference(data_type: DataType) -> bool:
    """Return whether values of a type may lie elsewhere.

    Args:
        data_type: The data type.
    """
    return isinstance(data_type, Referable) and data_type.may_be_reference


def fetch_references(data_type: DataType, raw: JSON, fetch: Fetch) -> JSON:
    """Return a value with every reference in it replaced by its `fetch`.

    Args:
        data_type: The type of the value, `Referable` or not.
        raw: Text as the caller sent it, or the JSON value inside an array or object.
        fetch: Takes a reference.

    Raises:
        InvalidValue: A reference is malformed.
    """
    return data_type.fetch_references(raw, fetch) if isinstance(data_type, Referable) else raw


def is_given(data_type: DataType, raw: JSON) -> bool:
    """Return whether a caller gives a value, or leaves it out in one of the ways of clients.

    Args:
        data_type: The type of the value.
        raw: Text as the caller sent it, the JSON value inside an array or object, or a fetched value.
    """
    if is_blank(data_type, raw):
        return False
    if isinstance(raw, str) and len(raw) < _LONGEST_NULL and raw.strip() == "null":
        return is_textual(data_type)
    return not (isinstance(data_type, Referable) and data_type.may_be_reference and data_type.is_blank(raw))


def parse_short(raw: JSON) -> JSON:
    """Return the JSON value of a short text that may stand for no value; any other value as it is.

    Args:
        raw: Text as the caller sent it, or the JSON value inside an array or object.
    """
    if not isinstance(raw, str) or len(raw) > _LONGEST_BLANK:
        return raw
    text = raw.strip()
    if text in ("", "null", "None"):
        return None
    try:
        return json_text.parse(text, ACCEPTED) if text.startswith(("{", "[")) else raw
    except InvalidValue:
        return raw  # the type itself refuses it, with better words


def is_blank_reference(raw: JSON) -> bool:
    """Return whether a value is null, empty, or a reference whose place is empty.

    Args:
        raw: Text as the caller sent it, or the JSON value inside an array or object.
    """
    raw = parse_short(raw)
    if raw is None or raw == {}:
        return True
    if not isinstance(raw, Mapping) or "features" in raw or "featureSet" in raw:
        return False
    places = [value for name, value in raw.items() if str(name).lower() in PLACES]
    return all(value is None or str(value).strip() == "" for value in places or raw.values())
