"""Statistics of fields over cases of rows, each row counting once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gpserverless.analysis.case_statistics import NUMERIC, STATISTICS, KnownValues
from gpserverless.analysis.cases import Cases, find_cases
from gpserverless.analysis.inputs import make_unique
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.value_tables import read_pairs
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import INTEGER, Field
from gpserverless.features.rows import Rows

_EXAMPLE = f'[["POP", "SUM"], ["NAME", "COUNT"]] or POP SUM;NAME COUNT, with one of {", ".join(STATISTICS)}'
_WORDS = {"STDDEV": "STD", "AVERAGE": "MEAN", "MINIMUM": "MIN", "MAXIMUM": "MAX", "VAR": "VARIANCE"}


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
        field, sums = KnownValues(rows, rows.field(name), cases).compute("SUM")
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
    known = {name: KnownValues(rows, rows.field(name), cases) for name in {each.field for each in statistics}}
    for statistic in statistics:
        name = make_unique(f"{statistic.word}_{statistic.field}", list(table.columns))
        field, column = known[statistic.field].compute(statistic.word, separator)
        table = table.with_columns({name: column}, [replace(field, name=name)])
    return table
