"""Where clauses: what is true of which row, and what is not a condition."""

from __future__ import annotations

import contextlib
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dev.fuzz.growth import HostileText, grows_faster
from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import BIG_INTEGER, DATE, DATE_ONLY, DOUBLE, INTEGER, Field
from gpserverless.features.sql.expression import SqlExpression
from gpserverless.features.sql.like import compile_like
from tests.patience import SOON

ROWS = Table(
    (Field("POP", INTEGER), Field("NAME"), Field("BUILT", DATE), Field("SHARE", DOUBLE), Field("a b")),
    {
        "POP": np.array([1, 20, 300]),
        "NAME": np.array(["Aal", "b%c", None], object),
        "BUILT": np.array([0, 1_577_836_800_000, None], object),
        "SHARE": np.array([1.5, None, -2.0], object),
        "a b": np.array(["x", "y", "O'B"], object),
    },
)

TRUE_OF = [
    ("1=1", [0, 1, 2]),
    ("NOT 1=1", []),
    ("POP > 10", [1, 2]),
    ("pop >= 20 AND POP < 300", [1]),
    ("POP <> 20", [0, 2]),
    ("POP != 20 OR NAME = 'b%c'", [0, 1, 2]),
    ("POP BETWEEN 1 AND 20", [0, 1]),
    ("POP NOT BETWEEN 1 AND 20", [2]),
    ("POP IN (1, 300, -5)", [0, 2]),
    ("POP IN (1, NULL)", [0]),
    ("POP NOT IN (1, NULL)", []),
    ("NAME IN ('Aal')", [0]),
    ("NAME LIKE 'A_l'", [0]),
    ("NAME LIKE '%'", [0, 1]),
    ("UPPER(NAME) LIKE UPPER('%aa%')", [0]),
    ("LOWER(NAME) NOT LIKE LOWER(N'%AA%')", [1]),
    ("NAME NOT LIKE '%a%'", [1]),
    ("NAME LIKE 'b!%c' ESCAPE '!'", [1]),
    ("NAME LIKE 'A!%%' ESCAPE '!'", []),
    ("NAME IS NULL", [2]),
    ("NAME IS NOT NULL", [0, 1]),
    ("NAME = NULL", []),
    ("NAME < 'B'", [0]),
    ("SHARE > 0", [0]),
    ("NOT SHARE > 0", [2]),
    ("SHARE > 0 OR POP = 20", [0, 1]),
    ("NOT (SHARE > 0 AND POP = 20)", [0, 2]),
    ("(SHARE > 0) IS NOT TRUE", [1, 2]),
    ("BUILT >= DATE '2020-01-01'", [1]),
    ("BUILT < TIMESTAMP '1970-01-01 00:00:01'", [0]),
    ("POP * 2 + 1 = 41", [1]),
    ("POP % 2 = 0", [1, 2]),
    ("POP / 0 > 1", []),
    ("-SHARE = 2", [2]),
    ("ABS(SHARE) >= 1.5e0", [0, 2]),
    ("ROUND(SHARE) = 2", [0]),
    ("ROUND(POP / 7, 2) = 2.86", [1]),
    ("FLOOR(SHARE) = 1 AND CEILING(SHARE) = 2", [0]),
    ("UPPER(NAME) = 'AAL'", [0]),
    ("LOWER(NAME) || '!' = 'aal!'", [0]),
    ("CHAR_LENGTH(TRIM(NAME)) = 3", [0, 1]),
    ('"a b" = \'x\'', [0]),
    ("\"a b\" = 'O''B'", [2]),
    ("POP = 1e400", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), TRUE_OF)
