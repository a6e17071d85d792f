"""Numbers with a unit, for lengths, areas and spans of time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from gpserverless.errors import InvalidValue
from gpserverless.values.numbers import MAX_NUMBER, NUMBER_PATTERN

_QUANTITY = re.compile(rf"({NUMBER_PATTERN})(\s*+)([A-Za-z][A-Za-z _-]*+)?", re.ASCII)


def split_quantity(
    text: str, accepted: str, noun: str = "a number with a unit", unit: str = ""
) -> tuple[float, str]:
    """Split a text such as "3 SquareKilometers" into number and unit.

    Args:
        text: A number, white space and a unit.
        accepted: The accepted texts, for the error.
        noun: The text as a noun with an article, for the error.
        unit: The unit of a number alone; if there is one, white space is not needed either.

    Raises:
        InvalidValue: The text is no number with a unit.
    """
    match = _QUANTITY.fullmatch(text.strip())
    if match is None or len(match[1]) > MAX_NUMBER or not (unit or (match[2] and match[3])):
        raise InvalidValue(f"{shorten(text)} is not {noun}", accepted)
    return float(match[1]), match[3] or unit


def shorten(text: str) -> str:
    """Return a text in quotation marks for an error: at most 40 characters, then an ellipsis.

    Args:
        text: The text.
    """
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


def require_finite(value: float, subject: str) -> float:
    """Convert a number to a finite float.

    Args:
        value: The number; an integer may have any size.
        subject: Its name with an article, for the error: "the area".

    Raises:
        InvalidValue: The number is infinite, NaN, or beyond the range of a float.
    """
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidValue(f"{subject} is not finite", "a finite number")
    return number


def find_unit_token(text: str, by_word: Mapping[str, str], prefix: str, accepted: str) -> str:
    """Find the ArcGIS token of a unit, in any letter case, with or without the prefix of its tokens.

    Args:
        text: Such as "esriacres", "Acres" or "square kilometers".
        by_word: Tokens by their word in lower case, without the prefix.
        prefix: Common beginning of the tokens, such as "esri".
        accepted: The accepted units, for the error.

    Raises:
        InvalidValue: There is no such unit.
    """
    word = re.sub(r"[\s_-]", "", text).lower().removeprefix(prefix.lower()).replace("metre", "meter")
    if word not in by_word:
        raise InvalidValue(f"{shorten(text)} is not a unit", accepted)
    return by_word[word]
