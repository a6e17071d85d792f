"""Statistics of the values of one field in each case of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.cases import Cases, find_nulls, rank_values
from gpserverless.analysis.text_values import write_texts
from gpserverless.features.fields import DOUBLE, INTEGER, STRING, Field
from gpserverless.features.rows import Column, Rows, make_object_column

NUMERIC = ("SUM", "MEAN", "RANGE", "STD", "MEDIAN", "VARIANCE")
"""Statistics of fields that hold numbers."""

STATISTICS = (*NUMERIC, "MIN", "MAX", "COUNT", "FIRST", "LAST", "UNIQUE", "CONCATENATE")
"""All statistics; a column is the statistic before the field's name: SUM_POP."""

_FEW_CASES = 2**16
"""Most cases that are sorted by their digits, which takes the same time for each row."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class _SortedValues:
    """M known values in the order of their case and then their size, so that sums know no order of rows."""

    values: Values
    case: NDArray[np.int64]
    #: Shape (K,), number of values of each case, and the index of its first.
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]

    def add(self, values: Values) -> Values:
        """Return the sum of each case, shape (K,)."""
        sums = np.zeros(len(self.sizes))
        some = self.sizes > 0
        if some.any():
            sums[some] = np.add.reduceat(values, self.first[some])
        return sums

    def take(self, offset: NDArray[np.int64]) -> Values:
        """Return the value at a place of each case, shape (K,); NaN for a case without values."""
        found = np.full(len(self.sizes), np.nan)
        some = self.sizes > 0
        found[some] = self.values[(self.first + offset)[some]]
        return found


def _sum(given: _SortedValues) -> Values:
    return np.where(given.sizes > 0, given.add(given.values), np.nan)


def _mean(given: _SortedValues) -> Values:
    return np.divide(given.add(given.values), given.sizes, out=_no_values(given), where=given.sizes > 0)


def _range(given: _SortedValues) -> Values:
    return given.take(given.sizes - 1) - given.take(np.zeros_like(given.sizes))


def _median(given: _SortedValues) -> Values:
    return (given.take((given.sizes - 1) // 2) + given.take(given.sizes // 2)) / 2


def _variance(given: _SortedValues) -> Values:
    squares = given.add((given.values - _mean(given)[given.case]) ** 2)
    return np.divide(squares, given.sizes - 1, out=_no_values(given), where=given.sizes > 1)


def _no_values(given: _SortedValues) -> Values:
    return np.full(len(given.sizes), np.nan)


_NUMBERS: dict[str, Callable[[_SortedValues], Values]] = {
    "SUM": _sum,
    "MEAN": _mean,
    "RANGE": _range,
    "STD": lambda given: np.sqrt(_variance(given)),
    "MEDIAN": _median,
    "VARIANCE": _variance,
}


@dataclass(frozen=True)
class KnownValues:
    """The M values of a field that are not null, in the order of their rows; they are sorted once."""

    rows: Rows
    field: Field
    cases: Cases

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """Row of each value, shape (M,)."""
        return np.flatnonzero(~find_nulls(self.rows.columns[self.field.name]))

    @cached_property
    def values(self) -> Column:
        """The values, shape (M,)."""
        return self.rows.columns[self.field.name][self.row]

    @cached_property
    def case(self) -> NDArray[np.int64]:
        """Case of each value, shape (M,)."""
        return self.cases.of_row[self.row]

    @cached_property
    def number(self) -> int:
        """Number of cases."""
        return self.cases.count

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The values by case and then by size, shape (M,)."""
        values = rank_values(self.values) if self.values.dtype.kind == "O" else self.values
        order = np.argsort(values)
        case = self.case.astype(np.uint16) if self.number <= _FEW_CASES else self.case
        return order[np.argsort(case[order], kind="stable")]

    @cached_property
    def sorted(self) -> _SortedValues:
        """The numbers in this order."""
        sizes = self.count()
        numbers = self.rows.numbers(self.field.name)[self.row][self.order]
        return _SortedValues(numbers, self.case[self.order], sizes, np.cumsum(sizes) - sizes)

    def compute(self, word: str, separator: str = "") -> tuple[Field, Column]:
        """Return one statistic of every case, shape (K,), and the description of its column.

        Args:
            word: One of `STATISTICS`.
            separator: Text between the values of CONCATENATE.
        """
        kind = self.field.type
        if word in NUMERIC:
            return Field(word, DOUBLE), _NUMBERS[word](self.sorted)
        if word == "CONCATENATE":
            texts = self.join(separator, kind)
            longest = max((len(text) for text in texts.tolist() if text), default=0)
            return Field(word, STRING).with_room_for(longest), texts
        if word in ("COUNT", "UNIQUE"):
            return Field(word, INTEGER), self.count() if word == "COUNT" else self.count_different()
        plain = Field(word, INTEGER if kind == "esriFieldTypeOID" else kind, length=self.field.length)
        return plain, self.pick(word)

    def count(self) -> NDArray[np.int64]:
        """Return the number of values of each case, shape (K,)."""
        return np.bincount(self.case, minlength=self.number).astype(np.int64)

    def count_different(self) -> NDArray[np.int64]:
        """Return the number of different values of each case, shape (K,)."""
        pairs = np.unique(np.column_stack([self.case, rank_values(self.values)]), axis=0)
        return np.bincount(pairs[:, 0], minlength=self.number).astype(np.int64)

    def pick(self, word: str) -> Column:
        """Return the FIRST, LAST, MIN or MAX value of each case, shape (K,)."""
        order = self.order if word in ("MIN", "MAX") else np.argsort(self.case, kind="stable")
        sizes = self.count()
        found = sizes > 0
        last = np.cumsum(sizes)[found] - 1
        values = self.values[order[last if word in ("LAST", "MAX") else last - sizes[found] + 1]]
        if found.all():
            return values
        column = np.full(self.number, None, object)
        column[found] = values
        return column

    def join(self, separator: str, kind: str) -> Column:
        """Return the values of each case as one text, shape (K,)."""
        texts: list[list[str]] = [[] for _ in range(self.number)]
        written = write_texts(self.values, kind).tolist()
        for case, text in zip(self.case.tolist(), written, strict=True):
            texts[case].append(text)
        return make_object_column([separator.join(each) if each else None for each in texts])
