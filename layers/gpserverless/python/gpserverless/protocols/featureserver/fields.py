"""Fields as layers and answers describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DOUBLE,
    INTEGER,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)

_SQL_TYPES: Mapping[str, str] = {
    SMALL_INTEGER: "sqlTypeSmallInt",
    INTEGER: "sqlTypeInteger",
    BIG_INTEGER: "sqlTypeBigInt",
    SINGLE: "sqlTypeReal",
    DOUBLE: "sqlTypeDouble",
    STRING: "sqlTypeNVarchar",
    DATE: "sqlTypeTimestamp2",
}


def describe_field(field: Field) -> dict[str, Any]:
    """Return a field as an answer describes it.

    Args:
        field: The field.
    """
    known = field.to_json()
    known.pop("nullable", None)
    return {**known, "sqlType": find_sql_type(field), "domain": field.domain, "defaultValue": None}


def describe_field_of_layer(field: Field, *, is_object_id: bool) -> dict[str, Any]:
    """Return a field as a layer describes it.

    Args:
        field: The field.
        is_object_id: Whether it is that of the object ids.
    """
    nullable = False if is_object_id else field.nullable is not False
    return {**describe_field(field), "nullable": nullable, "editable": False}


def find_sql_type(field: Field) -> str:
    """Return the type of a field in a database, as Esri names it.

    Args:
        field: The field.
    """
    return _SQL_TYPES.get(field.type, "sqlTypeOther")
