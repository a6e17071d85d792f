"""Statistics of cases: every number as Python's own statistics module computes it, whatever the order."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless import Table
from gpserverless.analysis.case_statistics import NUMERIC
from gpserverless.analysis.summary_statistics import (
    count_combinations,
    read_statistics,
    summarize_rows,
)
from gpserverless.errors import InvalidParameter

ROWS = (
    Table()
    .with_columns(
        {
            "K": ["b", "a", None, "a", "b", None],
            "V": [10.0, 1.0, 5.0, 4.0, None, np.nan],
            "N": [3, 1, 2, 2, 3, 4],
            "T": ["x", "y", "x", None, "z", ""],
        }
    )
    .with_columns({"V": np.array([10.0, 1.0, 5.0, 4.0, np.nan, np.nan])})
)

TRUTH: dict[str, Callable[[Sequence[float]], float | None]] = {
    "SUM": sum,
    "MEAN": statistics.fmean,
    "RANGE": lambda values: max(values) - min(values),
    "STD": lambda values: statistics.stdev(values) if len(values) > 1 else None,
    "VARIANCE": lambda values: statistics.variance(values) if len(values) > 1 else None,
    "MEDIAN": statistics.median,
    "MIN": min,
    "MAX": max,
}


def summarize(rows: Table, text: str, *fields: str, separator: str = "") -> list[tuple[Any, ...]]:
    """Return the rows of the summary as tuples, None for null."""
    table = summarize_rows(rows, read_statistics(text, rows), fields, separator)
    columns = [[None if v != v else v for v in table.column(f.name).tolist()] for f in table.fields]  # noqa: PLR0124
    return list(zip(*columns, strict=True))


def test_a_case_is_a_value_and_null_is_one_that_comes_first() -> None:
    assert summarize(ROWS, "V SUM;V COUNT", "K") == [(None, 2, 5, 1), ("a", 2, 5, 2), ("b", 2, 10, 1)]


def test_without_case_fields_all_rows_are_one_case() -> None:
    assert summarize(ROWS, "V SUM;N MAX") == [(6, 20, 4)]


def test_a_case_without_values_has_null_and_counts_nothing() -> None:
    rows = ROWS.take([5])
    assert summarize(rows, "V SUM;V MEAN;V STD;V MIN;V FIRST;V COUNT;V UNIQUE;V CONCATENATE") == [
        (1, None, None, None, None, None, 0, 0, None)
    ]


def test_statistics_of_texts() -> None:
    found = summarize(ROWS, "T FIRST;T LAST;T MIN;T MAX;T UNIQUE;T COUNT;T CONCATENATE", separator="|")
    assert found == [(6, "x", "", "", "z", 4, 5, "x|y|x|z|")]


def test_columns_are_called_by_the_statistic_and_the_field_as_it_is_written() -> None:
    table = summarize_rows(ROWS, read_statistics("v sum;V STDDEV;V Sum", ROWS), ["k"])
    assert [f.name for f in table.fields] == ["K", "FREQUENCY", "SUM_V", "STD_V"]


def test_a_column_of_a_name_that_is_there_gets_a_number() -> None:
    rows = ROWS.with_columns({"FREQUENCY": [1] * 6, "SUM_V": [2] * 6})
    table = summarize_rows(rows, read_statistics("V SUM", rows), ["FREQUENCY", "SUM_V"])
    assert [f.name for f in table.fields] == ["FREQUENCY", "SUM_V", "FREQUENCY_1", "SUM_V_1"]


@pytest.mark.parametrize("word", sorted(TRUTH))
@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abc"), st.none() | st.floats(-1e6, 1e6, allow_subnormal=False)), min_size=1
    )
)
def test_every_number_is_that_of_the_statistics_module(
    word: str, rows: list[tuple[str, float | None]]
) -> None:
    keys, values = zip(*rows, strict=True)
    column = np.array([np.nan if v is None else v for v in values])
    table = Table().with_columns({"K": keys, "V": column})
    found = {key: value for key, _, value in summarize(table, f"V {word}", "K")}
    assert set(found) == set(keys)
    for key, value in found.items():
        known = [v for k, v in rows if k == key and v is not None]
        wanted = TRUTH[word](known) if known else None
        assert value == (None if wanted is None else pytest.approx(wanted, rel=1e-6, abs=1e-6))


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(6)))
def test_numbers_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    text = ";".join(f"V {word}" for word in (*NUMERIC, "MIN", "MAX", "COUNT", "UNIQUE"))
    assert summarize(ROWS.take(order), text, "K") == summarize(ROWS, text, "K")


def test_large_whole_numbers_stay_exact() -> None:
    rows = Table().with_columns({"V": [2**60 + 1, 2**60 + 3]})
    assert summarize(rows, "V MIN;V MAX;V FIRST") == [(2, 2**60 + 1, 2**60 + 3, 2**60 + 1)]


def test_no_rows_have_no_cases_but_all_fields() -> None:
    table = summarize_rows(ROWS.take([]), read_statistics("V SUM;T FIRST", ROWS), ["K"])
    assert len(table) == 0
    assert [f.name for f in table.fields] == ["K", "FREQUENCY", "SUM_V", "FIRST_T"]


def test_combinations_are_counted_and_summed_under_the_names_of_the_fields() -> None:
    table = count_combinations(ROWS, ["N", "K"], ["V"])
    assert [f.name for f in table.fields] == ["FREQUENCY", "N", "K", "V"]
    assert table.column("FREQUENCY").tolist() == [1, 1, 1, 2, 1]
    assert np.nan_to_num(table.column("V"), nan=-1).tolist() == [1, 5, 4, 10, -1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("X SUM", "no field 'X'"),
        ("T SUM", "SUM of 'T', which holds no numbers"),
        ("V ENTROPY", "'ENTROPY' is no statistic"),
        ("V", "not two texts"),
        ("[[", "malformed"),
        ('[["V", 5]]', "not a list of texts"),
        ('[["V", "SUM", "MEAN"]]', "not two texts"),
    ],
)
def test_statistics_that_do_not_suit_the_fields_are_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(InvalidParameter, match=f"'statistics_fields': .*{words}"):
        read_statistics(text, ROWS)


@pytest.mark.parametrize(
    "text", ['[["V", "SUM"]]', '["V SUM"]', '["V", "SUM"]', "V SUM", "'V' Sum; ", "v sum;V SUM"]
)
def test_statistics_may_be_written_in_any_way(text: str) -> None:
    assert [(each.field, each.word) for each in read_statistics(text, ROWS)] == [("V", "SUM")]
