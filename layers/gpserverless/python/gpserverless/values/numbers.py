"""Numbers as any language writes them: `100000`, `1e+05` (R), `12.0` (Python), `1.7E12` (Java)."""

from __future__ import annotations

import re
from typing import Any

MAX_NUMBER = 400
"""Characters of the longest number: a float needs about 340 when it is written without exponent."""

# Possessive, so that a text that is no number is refused in time proportional to its length.
NUMBER_PATTERN = r"[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]{1,3}+)?"
"""A decimal number in ASCII digits, with a point, without separators of thousands."""

_NUMBER = re.compile(NUMBER_PATTERN)
_PARTS = re.compile(r"([-+]?)([0-9]*+)\.?([0-9]*+)(?:[eE]([-+]?[0-9]+))?")


def read_float(raw: Any) -> float | None:
    """Return the number that a value is, perhaps infinite; None if it is none.

    Args:
        raw: A JSON number, or a text of ASCII digits.
    """
    if isinstance(raw, str):
        text = raw.strip()  # strip() drops separators that float() refuses
        return float(text) if len(text) <= MAX_NUMBER and _NUMBER.fullmatch(text) else None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    try:
        return float(raw)
    except OverflowError:
        return float("inf") if raw > 0 else float("-inf")


def read_whole(raw: Any) -> int | None:
    """Return the whole number that a value is, exactly; None if it is none.

    Args:
        raw: A JSON number, or a text such as "12", "12.0" or "1e+05".
    """
    if isinstance(raw, str):
        return _read_whole_text(raw.strip())
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else None
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def _read_whole_text(text: str) -> int | None:
    if len(text) > MAX_NUMBER or not _NUMBER.fullmatch(text):
        return None
    sign, whole, fraction, exponent = _PARTS.fullmatch(text).groups()  # type: ignore[union-attr]
    shift = int(exponent or 0) - len(fraction)
    digits = whole + fraction + "0" * shift
    kept, left = (digits, "") if shift >= 0 else (digits[:shift], digits[shift:])
    if left.strip("0"):
        return None
    return int(f"{sign}{kept or 0}")
