"""DynamoDB's typed values ⇄ plain ones: text, exact numbers, booleans, None, lists and mappings of these.

A frozen set of texts is a set of DynamoDB, which has no empty ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def encode(value: Any) -> dict[str, Any]:
    """Return a plain value in DynamoDB's notation, such as `{"S": "text"}` or `{"N": "1"}`.

    Args:
        value: Text, number, truth value, None, or a list or mapping of them; or a frozen set of texts.

    Raises:
        TypeError: Rows do not hold values of this type.
    """
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, (int, Decimal)):
        return {"N": format(value, "f") if isinstance(value, Decimal) else str(value)}
    return _encode_collection(value)


def _encode_collection(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {"M": encode_item(value)}
    if isinstance(value, (list, tuple)):
        return {"L": [encode(member) for member in value]}
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    raise TypeError(f"a row cannot hold a {type(value).__name__}")


def decode(typed: Mapping[str, Any]) -> Any:
    """Return the plain value of one in DynamoDB's notation.

    Args:
        typed: A value in DynamoDB's notation.
    """
    ((kind, value),) = typed.items()
    if kind == "NULL":
        return None
    if kind == "N":
        return Decimal(value) if "." in value or "E" in value else int(value)
    if kind == "M":
        return decode_item(value)
    if kind == "SS":
        return frozenset(value)
    if kind == "L":
        return [decode(member) for member in value]
    return value


def encode_item(item: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a row, or a mapping in one, in DynamoDB's notation.

    Args:
        item: The row, with plain values.
    """
    return {name: encode(value) for name, value in item.items()}


def decode_item(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a row, or a mapping in one, with plain values.

    Args:
        item: The row in DynamoDB's notation.
    """
    return {name: decode(typed) for name, typed in item.items()}
