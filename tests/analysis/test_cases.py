"""Places of rows among the different ones, as sorting each value alone finds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpserverless import Table
from gpserverless.analysis.cases import find_cases, rank_values

FARTHEST = 2**63 - 1
near = st.lists(st.integers(-3, 3), max_size=30)
far = st.lists(st.sampled_from([-FARTHEST - 1, -7, 0, 1, FARTHEST - 1, FARTHEST]), max_size=30)


@given(near | far)
def test_whole_numbers_are_ranked_by_size_from_1(values: list[int]) -> None:
    ordered = sorted(set(values))
    assert rank_values(np.array(values, np.int64)).tolist() == [ordered.index(v) + 1 for v in values]


@pytest.mark.parametrize(
    ("column", "ranks"),
    [
        pytest.param(np.array([2.5, np.nan, -np.inf, 2.5, np.inf]), [2, 0, 1, 2, 3], id="numbers and null"),
        pytest.param(np.array(["b", None, "a"], object), [2, 0, 1], id="texts and null"),
    ],
)
def test_null_has_rank_0(column: Any, ranks: list[int]) -> None:
    assert rank_values(column).tolist() == ranks


@given(st.lists(st.tuples(st.integers(-2, 2), st.sampled_from([0, 5, FARTHEST])), min_size=1, max_size=30))
def test_cases_are_the_different_pairs_in_order_with_their_values(pairs: list[tuple[int, int]]) -> None:
    first, second = (list(column) for column in zip(*pairs, strict=True))
    cases = find_cases(Table().with_columns({"A": first, "B": second}), ["A", "B"])
    ordered = sorted(set(pairs))
    assert cases.of_row.tolist() == [ordered.index(pair) for pair in pairs]
    assert list(zip(*(cases.table.column(name).tolist() for name in "AB"), strict=True)) == ordered
    assert cases.sizes.tolist() == [pairs.count(pair) for pair in ordered]