def test_condition_is_true_of(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(SqlExpression(text).select(ROWS)).tolist() == rows


NOT_CONDITIONS = [
    ("", "the expression is empty or cannot be read"),
    ("POP", "the expression is a value, not a condition"),
    ("(POP + 1)", "the expression is a value, not a condition"),
    ("POP = 1 AND", "cannot be read from 'AND' at character 11"),
    ("POP = 1\nAND )", "line 2"),
    ("POP = 'x", "the quotation mark at character 7 is never closed"),
    ("1=1; DROP TABLE x; --", "';' at character 4 does not belong in a condition"),
    ("POP = 1 -- all", "'--' at character 9 does not belong"),
    ("POP /* */ = 1", "'/*' at character 5 does not belong"),
    ("POP = (SELECT 1)", "SUBQUERY is not understood"),
    ("POP = 1 UNION SELECT 1", "cannot be read"),
    ("SELECT 1", "cannot be read"),
    ("DROP TABLE x", "cannot be read"),
    ("xp_cmdshell('dir') = 1", "the function 'xp_cmdshell' at character 1 is not understood"),
    ("PG_SLEEP(9) = 1", "the function 'PG_SLEEP' at character 1 is not understood"),
    ("t.POP = 1", "the name 't.POP' at character 3 is not understood"),
    ("POP = ?", "'?' at character 7 does not belong in a condition"),
    ("POP = :x", "':' at character 7 does not belong in a condition"),
    ("POP[0] = 1", "'[' at character 4 does not belong in a condition"),
    ("{d '2026-11-21'} > BUILT", "'{' at character 1 does not belong in a condition"),
    ("POP = 0x1F", "'0' at character 7 does not belong in a condition"),
    ("CASE WHEN 1=1 THEN 1 END = 1", "CASE is not understood"),
    ("CAST(POP AS INTEGER) = 1", "TRUNCATE or ROUND makes a whole number"),
    ("CAST(NAME AS DATE) = BUILT", "of casts only"),
    ("POP IN (CAST(POP AS FLOAT))", "IN at character 1 is not followed by a list of constants"),
    ("LOG(2, POP) > 1", "LOG has two arguments"),
    ("LOG(10, POP) > 1", "LOG has two arguments"),
    ("LOG(POP, 10) > LOG10(POP)", "LOG has two arguments"),
    ("INTERVAL '1' DAY > BUILT", "an interval is not added to a date"),
    ("BUILT + (INTERVAL '1' DAY) > BUILT", "an interval is not added to a date"),
    ("CURRENT_TIME > BUILT", "CURRENTTIME is not understood"),
    ("CURRENT_USER = NAME", "CURRENTUSER is not understood"),
    ("CURRENT_TIMESTAMP(3) > BUILT", "not understood"),
    ("LEFT(NAME, 2) = 'a'", "the function 'LEFT' at character 1 is not understood"),
    ("STRUCT (POP) > 1", "the function 'STRUCT' at character 1 is not understood"),
    ('"UPPER"(NAME) = 1', "the function '\"UPPER\"' at character 1 is not understood"),
    ("NAME LIKE NAME", "LIKE at character 1 is not followed by a text"),
    ("NAME LIKE 'x' ESCAPE 'xx'", "ESCAPE is not one character"),
    ("POP IN (SELECT 1)", "not understood"),
    ("POP IN (POP)", "IN at character 1 is not followed by a list of constants"),
    ("POP IS 3", "IS is not followed by NULL"),
    ("*", "STAR is not understood"),
    ("__import__('os') = 1", "the function '__import__' at character 1 is not understood"),
    ("(" * 33 + "1=1" + ")" * 33, "parentheses are nested too deeply at character 33"),
    ("1=1 AND " * 300 + "1=1", "the expression is nested too deeply"),
    ("NOT " * 300 + "1=1", "the expression is nested too deeply"),
    ("POP = " + "1" * 10_000, "the expression has 10,006 characters"),
    ("POP = " + "1" * 401, "the number at character 7 has 401 characters"),
    ("POP IN (" + "1," * 1300 + "1)", "the expression has too many parts at character 2506"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), NOT_CONDITIONS, ids=lambda t: t[:30])
def test_other_sql_is_refused_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        SqlExpression(text)
    assert problem in caught.value.problem


DO_NOT_FIT = [
    ("NOPE = 1", "there is no field 'NOPE' at character 1"),
    ("POP = 1 AND NOPE = 1", "there is no field 'NOPE' at character 13"),
    ("NAME > 3", "a text is compared with a number at character 1"),
    (
        "BUILT > '2020-01-01'",
        "a text at character 1; write DATE '…' or TIMESTAMP '…'",
    ),
    ("BUILT > DATE 'soon'", "'soon' is not a date"),
    ("POP AND 1=1", "a number at character 1 stands where a condition is needed"),
    ("NAME + 1 = 2", "a text at character 1 stands where a number is needed"),
    ("UPPER(POP) = 'X'", "a number at character 7 stands where a text is needed"),
    ("POP LIKE 'x'", "a number at character 1 stands where a text is needed"),
    ("ROUND(SHARE, POP) = 1", "ROUND needs a number of digits"),
    ("POP IN ('a')", "a text at character 1 stands where a number is needed"),
    ("EXTRACT(YEAR FROM POP) = 1", "a number at character 19 stands where a date is needed"),
    ("EXTRACT(WEEK FROM BUILT) = 1", "EXTRACT knows no 'WEEK'"),
    ("CURRENT_TIMESTAMP > NAME", "a date is compared with a text"),
    ("CURRENT_TIMESTAMP - 7 > BUILT", "a date stands where a number is needed"),
    ("POP + INTERVAL '7' DAY > 1", "a number at character 1 stands where a date is needed"),
    ("BUILT + INTERVAL '7' MONTH > BUILT", "an interval of '7' is not understood"),
    ("BUILT + INTERVAL 'a week' DAY > BUILT", "an interval of 'a week' is not understood"),
    ("BUILT + INTERVAL '1 2' DAY TO SECOND > BUILT", "an interval of '1 2' is not understood"),
    ("BUILT + INTERVAL '1' SECOND TO DAY > BUILT", "is not understood"),
    ("TRIM(BOTH 'xy' FROM NAME) = 'a'", "TRIM needs one character"),
    ("TRUNCATE(POP, 16) = 1", "TRUNCATE needs a number of digits"),
    ("ROUND(POP, -16) = 1", "ROUND needs a number of digits"),
    ("COALESCE(POP, 'a') = 1", "stands where"),
    ("CONCAT(NAME, POP) = 'a'", "a number"),
]


@pytest.mark.parametrize(("text", "problem"), DO_NOT_FIT)
def test_check_finds_missing_fields_and_mixed_kinds_without_a_row(text: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        SqlExpression(text).check(ROWS)
    assert problem in caught.value.problem


def test_fields_are_listed_in_their_order() -> None:
    assert SqlExpression("POP > 1 AND (\"a b\" = 'x' OR pop < 2)").fields == ("POP", "a b", "pop")


def test_deepest_allowed_expression_is_evaluated() -> None:
    chain = " AND ".join(["POP > 0"] * 140)
    assert SqlExpression(chain).select(ROWS).all()


@settings(deadline=None)
@given(text=st.text("a%_!.*\n", max_size=12), like=st.text("a%_!.*", max_size=8))
def test_like_is_what_the_standard_says(text: str, like: str) -> None:
    plain = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in like)
    assert bool(compile_like(like).match(text)) == bool(re.fullmatch(plain, text, re.DOTALL))


def test_like_with_many_wildcards_takes_no_time() -> None:
    started = time.process_time()
    assert not compile_like("%a" * 60 + "%b").match("a" * 20_000)
    assert time.process_time() - started < SOON


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidValue):
        SqlExpression(text).check(ROWS)


