"""Numbers as other languages write them: what they are, exactly, and which texts are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpserverless.values.numbers import read_float, read_whole

WHOLE = [
    ("100000", 100_000),
    ("1e+05", 100_000),  # R
    ("1E5", 100_000),  # Java
    ("1.0e5", 100_000),
    ("12.0", 12),  # Python
    ("12.", 12),
    ("+12", 12),
    ("-0.0", 0),
    (".5e1", 5),
    ("1.7e+12", 1_700_000_000_000),
    ("1795249800000.0", 1_795_249_800_000),
    ("4503599627370495.0", 4_503_599_627_370_495),  # more digits than a float of 52 bits shows
    ("9007199254740993.0", 9_007_199_254_740_993),  # 2^53 + 1, which no float holds
    ("9007199254740993e0", 9_007_199_254_740_993),
    ("1200e-2", 12),
    ("0e-999", 0),
    ("007", 7),
    (" \t12\x1f", 12),
    (12, 12),
    (12.0, 12),
    (-1.7e12, -1_700_000_000_000),
]

NOT_WHOLE = [
    "12.5", "1e-1", "1201e-2", 0.5, float("nan"), float("inf"), True, False, None, [], {},
    "", " ", ".", "e5", "1e", "1e+", "--1", "+ 1", "1 000", "1,000", "1.000.000", "1_000", "1'000",
    "1\u202f000",
    "1,5", "0x10", "1L", "1n", "1f", "NaN", "nan", "Infinity", "inf", "None", "null", "true",
    "\u2212" + "5", "\u0661\u0662", "\uff11\uff12", "½", "1e1000", "1" * 401,
]  # fmt: skip


@pytest.mark.parametrize(("raw", "number"), WHOLE)
def test_whole_numbers_are_read_exactly(raw: object, number: int) -> None:
    assert read_whole(raw) == number


@pytest.mark.parametrize("raw", NOT_WHOLE, ids=lambda raw: str(raw)[:20])
def test_other_values_are_no_whole_numbers(raw: object) -> None:
    assert read_whole(raw) is None


@pytest.mark.parametrize(
    ("raw", "number"),
    [("1.5e+03", 1500.0), ("-.5", -0.5), ("5.", 5.0), (" 2 ", 2.0), (3, 3.0), ("1e999", float("inf")),
     (10**400, float("inf")), (-(10**400), float("-inf"))],
)  # fmt: skip
def test_numbers_are_read(raw: object, number: float) -> None:
    assert read_float(raw) == number


@pytest.mark.parametrize(
    "raw", ["1,5", "1,000.5", "1 000", "1_0", "NaN", "inf", "\u22125", "٣", "", True, None]
)
def test_other_values_are_no_numbers(raw: object) -> None:
    assert read_float(raw) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_python_writes_it(number: float) -> None:
    assert read_float(repr(number)) == number
    assert (read_whole(repr(number)) is not None) == number.is_integer()


@given(st.integers(-(10**30), 10**30), st.integers(0, 20))
def test_every_whole_number_is_read_with_point_and_exponent(number: int, places: int) -> None:
    assert read_whole(f"{number}.{'0' * places}") == number
    assert read_whole(f"{number}e{places}") == number * 10**places
