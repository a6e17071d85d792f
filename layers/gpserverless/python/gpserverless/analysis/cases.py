"""Cases: the different combinations of values of some fields, and the rows that have each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.features.feature_set import Column, Table
from gpserverless.features.rows import Rows, is_null
from gpserverless.features.value_numbers import rank_objects

Indices = NDArray[np.int64]

_DENSE = 4
"""Whole numbers that reach over so many times their count are sorted; others are marked in an array."""


@dataclass(frozen=True)
class Cases:
    """The K cases of N rows, in the order of their values, null first."""

    #: Shape (N,), the case of each row, 0 to K - 1.
    of_row: Indices
    #: One row for each case, with the values of its fields.
    table: Table

    def __len__(self) -> int:
        return self.count

    @property
    def count(self) -> int:
        """Number of cases."""
        return int(self.of_row.max(initial=-1)) + 1

    @property
    def sizes(self) -> Indices:
        """Number of rows of each case, shape (K,)."""
        return np.bincount(self.of_row, minlength=self.count)


def find_cases(rows: Rows, fields: Sequence[str]) -> Cases:
    """Find the different combinations of values of some fields; without fields all rows are one case.

    Args:
        rows: A table or feature set.
        fields: Names of fields.

    Raises:
        InvalidValue: There is no such field.
    """
    described = list({rows.field(name).name: rows.field(name) for name in fields}.values())
    columns = [rows.columns[each.name] for each in described]
    if not columns:
        return Cases(np.zeros(len(rows), np.int64), Table())
    of_row = rank_rows(columns)
    first = np.empty(int(of_row.max(initial=-1)) + 1, np.int64)
    first[of_row[::-1]] = np.arange(len(rows))[::-1]  # of equal places the last one written stays
    values = {field.name: column[first] for field, column in zip(described, columns, strict=True)}
    return Cases(of_row, Table(tuple(described), values))


def rank_rows(columns: Sequence[Column]) -> Indices:
    """Return the place of each row among the different ones, by one column after the other, shape (N,).

    Args:
        columns: At least one, each of shape (N,).
    """
    places = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        ranks = rank_values(column)
        both = places * (ranks.max(initial=0) + 1) + ranks
        places = _close_gaps(both)
    return places


def _close_gaps(places: Indices) -> Indices:
    """Return the place of each number among the different ones, from 0, shape (N,)."""
    if not len(places):
        return places
    low, high = int(places.min()), int(places.max())
    if high - low > _DENSE * len(places):
        return np.asarray(np.unique(places, return_inverse=True)[1], np.int64)
    offsets = places - low  # a mark for each number between costs less than sorting them
    known = np.zeros(high - low + 1, bool)
    known[offsets] = True
    return (np.cumsum(known) - 1)[offsets]


def rank_values(column: Column) -> Indices:
    """Return the place of each value among the different ones, shape (N,): null is 0, the least value 1.

    Args:
        column: Numbers with NaN for null, or objects with None.
    """
    if column.dtype == np.int64:
        return _close_gaps(column) + 1
    if column.dtype.kind != "O":
        ranks = np.unique(column, return_inverse=True)[1] + 1
        return np.where(np.isnan(column), 0, ranks).astype(np.int64)
    return rank_objects(column) + 1


def find_nulls(column: Column) -> NDArray[np.bool_]:
    """Return whether each value is null, shape (N,).

    Args:
        column: Numbers with NaN for null, or objects with None.
    """
    if column.dtype.kind != "O":
        return np.isnan(column)
    return np.array([is_null(item) for item in column.tolist()], np.bool_)
