"""Reading a number with a unit, whatever is measured."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from gpserverless.errors import InvalidValue

_QUANTITY = re.compile(
    r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)\s+([A-Za-z][A-Za-z _-]{0,60})", re.ASCII
)


def split_quantity(text: str, accepted: str) -> tuple[float, str]:
    """Return the number and the unit of a text such as "3 SquareKilometers"; the space is needed.

    Args:
        text: What to read.
        accepted: What the caller accepts, for the error.

    Raises:
        InvalidValue: It is no number with a unit.
    """
    match = _QUANTITY.fullmatch(text.strip()[:100])
    if match is None:
        raise InvalidValue(f"'{text[:40]}' is not a number with a unit", accepted)
    return float(match[1]), match[2]


def finite_number(value: float, what: str) -> float:
    """Return a number as a float.

    Raises:
        InvalidValue: It is not finite.
    """
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidValue(f"the {what} is not finite", "a finite number")
    return number


def find_unit_token(text: str, by_word: Mapping[str, str], prefix: str, accepted: str) -> str:
    """Return the ArcGIS token of a unit in any letter case, with or without the prefix of its tokens.

    Args:
        text: Such as "esriacres", "Acres" or "square kilometers".
        by_word: Tokens by their word in lower case, without prefix.
        prefix: What all tokens begin with.
        accepted: What the caller accepts, for the error.

    Raises:
        InvalidValue: No such unit.
    """
    word = re.sub(r"[\s_-]", "", text).lower().removeprefix(prefix.lower()).replace("metre", "meter")
    if word not in by_word:
        raise InvalidValue(f"'{text[:40]}' is not a unit", accepted)
    return by_word[word]