NESTED = [
    "STRUCT(", "ARRAY[", "DECIMAL(", "OBJECT(", "VARCHAR(", "DATE(", "int[", "MAP<", "((", "UPPER(",
    "TRIM(", "TRIM(BOTH 'x' FROM ", "CAST(", "EXTRACT(", "EXTRACT(YEAR FROM ", "POSITION(",
    "POSITION('a' IN ", "CONCAT(", "LOG(", "TRUNCATE(", "COALESCE(", "NULLIF(", "SUBSTRING(", "CURRENT_DATE(",
    "CURRENT_DATE - INTERVAL ",
]  # fmt: skip


@pytest.mark.parametrize("unit", NESTED)
def test_nesting_takes_linear_time(unit: str) -> None:
    def read(text: str) -> None:
        with contextlib.suppress(InvalidValue):
            SqlExpression(text)

    assert not grows_faster(read, HostileText("", unit, "1 > 1"))


def test_thousand_numbers_make_a_list() -> None:
    numbers = ",".join(map(str, range(1000)))
    assert SqlExpression(f"POP IN ({numbers})").select(ROWS).tolist() == [True, True, True]


def test_names_of_types_are_names_of_fields() -> None:
    table = Table((Field("date", INTEGER), Field("text"), Field("struct", INTEGER)), {
        "date": np.array([1]), "text": np.array(["a"], object), "struct": np.array([2]),
    })  # fmt: skip
    assert SqlExpression("date = 1 AND text = 'a' AND struct > (1)").select(table).tolist() == [True]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("DAY = '2024-02-29'", [1]),
        ("DAY = DATE '2024-02-29'", [1]),
        ("DATE '1969-12-31' >= DAY", [0]),
        ("DAY BETWEEN DATE '1969-12-31' AND TIMESTAMP '2024-02-29 00:00:00'", [0, 1]),
        ("NOT DAY > DATE '2000-01-01'", [0]),
        ("DAY < CURRENT_TIMESTAMP", [0, 1]),
        ("DAY IN ('1969-12-31', '2024-02-29')", [0, 1]),
    ],
)
def test_days_are_compared_with_texts_and_with_dates(text: str, rows: list[int]) -> None:
    days = np.array(["1969-12-31", "2024-02-29", None, "9999-12-31"], object)
    table = Table((Field("DAY", DATE_ONLY),), {"DAY": days})
    assert np.flatnonzero(SqlExpression(text, 1_800_000_000_000).select(table)).tolist() == rows


