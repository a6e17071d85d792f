"""Attribute columns of tables and feature sets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.attribute_values import to_moments, write_nested
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DATE_ONLY,
    DOUBLE,
    INTEGER,
    INTEGER_TYPES,
    OID,
    SMALL_INTEGER,
    STRING,
    Field,
)

Column = NDArray[Any]
_FIELD_BY_KIND = {"b": SMALL_INTEGER, "i": BIG_INTEGER, "u": BIG_INTEGER, "f": DOUBLE}
_INT32 = 2**31
_INT64 = 2.0**63
_NUMBERS = frozenset({int, float, bool})
_NESTED = frozenset({list, dict, tuple})


@dataclass(frozen=True)
class Rows:
    """Columns of equal length.

    Attributes:
        fields: Description of every column, in order.
        columns: The values by field name, each of shape (N,): numbers without null as int64 or float64,
            everything else as objects with None for null. Dates are milliseconds since 1970 UTC. A NaN among
            floats is written as null.
    """

    fields: tuple[Field, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns.items()}
        if any(length != len(self) for length in lengths.values()):
            raise ValueError(f"columns of different lengths: {len(self)} rows, {lengths}")
        if lengths.keys() != {f.name for f in self.fields}:
            raise ValueError(
                f"columns {sorted(lengths)} without or beside fields {[f.name for f in self.fields]}"
            )

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    @property
    def object_ids(self) -> NDArray[np.int64]:
        """The object id of every row, shape (N,): the OID column, or 1 to N where there is none.

        Example:
            >>> rows.object_ids.tolist()
            [1, 2, 3]
        """
        known = self.object_id_field
        column = None if known is None else self.columns[known.name]
        if column is None or column.dtype.kind != "i":
            return np.arange(1, len(self) + 1)
        return column

    @property
    def object_id_field(self) -> Field | None:
        """The first field of type OID.

        Example:
            >>> rows.object_id_field is None
            True
            >>> kept = rows.with_columns({"fid": [7, 8, 9]}, [AttributeField("fid", "esriFieldTypeOID")])
            >>> kept.object_id_field.name, kept.object_ids.tolist()
            ('fid', [7, 8, 9])
        """
        return next((f for f in self.fields if f.type == OID), None)

    def field(self, name: str) -> Field:
        """Return the description of a field.

        Args:
            name: Name of the field, in any letter case.

        Raises:
            InvalidValue: There is no such field.

        Example:
            >>> rows.field("DEPTH").type
            'esriFieldTypeDouble'
        """
        exact = next((f for f in self.fields if f.name == name), None)
        found = exact or next((f for f in self.fields if f.name.lower() == name.lower()), None)
        if found is None:
            raise InvalidValue(f"there is no field '{name[:60]}'", ", ".join(f.name for f in self.fields))
        return found

    def column(self, name: str) -> Column:
        """Return the values of a field, shape (N,).

        Args:
            name: Name of the field, in any letter case.

        Raises:
            InvalidValue: There is no such field.

        Example:
            >>> rows.column("name").tolist()
            ['A', 'B', 'C']
        """
        return self.columns[self.field(name).name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a field's values as floats, shape (N,), with NaN for null.

        Args:
            name: Name of the field, in any letter case.

        Raises:
            InvalidValue: There is no such field, or it does not hold numbers.

        Example:
            >>> rows.numbers("depth").tolist()
            [12.5, 8.0, 30.0]
        """
        described = self.field(name)
        if not described.is_number:
            raise InvalidValue(f"field '{described.name}' holds no numbers", "a field of numbers")
        return self.columns[described.name].astype(np.float64)

    def with_columns(self, columns: Mapping[str, Any], fields: Iterable[Field] = ()) -> Self:
        """Return the same rows with columns added; a column of an existing name is replaced.

        Args:
            columns: Values by field name, each of shape (N,): numbers, texts, datetimes; lists and objects
                become JSON texts.
            fields: Their descriptions; a column without one is described by its values.

        Raises:
            ValueError: A column is not of length N.
            InvalidValue: A column holds bytes, or one of dates something else.

        Example:
            >>> rows.with_columns({"deep": rows.numbers("depth") > 10}).column("deep").tolist()
            [1, 0, 1]
        """
        described = {f.name: f for f in fields}
        pairs = {name: _read_column(name, values, described.get(name)) for name, values in columns.items()}
        made = {name: field for name, (field, _) in pairs.items()}
        arrays = {name: array for name, (_, array) in pairs.items()}
        kept = tuple(made.get(f.name, f) for f in self.fields)
        added = tuple(f for name, f in made.items() if name not in self.columns)
        return replace(self, fields=kept + added, columns={**self.columns, **arrays})

    def only(self, *names: str) -> Self:
        """Return the same rows with some columns only, in the order named.

        Args:
            names: Names of fields, in any letter case.

        Raises:
            InvalidValue: There is no such field.

        Example:
            >>> list(rows.only("Depth").columns)
            ['depth']
        """
        fields = tuple(self.field(name) for name in names)
        return replace(self, fields=fields, columns={f.name: self.columns[f.name] for f in fields})

    def without(self, *names: str) -> Self:
        """Return the same rows without some columns.

        Args:
            names: Names of fields, in any letter case; a name without a field is ignored.

        Example:
            >>> list(rows.without("depth", "nothing").columns)
            ['name']
        """
        dropped = {name.lower() for name in names}
        return self.only(*(f.name for f in self.fields if f.name.lower() not in dropped))

    def _take_columns(self, index: Column) -> dict[str, Column]:
        return {name: column[index] for name, column in self.columns.items()}


