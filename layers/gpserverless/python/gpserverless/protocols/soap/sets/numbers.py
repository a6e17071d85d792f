"""Numbers of XML Schema, read by the column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress

from gpserverless.errors import InvalidValue
from gpserverless.values.numbers import MAX_NUMBER, read_float
from gpserverless.values.quotation import quoted

LARGEST_INT = 2**31 - 1
"""Largest value of an xs:int."""

_PLAIN = frozenset("0123456789+-.eE \t\r\n")
_NO_NUMBER = frozenset({"", "NaN"})


def read_numbers(texts: Sequence[str], noun: str) -> list[float]:
    """Return the numbers of texts, all finite.

    Args:
        texts: As XML Schema writes doubles.
        noun: Their noun, for the error: "an X of a vertex".

    Raises:
        InvalidValue: A text is no finite number.
    """
    if set("".join(texts)) <= _PLAIN and max(map(len, texts), default=0) <= MAX_NUMBER:
        try:
            numbers = list(map(float, texts))
        except ValueError:
            numbers = [math.nan]
        if all(map(math.isfinite, numbers)):
            return numbers
    return [_read_number(text, noun) for text in texts]


def read_optional_numbers(texts: Sequence[str | None], noun: str) -> list[float | None]:
    """Return the numbers of texts, None for those that are missing, empty or NaN.

    Args:
        texts: As XML Schema writes doubles.
        noun: Their noun, for the error.

    Raises:
        InvalidValue: A text is another thing than a finite number or NaN.
    """
    given = [text for text in texts if text is not None]
    if len(given) == len(texts):
        with suppress(InvalidValue):  # the slow way reads empty ones, and names the wrong one
            return list(read_numbers(given, noun))
    return [None if is_missing(text) else _read_number(text or "", noun) for text in texts]


def is_missing(text: str | None) -> bool:
    """Return whether an ordinate says that there is none.

    Args:
        text: Its text, None without one.
    """
    return text is None or text.strip() in _NO_NUMBER


def _read_number(text: str, noun: str) -> float:
    number = read_float(text)
    if number is None or not math.isfinite(number):
        raise InvalidValue(f"{noun} is {quoted(text)}", "finite numbers")
    return number
