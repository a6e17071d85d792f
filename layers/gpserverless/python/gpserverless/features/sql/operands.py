"""What the parts of a condition come to: values of one kind, with SQL's null beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import DATE
from gpserverless.features.rows import Rows

Kind = Literal["number", "text", "date", "condition", "null"]

NOUNS = {
    "number": "a number",
    "text": "a text",
    "date": "a date",
    "condition": "a condition",
    "null": "null",
}


@dataclass(frozen=True)
class Operand:
    """What a part of a condition comes to.

    Attributes:
        kind: What the values are; of a condition, whether it is true.
        values: Shape (N,), or () for a constant; anything where `null`.
        null: Where the value is null or unknown, likewise.
    """

    kind: Kind
    values: NDArray[Any]
    null: NDArray[np.bool_]


_EMPTY = {
    "number": np.array(0.0),
    "date": np.array(0.0),
    "text": np.array("", object),
    "condition": np.array(False),
}


def make_constant(kind: Kind, value: Any) -> Operand:
    """Return a constant."""
    return Operand(kind, np.array(value, object if kind == "text" else None), np.array(False))


def parse_date(text: str) -> Operand:
    """Return a moment as milliseconds since 1970 UTC, as columns of dates hold it.

    Raises:
        InvalidValue: The text is no date of ISO 8601.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            f"'{text[:40]}' is not a date", "DATE '2026-11-21', TIMESTAMP '2026-11-21 08:30:00'"
        ) from None
    return make_constant("date", (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def read_column(rows: Rows, name: str) -> Operand:
    """Return the values of a field.

    Raises:
        InvalidValue: There is no such field.
    """
    described = rows.field(name)
    values = rows.columns[described.name]
    kind: Kind = "number" if described.is_number else "date" if described.type == DATE else "text"
    if values.dtype.kind in "if":
        return Operand(kind, values, np.isnan(values))
    items = values.tolist()
    null = np.array([item is None for item in items], np.bool_)
    if kind == "text":
        return Operand(kind, objects([item if isinstance(item, str) else "" for item in items]), null)
    return Operand(kind, np.where(null, 0, values).astype(np.float64), null)


def objects(items: list[Any]) -> NDArray[np.object_]:
    """Return a list as an array of objects, shape (N,)."""
    array: NDArray[np.object_] = np.empty(len(items), object)
    array[:] = items
    return array


def require_kind(operand: Operand, kind: Kind, place: str) -> Operand:
    """Return an operand that is of a kind; a null is of every kind.

    Args:
        operand: What there is.
        kind: What is needed.
        place: Where it stands, for the error.

    Raises:
        InvalidValue: It is of another kind.
    """
    if operand.kind == "null":
        return Operand(kind, _EMPTY[kind], operand.null)
    if operand.kind != kind:
        raise InvalidValue(f"{NOUNS[operand.kind]}{place} stands where {NOUNS[kind]} is needed", NOUNS[kind])
    return operand


def map_values(function: Callable[[Any], Any], values: NDArray[Any], dtype: Any) -> NDArray[Any]:
    """Return what a function makes of every value; it is asked once for each different one."""
    items = values.reshape(-1).tolist()
    known = {item: function(item) for item in set(items)}
    return np.array([known[item] for item in items], dtype).reshape(values.shape)
