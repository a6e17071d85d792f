"""Fields of a table added to rows of equal values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.cases import find_nulls
from gpserverless.analysis.inputs import make_unique
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import Column, FeatureSet, Table
from gpserverless.features.fields import INTEGER, OID, Field
from gpserverless.features.rows import is_null
from gpserverless.values.counts import write_count

_ROWS = 100_000
"""Rows that are read before progress is told."""


def join_field(
    features: FeatureSet[Any],
    field: str,
    table: Table,
    join: tuple[str, Sequence[str]],
    watch: Watch,
) -> FeatureSet[Any]:
    """Add fields of the first row of a table that has the same value.

    A field of a name that is there gets a number behind it. Features without such a row have null. Null is
    equal to nothing.

    Args:
        features: The features.
        field: Their field with the values to look for.
        table: The table.
        join: Its field with these values, and the fields to add; none for all but the object id.
        watch: Takes a warning of values that several rows have, and of features without a row.

    Raises:
        InvalidParameter: There is no such field, or one holds numbers and the other one texts.
    """
    with name_in_errors("in_field"):
        mine = features.field(field)
    with name_in_errors("join_field"):
        theirs = table.field(join[0])
    with name_in_errors("fields"):
        named = [table.field(name) for name in join[1]]
    if _describe_kind(mine) != _describe_kind(theirs):
        problem = f"'{theirs.name}' holds {_describe_kind(theirs)} and '{mine.name}' {_describe_kind(mine)}"
        raise InvalidParameter("join_field", problem, "two fields of one kind")
    row = find_rows(features.columns[mine.name], table.columns[theirs.name], watch)
    missing = int((row < 0).sum())
    if missing:
        one, many = "feature has no row in join_table.", "features have no row in join_table."
        watch.warn(write_count(missing, one, many))
    return _add_columns(features, table, named or [f for f in table.fields if f.type != OID], row)


def _describe_kind(field: Field) -> str:
    return "numbers" if field.is_number else field.type.removeprefix("esriFieldType").lower() + " values"


def _add_columns(
    features: FeatureSet[Any], table: Table, fields: Sequence[Field], row: NDArray[np.int64]
) -> FeatureSet[Any]:
    for field in fields:
        name = make_unique(field.name, list(features.columns))
        kind = INTEGER if field.type == OID else field.type
        column = _take_or_null(table.columns[field.name], row)
        described = replace(field, name=name, type=kind, nullable=None)
        features = features.with_columns({name: column}, [described])
    return features


def _take_or_null(column: Column, row: NDArray[np.int64]) -> Column:
    found = row >= 0
    if found.all():
        return column[row]
    blank = np.full(len(row), np.nan) if column.dtype.kind == "f" else np.full(len(row), None, object)
    blank[found] = column[row[found]]
    return blank


def find_rows(sought: Column, values: Column, watch: Watch) -> NDArray[np.int64]:
    """Return the first row that has each value, shape (N,); -1 where none has it.

    Args:
        sought: N values.
        values: The values of the rows.
        watch: Takes a warning of values that several rows have.
    """
    places: dict[Any, int] = {}
    for rows in split_rows(len(values), watch, "Reading join_table", _ROWS):
        for number, value in enumerate(values[rows].tolist(), rows.start):
            places.setdefault(value, number)
    watch.progress("Looking for null")
    known = {value: number for value, number in places.items() if not is_null(value)}
    several = int((~find_nulls(values)).sum()) - len(known)
    if several:
        one = "row of join_table has the value of an earlier row and was not joined."
        many = "rows of join_table have the values of earlier rows and were not joined."
        watch.warn(write_count(several, one, many))
    found = np.full(len(sought), -1, np.int64)
    for rows in split_rows(len(sought), watch, "Looking for values", _ROWS):
        found[rows] = [known.get(value, -1) for value in sought[rows].tolist()]
    return found
