"""Data types as JSON documents, for the catalogue file that the light functions read."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

from gpserverless.datatypes.base import JSON, DataType
from gpserverless.datatypes.registry import DATA_TYPES
from gpserverless.datatypes.scalars import Range
from gpserverless.datatypes.value_table import ValueColumn

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (*DATA_TYPES, Range, ValueColumn)}
"""The data types, and the classes of their settings, by class name."""


def to_document(value: Any) -> JSON:
    """Return a data type or a setting of one as JSON; settings at their default are left out.

    Args:
        value: A data type, or the value of one of its settings.
    """
    if type(value).__name__ in KINDS:
        published = [f for f in fields(value) if f.metadata.get("published", True)]
        changed = {f.name: to_document(getattr(value, f.name)) for f in published if _is_changed(f, value)}
        return {"kind": type(value).__name__, **changed}
    return [to_document(v) for v in value] if isinstance(value, tuple) else value


def _is_changed(setting: Field[Any], value: Any) -> bool:
    return setting.default is MISSING or getattr(value, setting.name) != setting.default


def from_document(document: JSON) -> Any:
    """Return the data type or setting of a document that `to_document` made.

    Args:
        document: JSON of a data type or of a setting.
    """
    if isinstance(document, dict):
        settings = {n: from_document(v) for n, v in document.items() if n != "kind"}
        return KINDS[document["kind"]](**settings)
    return tuple(from_document(v) for v in document) if isinstance(document, list) else document


def read_data_type(document: JSON) -> DataType:
    """Return the data type of a document.

    Args:
        document: JSON of a data type.

    Raises:
        TypeError: The document is not that of a data type.
    """
    value = from_document(document)
    if not isinstance(value, DataType):
        raise TypeError(f"not a data type: {document!r}")
    return value