def is_null(value: Any) -> bool:
    """Return whether a value is None or NaN.

    Args:
        value: A value of a column.
    """
    return value is None or (isinstance(value, float) and math.isnan(value))


def make_object_column(values: Sequence[Any]) -> Column:
    """Make a column of objects, shape (N,).

    Args:
        values: N values, none of them a sequence but texts; None for null.
    """
    column = np.empty(len(values), object)
    column[:] = values
    return column


def make_index(rows: ArrayLike) -> Column:
    """Convert a mask or indices to an array that numpy can index with, even an empty one.

    Args:
        rows: A mask of shape (N,), or indices.
    """
    index = np.asarray(rows)
    return index if index.size else index.astype(np.int64)


def _read_column(name: str, values: Any, described: Field | None) -> tuple[Field, Column]:
    """Return the field and the column of values that a tool gives."""
    array = np.asarray(values)
    if array.dtype.kind == "M":
        array = array.astype("datetime64[us]").astype(object)
    elif array.dtype.kind not in "biufO":
        array = np.asarray(values, object)
    if array.dtype.kind == "O":
        return _read_objects(name, array.tolist(), described)
    array = array.astype(np.float64 if array.dtype.kind == "f" else np.int64)
    if described is not None and described.type in INTEGER_TYPES:
        array = _make_whole(np.floor(array) if described.type == DATE else array)
    return described or _infer_field(name, array), array


def _make_whole(column: Column) -> Column:
    """Return floats as the whole numbers that their field has, None for null; fractions stay as they are."""
    known = ~np.isnan(column)
    numbers = column[known]
    if not ((np.trunc(numbers) == numbers) & (np.abs(numbers) < _INT64)).all():
        return column
    if known.all():
        return column.astype(np.int64)
    whole = np.full(len(column), None, object)
    whole[known] = numbers.astype(np.int64).tolist()
    return whole


def _read_objects(name: str, values: list[Any], described: Field | None) -> tuple[Field, Column]:
    kinds = frozenset(map(type, values)) - {type(None)}
    if any(issubclass(kind, bytes | bytearray | memoryview) for kind in kinds):
        raise InvalidValue(f"the column '{name}' holds bytes", "numbers, texts and dates")
    is_date = bool(kinds) and all(issubclass(kind, date) for kind in kinds)
    if is_date and described is not None and described.type == DATE_ONLY:
        return described, make_object_column([v and v.isoformat()[:10] for v in values])
    if is_date or (described is not None and described.type == DATE and kinds):
        moments = to_moments(name, values)
        column = make_object_column(moments) if None in moments else np.array(moments, np.int64)
        return described or Field(name, DATE), column
    if described is None and kinds and kinds <= _NUMBERS:
        return _read_numbers(name, values)
    if kinds & _NESTED:
        values = [write_nested(v) if type(v) in _NESTED else v for v in values]
    return described or Field(name, STRING), make_object_column(values)


def _read_numbers(name: str, values: list[Any]) -> tuple[Field, Column]:
    """Return the field and the column of numbers among which some may be null."""
    known = np.array([value for value in values if not is_null(value)])
    if known.dtype.kind not in "bif":  # whole numbers of more than 64 bits
        return Field(name, STRING), make_object_column(values)
    numbers = known.astype(np.float64 if known.dtype.kind == "f" else np.int64)
    plain = [int(value) if isinstance(value, bool) else value for value in values]
    column = numbers if len(numbers) == len(values) else make_object_column(plain)
    return _infer_field(name, numbers), column


def _infer_field(name: str, column: Column) -> Field:
    kind = _FIELD_BY_KIND[column.dtype.kind]
    fits = kind == BIG_INTEGER and (not len(column) or int(np.abs(column).max()) < _INT32)
    return Field(name, INTEGER if fits else kind)
