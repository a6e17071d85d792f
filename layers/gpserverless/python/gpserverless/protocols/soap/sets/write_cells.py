"""Columns of attributes written as cells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DOUBLE,
    INTEGER,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.features.rows import Column, is_null
from gpserverless.protocols.soap.schema.text import escape, write_number
from gpserverless.protocols.soap.sets.markup import NIL_CELL
from gpserverless.protocols.soap.sets.write_fields import adapt_field

_BITS = {SMALL_INTEGER: 15, INTEGER: 31, OID: 31}
_EXACT_IN_DOUBLE = 2**53
_LONGEST_WHOLE_NUMBER = 20  # characters of one of 64 bits
_FIRST_MOMENT, _END_OF_MOMENTS = -62_135_596_800_000, 253_402_300_800_000  # the years 1 to 9999
_XSD = {
    SMALL_INTEGER: "short",
    INTEGER: "int",
    OID: "int",
    SINGLE: "float",
    DOUBLE: "double",
    DATE: "dateTime",
}


@dataclass(frozen=True)
class CellColumn:
    """A column of cells.

    Attributes:
        field: Its field, with a type of the schema that holds all values.
        cells: The XML of every cell.
    """

    field: Field
    cells: list[bytes]


def write_column(field: Field, column: Column) -> CellColumn:
    """Write a column as cells.

    Whole numbers that their type does not hold get a wider type: in the end a double if that is exact, else a
    text.

    Args:
        field: Its field, of any type.
        column: Its values, shape (N,).

    Raises:
        InvalidValue: A date is not in the years 1 to 9999.
    """
    is_whole = column.dtype.kind in "iu"  # without a null
    values = column.tolist() if is_whole else [None if is_null(value) else value for value in column.tolist()]
    field = adapt_field(_widen(field, values))
    if field.type == DATE:
        texts = _write_moments(field, values)
    else:
        write = _WRITERS.get(field.type, _write_text)
        texts = [None if value is None else write(value) for value in values]
    return CellColumn(field, _wrap(_XSD.get(field.type, "string"), texts))


def _widen(field: Field, values: Sequence[Any]) -> Field:
    """Return a field whose type holds all values; a field of object ids that does not is no longer one."""
    bits = _BITS.get(field.type)
    if bits is None and field.type != BIG_INTEGER:
        return field
    given = [value for value in values if value is not None]
    low, high = min(given, default=0), max(given, default=0)
    if bits is not None and -(2**bits) <= low and high < 2**bits:
        return field
    if bits is not None and bits < _BITS[INTEGER] and low >= -(2**31) and high < 2**31:
        return replace(field, type=INTEGER)
    if low >= -_EXACT_IN_DOUBLE and high <= _EXACT_IN_DOUBLE:
        return replace(field, type=DOUBLE)
    return replace(field, type=STRING, length=_LONGEST_WHOLE_NUMBER)


def _write_real(value: Any) -> str:
    return write_number(float(value))


def _write_whole(value: Any) -> str:
    return str(int(value))


def _write_text(value: Any) -> str:
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


_WRITERS: dict[str, Callable[[Any], str]] = {
    SINGLE: _write_real,
    DOUBLE: _write_real,
    SMALL_INTEGER: _write_whole,
    INTEGER: _write_whole,
    OID: _write_whole,
}


def _write_moments(field: Field, values: Sequence[Any]) -> list[str | None]:
    """Return milliseconds since 1970 UTC as dates and times without a zone."""
    for number, value in enumerate(values, start=1):
        if value is not None and not _FIRST_MOMENT <= value < _END_OF_MOMENTS:
            problem = f"record {number}: the date in field '{field.name[:60]}' cannot be written"
            raise InvalidValue(problem, "dates of the years 1 to 9999")
    moments = np.array([0 if value is None else value for value in values], "datetime64[ms]")
    texts = np.datetime_as_string(moments).tolist()
    return [
        None if value is None else text.removesuffix(".000")
        for value, text in zip(values, texts, strict=True)
    ]


def _wrap(xsd_type: str, texts: Iterable[str | None]) -> list[bytes]:
    start = f'<Value xsi:type="xsd:{xsd_type}">'
    return [NIL_CELL if text is None else f"{start}{text}</Value>".encode() for text in texts]
