"""Statistics of fields over cases of rows, each row counting once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.cases import Cases, find_cases, find_nulls, rank_values
from gpserverless.analysis.inputs import make_unique
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.text_values import write_texts
from gpserverless.analysis.value_tables import read_pairs
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import Column, Table
from gpserverless.features.fields import DOUBLE, INTEGER, STRING, Field
from gpserverless.features.rows import Rows, make_object_column

NUMERIC = ("SUM", "MEAN", "RANGE", "STD", "MEDIAN", "VARIANCE")
"""Statistics of fields that hold numbers."""

STATISTICS = (*NUMERIC, "MIN", "MAX", "COUNT", "FIRST", "LAST", "UNIQUE", "CONCATENATE")
"""All statistics; a column is the statistic before the field's name: SUM_POP."""

_EXAMPLE = f'[["POP", "SUM"], ["NAME", "COUNT"]] or POP SUM;NAME COUNT, with one of {", ".join(STATISTICS)}'
_WORDS = {"STDDEV": "STD", "AVERAGE": "MEAN", "MINIMUM": "MIN", "MAXIMUM": "MAX", "VAR": "VARIANCE"}

_FEW_CASES = 2**16
"""Most cases that are sorted by their digits, which takes the same time for each row."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Statistic:
    """One statistic of one field."""

    #: Name of the field, as it is in the rows.
    field: str
    #: One of `STATISTICS`.
    word: str


def read_statistics(
    text: str | None, rows: Rows, parameter: str = "statistics_fields"
) -> tuple[Statistic, ...]:
    """Read statistics of fields, and check that the fields have them.

    Args:
        text: `[["POP", "SUM"], …]`, `["POP SUM", …]` or `POP SUM;POP MEAN`; None or "" for no statistics.
        rows: The rows with the fields.
        parameter: Name of the parameter, for errors.

    Raises:
        InvalidParameter: The text has another form, there is no such field, or it has no such statistic.
    """
    return tuple(
        dict.fromkeys(
            _read_statistic(*pair, rows, parameter) for pair in read_pairs(text, parameter, _EXAMPLE)
        )
    )


def _read_statistic(name: str, word: str, rows: Rows, parameter: str) -> Statistic:
    with name_in_errors(parameter):
        field = rows.field(name)
    word = _WORDS.get(word.upper(), word.upper())
    if word not in STATISTICS:
        raise InvalidParameter(parameter, f"'{word[:40]}' is no statistic", ", ".join(STATISTICS))
    if word in NUMERIC and not field.is_number:
        others = ", ".join(other for other in STATISTICS if other not in NUMERIC)
        raise InvalidParameter(parameter, f"{word} of '{field.name}', which holds no numbers", others)
    return Statistic(field.name, word)


def summarize_rows(
    rows: Rows, statistics: Sequence[Statistic], case_fields: Sequence[str] = (), separator: str = ""
) -> Table:
    """Return one row for each case: its values, FREQUENCY (the number of its rows) and the statistics.

    Args:
        rows: A table or feature set.
        statistics: The statistics.
        case_fields: Fields of the cases; without any, all rows are one case.
        separator: Text between the values of CONCATENATE.

    Raises:
        InvalidParameter: There is no such field.
    """
    with name_in_errors("case_field"):
        cases = find_cases(rows, case_fields)
    return add_statistics(_count_cases(cases), rows, cases, statistics, separator)


def count_combinations(rows: Rows, fields: Sequence[str], summary_fields: Sequence[str] = ()) -> Table:
    """Return one row for each case: FREQUENCY, its values, and the sums of other fields under their names.

    Args:
        rows: A table or feature set.
        fields: Fields of the cases, at least one.
        summary_fields: Fields of numbers.

    Raises:
        InvalidParameter: There is no such field, or it holds no numbers.
    """
    with name_in_errors("frequency_fields"):
        cases = find_cases(rows, fields)
    table = _count_cases(cases)
    table = table.only(table.fields[-1].name, *(field.name for field in table.fields[:-1]))
    for name in summary_fields:
        with name_in_errors("summary_fields"):
            rows.numbers(name)
        field, sums = _KnownValues(rows, rows.field(name), cases).compute("SUM")
        unique = make_unique(rows.field(name).name, list(table.columns))
        table = table.with_columns({unique: sums}, [replace(field, name=unique)])
    return table


def _count_cases(cases: Cases) -> Table:
    name = make_unique("FREQUENCY", list(cases.table.columns))
    return cases.table.with_columns({name: cases.sizes}, [Field(name, INTEGER)])


def add_statistics(
    table: Table, rows: Rows, cases: Cases, statistics: Sequence[Statistic], separator: str = ""
) -> Table:
    """Return a table of cases with a column for each statistic.

    Nulls do not count; a statistic of no values is null, but COUNT and UNIQUE are 0. STD and VARIANCE are
    those of a sample, null for one value. FIRST and LAST go by the order of the rows.

    Args:
        table: K rows, one for each case.
        rows: N rows with the fields.
        cases: The case of each row.
        statistics: The statistics.
        separator: Text between the values of CONCATENATE.
    """
    known = {
        name: _KnownValues(rows, rows.field(name), cases) for name in {each.field for each in statistics}
    }
    for statistic in statistics:
        name = make_unique(f"{statistic.word}_{statistic.field}", list(table.columns))
        field, column = known[statistic.field].compute(statistic.word, separator)
        table = table.with_columns({name: column}, [replace(field, name=name)])
    return table


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
class _KnownValues:
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