def test_a_text_that_is_no_day_is_refused() -> None:
    table = Table((Field("DAY", DATE_ONLY),), {"DAY": np.array(["2024-02-29", "soon"], object)})
    with pytest.raises(InvalidValue, match="'soon' is no day"):
        SqlExpression("DAY > DATE '2000-01-01'").select(table)


HUGE = [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1]


@pytest.mark.parametrize("nulls", [[], [None]], ids=["all known", "one null"])
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"ID = {2**53 + 1}", [1]),
        (f"ID > {2**53}", [1, 3]),
        (f"ID < {2**53 + 1}", [0, 2]),
        (f"ID = -{2**53 + 1}", [2]),
        (f"ID IN ({2**53 + 1}, {2**63 - 1})", [1, 3]),
        (f"ID NOT IN ({2**53}, -{2**53 + 1})", [1, 3]),
        (f"ID BETWEEN {2**53 + 1} AND {2**63 - 1}", [1, 3]),
        ("ID < 1e30", [0, 1, 2, 3]),
        (f"ID < {2**64}", [0, 1, 2, 3]),
        ("ID / 2 < 0", [2]),
    ],
)
def test_large_whole_numbers_are_told_from_their_neighbours(
    text: str, rows: list[int], nulls: list[None]
) -> None:
    """A float of 64 bits holds no 2**53 + 1: it would be the number before."""
    ids = np.array([*HUGE, *nulls], object if nulls else np.int64)
    table = Table((Field("ID", BIG_INTEGER),), {"ID": ids})
    assert np.flatnonzero(SqlExpression(text).select(table)).tolist() == rows


@pytest.mark.parametrize("year", [1, 1601, 1969, 1970, 2026, 6370, 9999])
def test_moments_are_exact_to_the_millisecond(year: int) -> None:
    since = np.datetime64(f"{year:04}-04-28T20:48:36", "ms").astype(np.int64) + np.arange(1000)
    table = Table((Field("BUILT", DATE),), {"BUILT": since})
    for millisecond in range(0, 1000, 7):
        text = f"BUILT = TIMESTAMP '{year:04}-04-28 20:48:36.{millisecond:03}'"
        assert np.flatnonzero(SqlExpression(text).select(table)).tolist() == [millisecond]


WORDS = Table().with_columns({"not": [1, 2], "null": [1, 2], "true": [1, 2], "POP": [1, 2]})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("null = 1", "null"),
        ("POP = 1 OR NULL > 0", "null"),
        ("POP = null", "null"),
        ("null IS NULL", "null"),
        ("true IS NOT NULL", "true"),
        ("not - 1 > 0", "not"),
    ],
)
def test_a_field_named_like_a_word_of_sql_is_never_read_as_the_word(text: str, name: str) -> None:
    where = SqlExpression(text)
    with pytest.raises(InvalidValue) as caught:
        where.select(WORDS)
    assert caught.value.problem == f"'{name}' is a word of SQL and a field"
    assert caught.value.accepted == f'"{name}" in double quotation marks for the field'


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('"null" = 1', [0]),
        ('"not" - 1 > 0', [1]),
        ("NOT POP = 1", [1]),
        ("POP IS NOT NULL AND NOT (POP = 2)", [0]),
        ("POP IS NULL", []),
        ("(POP = 1) IS TRUE", [0]),
        ("\"true\" = 2 AND 'null' = 'null'", [1]),
    ],
)
def test_the_words_are_read_where_no_field_can_stand(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(SqlExpression(text).select(WORDS)).tolist() == rows
