"""The functions of standardized queries, against Python's own: numbers, texts, dates, and the present."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import numpy as np
import pytest

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import DATE, DOUBLE, INTEGER, Field
from gpserverless.features.sql.expression import SqlExpression
from gpserverless.features.sql.value_expression import ValueExpression

NUMBERS = [1.0, -2.75, 100.0, 0.0, None, 115.5]
TEXTS = ["  Aal ", "xxbxx", "", None, "北京 🏝", "00700"]
MOMENTS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1905, 12, 31, 23, 59, 58, 250_000, tzinfo=UTC),
    datetime(2024, 2, 29, 5, 6, 7, tzinfo=UTC),
    None,
    datetime(2026, 11, 30, 13, 0, tzinfo=UTC),
    datetime(2026, 11, 23, 12, 59, 59, 999_000, tzinfo=UTC),
]
NOW = datetime(2026, 11, 30, 13, 0, 0, 500_000, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // timedelta(milliseconds=1)


ROWS = Table(
    (Field("N", DOUBLE), Field("T"), Field("D", DATE), Field("I", INTEGER)),
    {
        "N": np.array([math.nan if n is None else n for n in NUMBERS]),
        "T": np.array(TEXTS, object),
        "D": np.array([to_ms(moment) for moment in MOMENTS], object),
        "I": np.arange(6),
    },
)


def compute(text: str) -> list[Any]:
    operand = ValueExpression(text, to_ms(NOW)).compute(ROWS)
    pairs = zip(operand.values.tolist(), operand.null.tolist(), strict=True)
    return [None if null else value for value, null in pairs]


def apply(function: Callable[[Any], Any], values: list[Any]) -> list[Any]:
    return [None if value is None else function(value) for value in values]


def log(number: float) -> float | None:
    return math.log(number) if number > 0 else None


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("ABS(N)", abs),
        ("SIGN(N)", lambda n: (n > 0) - (n < 0)),
        ("CEILING(N)", math.ceil),
        ("FLOOR(N)", math.floor),
        ("TRUNCATE(N)", math.trunc),
        ("TRUNCATE(N, 1)", lambda n: math.trunc(n * 10) / 10),
        ("TRUNCATE(N / 100, 2)", lambda n: math.trunc(round(n, 6)) / 100),
        ("TRUNCATE(N, -2)", lambda n: math.trunc(n / 100) * 100),
        ("ROUND(N, -2)", lambda n: round(n, -2)),
        ("MOD(I, 4)", None),
        ("POWER(N, 2)", lambda n: n**2),
        ("SQRT(ABS(N))", lambda n: abs(n) ** 0.5),
        ("EXP(N / 100)", lambda n: math.exp(n / 100)),
        ("LN(N)", log),
        ("LOG(N)", log),
        ("LOG10(N)", lambda n: math.log10(n) if n > 0 else None),
        ("SIN(N)", math.sin),
        ("COS(N)", math.cos),
        ("TAN(N)", math.tan),
        ("NULLIF(N, 0)", lambda n: n or None),
        ("CAST(N AS FLOAT)", float),
        ("CAST(CAST(N AS VARCHAR) AS DOUBLE)", float),
        ("N / 7", lambda n: n / 7),
    ],
)
def test_numbers(text: str, function: Callable[[Any], Any] | None) -> None:
    wanted = [i % 4 for i in range(6)] if function is None else apply(function, NUMBERS)
    assert compute(text) == [value if value is None else pytest.approx(value) for value in wanted]


HALVES = [
    "0.5",
    "1.5",
    "2.5",
    "-2.5",
    "-0.5",
    "2.25",
    "1.005",
    "-1.015",
    "0.1",
    "250",
    "-350",
    "1e300",
    "12345678901234.25",
    "12345678901234.75",
    "123456789012345",
    "4503599627370497",
    "0.49999999999999994",
]


@pytest.mark.parametrize("digits", [0, 1, 2, -2, 15, -15])
def test_a_number_in_the_middle_is_rounded_away_from_zero(digits: int) -> None:
    rows = Table((Field("N", DOUBLE),), {"N": np.array(list(map(float, HALVES)))})
    rounded = ValueExpression(f"ROUND(N, {digits})").compute(rows).values.tolist()
    with localcontext(prec=400):
        exact = [Decimal(text).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) for text in HALVES]
    assert rounded == pytest.approx([float(number) for number in exact], rel=1e-15, abs=0)


def test_whole_numbers_that_no_float_holds_are_not_rounded() -> None:
    rows = Table((Field("I", INTEGER),), {"I": np.array([2**53 + 1, -7])})
    assert SqlExpression(f"ROUND(I) = {2**53 + 1}").select(rows).tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("UPPER(T)", str.upper),
        ("LOWER(T)", str.lower),
        ("CHAR_LENGTH(T)", len),
        ("TRIM(T)", str.strip),
        ("TRIM(BOTH FROM T)", str.strip),
        ("TRIM(LEADING FROM T)", str.lstrip),
        ("TRIM(TRAILING ' ' FROM T)", str.rstrip),
        ("TRIM(BOTH 'x' FROM T)", lambda t: t.strip("x")),
        ("TRIM(LEADING '0' FROM T)", lambda t: t.lstrip("0")),
        ("SUBSTRING(T, 2)", lambda t: t[1:]),
        ("SUBSTRING(T, 2, 3)", lambda t: t[1:4]),
        ("SUBSTRING(T FROM 2 FOR 3)", lambda t: t[1:4]),
        ("CONCAT(T, '!')", lambda t: t + "!"),
        ("CONCAT(T, '-', T)", lambda t: f"{t}-{t}"),
        ("T || '!'", lambda t: t + "!"),
        ("POSITION('x' IN T)", lambda t: t.find("x") + 1),
        ("POSITION('京' IN T)", lambda t: t.find("京") + 1),
        ("POSITION(T IN T)", lambda t: 1),
        ("COALESCE(T, '?')", None),
    ],
)
def test_texts(text: str, function: Callable[[str], Any] | None) -> None:
    wanted = ["?" if t is None else t for t in TEXTS] if function is None else apply(function, TEXTS)
    assert compute(text) == wanted


@pytest.mark.parametrize("part", ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE"])
def test_parts_of_dates(part: str) -> None:
    assert compute(f"EXTRACT({part} FROM D)") == apply(lambda d: getattr(d, part.lower()), MOMENTS)
    assert compute(f"extract({part.lower()} from d)") == apply(lambda d: getattr(d, part.lower()), MOMENTS)


def test_seconds_have_fractions() -> None:
    wanted = apply(lambda d: d.second + d.microsecond / 1e6, MOMENTS)
    assert compute("EXTRACT(SECOND FROM D)") == [v if v is None else pytest.approx(v) for v in wanted]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("CURRENT_TIMESTAMP", NOW),
        ("CURRENT_TIMESTAMP()", NOW),
        ("current_date", datetime(2026, 11, 30, tzinfo=UTC)),
        ("CURRENT_DATE - INTERVAL '7' DAY", datetime(2026, 11, 23, tzinfo=UTC)),
        ("CURRENT_TIMESTAMP - INTERVAL '7' DAY", NOW - timedelta(days=7)),
        ("CURRENT_TIMESTAMP + INTERVAL '-7' DAY", NOW - timedelta(days=7)),
        ("CURRENT_TIMESTAMP + INTERVAL 36 HOUR", NOW + timedelta(hours=36)),
        ("CURRENT_TIMESTAMP - INTERVAL '90' MINUTE", NOW - timedelta(minutes=90)),
        ("CURRENT_TIMESTAMP - INTERVAL '0.5' SECOND", NOW - timedelta(seconds=0.5)),
        ("CURRENT_TIMESTAMP - INTERVAL '1 02:03:04.5' DAY TO SECOND",
         NOW - timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("CURRENT_TIMESTAMP - INTERVAL '1:30' HOUR TO MINUTE", NOW - timedelta(hours=1, minutes=30)),
        ("CURRENT_DATE - INTERVAL '1' DAY - INTERVAL '1' HOUR", datetime(2026, 11, 28, 23, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_present_and_intervals(text: str, moment: datetime) -> None:
    dated = ["D >= ", "D < ", "D BETWEEN DATE '1900-01-01' AND "]
    known = [(number, date) for number, date in enumerate(MOMENTS) if date is not None]
    wanted = [
        [number for number, date in known if date >= moment],
        [number for number, date in known if date < moment],
        [number for number, date in known if date <= moment],
    ]
    found = [SqlExpression(head + text, to_ms(NOW)).select(ROWS) for head in dated]
    assert [np.flatnonzero(mask).tolist() for mask in found] == wanted


def test_the_present_is_handed_in_and_never_read() -> None:
    condition = SqlExpression("D < CURRENT_TIMESTAMP")
    condition.check(ROWS)
    with pytest.raises(InvalidValue, match="nothing tells the time"):
        condition.select(ROWS)
    early = SqlExpression("D < CURRENT_TIMESTAMP", to_ms(MOMENTS[2])).select(ROWS)
    assert np.flatnonzero(early).tolist() == [0, 1]


def test_a_text_that_is_no_number_is_not_taken_as_null() -> None:
    with pytest.raises(InvalidValue, match="is no number"):
        compute("CAST(T AS FLOAT)")


def test_names_of_functions_are_names_of_fields() -> None:
    names = ("log10", "position", "current_day")
    table = Table(tuple(Field(name, INTEGER) for name in names), {name: np.array([2]) for name in names})
    assert SqlExpression("log10 = 2 AND position > 1 AND current_day = 2").select(table).tolist() == [True]


def test_ten_thousand_characters_are_a_condition() -> None:
    text = "T = '" + "x" * 9_994 + "'"
    assert len(text) == 10_000
    assert not SqlExpression(text).select(ROWS).any()


@pytest.mark.parametrize(
    "text",
    [
        "CHAR_LENGTH(CONCAT(" + ", ".join(["T"] * 1_000) + ")) > 0",
        "CHAR_LENGTH(" + " || ".join(["T"] * 100) + ") > 0",
        f"CHAR_LENGTH(CONCAT(T, '{'x' * 5_000}')) > 0",
    ],
    ids=["concat", "bars", "constant"],
)
def test_joined_texts_do_not_grow_without_bound(text: str) -> None:
    """A short condition would otherwise need memory for a thousand copies of a column."""
    table = Table((Field("T"),), {"T": np.array(["abcdefghij" * 20] * 10_000, object)})
    with pytest.raises(InvalidValue, match="joins texts of more than 10,000,000 characters in 10,000 rows"):
        SqlExpression(text).select(table)
    assert SqlExpression(text).select(table.take([0])).tolist() == [True]
