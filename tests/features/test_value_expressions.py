"""Expressions that compute a value: what they give, and what they refuse."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from gpserverless import Table
from gpserverless.errors import InvalidValue
from gpserverless.features.sql.value_expression import ValueExpression
from gpserverless.features.value_numbers import number_groups
from tests.patience import SOON

ROWS = Table().with_columns(
    {"POP": [1, 2, 9], "NAME": ["ab", None, "cde"], "H": np.array([1.5, np.nan, 4.0])}
)


def compute(text: str) -> list[Any]:
    operand = ValueExpression(text).compute(ROWS)
    pairs = zip(operand.values.tolist(), operand.null.tolist(), strict=True)
    return [None if null else value for value, null in pairs]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("POP", [1, 2, 9]),
        ("POP * 2 + 1", [3, 5, 19]),
        ("POP / 2", [0.5, 1, 4.5]),
        ("POP / (POP - 2)", [-1, None, 9 / 7]),
        ("H", [1.5, None, 4]),
        ("H + POP", [2.5, None, 13]),
        ("SQRT(H - 2)", [None, None, 2**0.5]),
        ("POWER(POP, 2)", [1, 4, 81]),
        ("LN(EXP(POP))", [1, 2, 9]),
        ("ROUND(POP / 7, 1)", [0.1, 0.3, 1.3]),
        ("NAME || '!'", ["ab!", None, "cde!"]),
        ("SUBSTRING(NAME, 2)", ["b", None, "de"]),
        ("SUBSTRING(NAME, 1, 2)", ["ab", None, "cd"]),
        ("CHAR_LENGTH(NAME)", [2, None, 3]),
        ("COALESCE(NAME, CAST(POP AS VARCHAR))", ["ab", "2", "cde"]),
        ("COALESCE(NULL, H, 0)", [1.5, 0, 4]),
        ("NULLIF(POP, 2)", [1, None, 9]),
        ("CASE WHEN POP > 5 THEN 'big' WHEN NAME IS NULL THEN '?' ELSE NAME END", ["ab", "?", "big"]),
        ("CASE WHEN H > 2 THEN POP END", [None, None, 9]),
        ("POP > 1 AND H > 2", [False, None, True]),
        ("CAST(H AS VARCHAR)", ["1.5", None, "4"]),
        ("CAST(DATE '2020-01-02' AS VARCHAR)", ["2020-01-02T00:00:00.000Z"] * 3),
        ("1", [1, 1, 1]),
        ("NULL", [None] * 3),
    ],
)
def test_values(text: str, values: list[Any]) -> None:
    assert compute(text) == [v if v is None or isinstance(v, str) else pytest.approx(v) for v in values]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("X + 1", "no field 'X' at character 1"),
        ("NAME + 1", "a text at character 1 stands where a number is needed"),
        ("CASE WHEN POP > 1 THEN 'a' ELSE 1 END", "a number"),
        ("CASE POP WHEN 1 THEN 2 END", "CASE at character 6 is not understood"),
        ("OPEN(POP)", "the function 'OPEN' at character 1"),
        ("__import__('os')", "the function '__import__'"),
        ("(SELECT 1)", "not understood"),
        ("POP; DROP TABLE x", "';' at character 4 does not belong in an expression"),
        ("POP POP", "cannot be read from 'POP'"),
        ("CAST(NAME AS INTEGER)", "of casts only"),
        ("CAST(NAME AS DATE)", "of casts only"),
        ("SUBSTRING(NAME, 0)", "a place from 1"),
        ("SUBSTRING(NAME, POP)", "a place from 1"),
        ("SUBSTRING(NAME, 1, POP)", "a place from 1"),
        ("", "empty"),
        ("POP + ", "cannot be read|empty"),
    ],
)
def test_what_is_no_value_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        compute(text)


@pytest.mark.parametrize("text", ["CASE WHEN POP > 1 THEN 1 END", "SQRT(POP)"])
def test_conditions_do_not_take_more_than_before(text: str) -> None:
    from gpserverless.features.sql.parse import parse

    with pytest.raises(InvalidValue):
        parse(text)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("CAST(", " AS VARCHAR)"),
        ("COALESCE(1, ", ")"),
        ("CASE WHEN POP > 1 THEN ", " END"),
        ("NULLIF(", ", 1)"),
        ("POWER(", ", 1)"),
    ],
)
def test_nested_texts_are_read_in_linear_time(opening: str, closing: str) -> None:
    began = time.process_time()
    ValueExpression(opening * 30 + "POP" + closing * 30)
    assert time.process_time() - began < SOON


@pytest.mark.parametrize(
    ("columns", "groups"),
    [
        ([np.array([3.0, np.nan, 3.0, np.nan])], [0, 1, 0, 1]),
        ([np.array(["b", None, "a", None], object)], [0, 1, 2, 1]),
        ([np.array([2, 1, 2, 1]), np.array(["x", "x", "y", "x"], object)], [0, 1, 2, 1]),
        ([np.array([], float)], []),
    ],
)
def test_groups_are_numbered_by_their_first_row_and_nulls_are_equal(columns: Any, groups: list[int]) -> None:
    assert number_groups(columns).tolist() == groups
