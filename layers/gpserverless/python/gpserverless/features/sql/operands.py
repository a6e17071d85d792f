"""Values of the parts of a condition: of one kind, with SQL's null beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import DATE
from gpserverless.features.rows import Rows, make_object_column
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted

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
    """The value of a part of a condition.

    Attributes:
        kind: Kind of the values; those of a condition are its truth.
        values: Shape (N,), or () for a constant; without meaning where `null`.
        null: Shape (N,) or (), whether the value is null or unknown.
    """

    kind: Kind
    values: NDArray[Any]
    null: NDArray[np.bool_]


LEAST_INEXACT = 2**53
"""Smallest whole number from which on a float is not sure to tell it from the next."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000.0
_EMPTY = {
    "number": np.array(0.0),
    "date": np.array(0.0),
    "text": np.array("", object),
    "condition": np.array(False),
}


def make_constant(kind: Kind, value: Any) -> Operand:
    """Make an operand of one value.

    Args:
        kind: Kind of the value.
        value: The value; of a date milliseconds since 1970 UTC.
    """
    return Operand(kind, np.array(value, object if kind == "text" else None), np.array(False))


def make_number(text: str) -> Operand:
    """Make an operand of one number: a whole one stays whole where a float would not tell it from the next.

    Args:
        text: The number, without a sign.
    """
    whole = int(text) if text.isdigit() and len(text) < 20 else 0
    return make_constant("number", whole if LEAST_INEXACT <= whole < 2**63 else float(text))


def parse_date(text: str) -> Operand:
    """Parse a date or moment to a constant; without a time zone it is in UTC.

    Args:
        text: ISO 8601.

    Raises:
        InvalidValue: The text is no date of ISO 8601.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            f"'{text[:40]}' is not a date", "DATE '2026-11-21', TIMESTAMP '2026-11-21 08:30:00'"
        ) from None
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return make_constant("date", since // timedelta(microseconds=1) / 1000)  # seconds as a float lose some


def read_column(rows: Rows, name: str) -> Operand:
    """Read the values of a field.

    Args:
        rows: A table or feature set.
        name: Name of the field, in any letter case.

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
        texts = make_object_column([item if isinstance(item, str) else "" for item in items])
        return Operand(kind, texts, null)
    numbers = [0 if item is None else item for item in items]
    return Operand(kind, np.array(numbers, np.int64 if _need_integers(numbers) else np.float64), null)


def _need_integers(numbers: Sequence[Any]) -> bool:
    """Return whether numbers are whole, and some so large that floats would not tell them apart."""
    return all(isinstance(number, int) and -(2**63) <= number < 2**63 for number in numbers) and any(
        abs(number) >= LEAST_INEXACT for number in numbers
    )


def read_days(operand: Operand) -> Operand:
    """Return days as dates: the moments at which they begin.

    Args:
        operand: Texts such as "2026-11-21".

    Raises:
        InvalidValue: A text is no day.
    """
    texts = np.where(operand.null, "1970-01-01", operand.values)
    return Operand("date", map_values(_read_day, texts, np.float64), operand.null)


def _read_day(text: Any) -> float:
    try:
        return (date.fromisoformat(text).toordinal() - _EPOCH.toordinal()) * _DAY
    except (TypeError, ValueError):
        raise InvalidValue(f"{quoted(text)} is no day", "days such as 2026-11-21") from None


def require_kind(operand: Operand, kind: Kind, place: str) -> Operand:
    """Return the operand if it is of a kind; null is of every kind.

    Args:
        operand: The operand.
        kind: The kind that is needed.
        place: Place of the operand in the text, for the error.

    Raises:
        InvalidValue: The operand is of another kind.
    """
    if operand.kind == "null":
        return Operand(kind, _EMPTY[kind], operand.null)
    if operand.kind != kind:
        raise InvalidValue(f"{NOUNS[operand.kind]}{place} stands where {NOUNS[kind]} is needed", NOUNS[kind])
    return operand


def write_operand(operand: Operand) -> Operand:
    """Return the values as texts: whole numbers without a point, dates as ISO 8601 in UTC.

    Args:
        operand: The values, of any kind.
    """
    if operand.kind in ("text", "null"):
        return require_kind(operand, "text", "")
    writers: dict[str, Callable[[Any], str]] = {
        "number": lambda value: str(int(value)) if abs(value) < 2**53 and value == int(value) else str(value),
        "date": lambda value: str(np.datetime64(int(value), "ms")) + "Z",
        "condition": str,
    }
    values = operand.values
    if operand.kind != "condition":
        values = np.where(operand.null | ~np.isfinite(values), 0, values)
    return Operand("text", map_values(writers[operand.kind], values, object), operand.null)


def read_number(operand: Operand) -> Operand:
    """Return the values as numbers.

    Args:
        operand: Numbers, or texts of numbers.

    Raises:
        InvalidValue: A text is no number, or the values are of another kind.
    """
    if operand.kind != "text":
        return require_kind(operand, "number", "")
    texts = np.where(operand.null, "0", operand.values)
    return Operand("number", map_values(_read_number, texts, np.float64), operand.null)


def _read_number(text: str) -> float:
    number = read_float(text)
    if number is None or not np.isfinite(number):
        raise InvalidValue(f"the text {quoted(text)} is no number", "texts of numbers")
    return number


def map_pairs(
    function: Callable[[Any, Any], Any], a: NDArray[Any], b: NDArray[Any], dtype: Any
) -> NDArray[Any]:
    """Apply a function to every pair of values.

    Args:
        function: Takes a value of each.
        a: Of any shape that goes with that of b.
        b: Likewise.
        dtype: Type of the results.
    """
    first, second = np.broadcast_arrays(a, b)
    pairs = zip(first.reshape(-1).tolist(), second.reshape(-1).tolist(), strict=True)
    return np.array([function(*pair) for pair in pairs], dtype).reshape(first.shape)


def map_values(function: Callable[[Any], Any], values: NDArray[Any], dtype: Any) -> NDArray[Any]:
    """Apply a function to every value; it is called once for each different one.

    Args:
        function: Takes one value.
        values: Of any shape.
        dtype: Type of the results.
    """
    items = values.reshape(-1).tolist()
    known = {item: function(item) for item in set(items)}
    return np.array([known[item] for item in items], dtype).reshape(values.shape)
