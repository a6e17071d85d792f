"""Reading of JSON as clients send it: strict JSON first, then two other forms.

They are the repr of a Python value (`{'distance': 1, 'units': 'esriMeters'}`), which the ArcGIS API for
Python sends for untouched defaults, and objects with unquoted keys, as in the documentation's example of
`context`. Every expression reads a text once: the time does not grow faster than the text.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from gpserverless.datatypes.literals import MAX_LITERAL, STRING_PATTERN, read_literal
from gpserverless.errors import InvalidValue

_UNQUOTED_KEY = re.compile(rf"({STRING_PATTERN})|([{{,]\s*+)([A-Za-z_]\w*+)(\s*+:)", re.DOTALL)
_NO_NUMBER = re.compile(rf"{STRING_PATTERN}|(?<![\w.])(-?(?:NaN|nan|Infinity|inf))\b", re.DOTALL)


def parse(text: str | bytes, accepted: str) -> Any:
    """Return the value of a JSON text or a Python literal; keys may lack their quotes.

    Args:
        text: The text to read.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: The text is neither.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        value = _parse_leniently(text) if isinstance(text, str) and len(text) <= MAX_LITERAL else None
        if value is not None:
            return value
        word = _find_no_number(text) if isinstance(text, str) else None
        problem = f"{word} is not a number" if word else f"the JSON is malformed: {error}"
        raise InvalidValue(problem, accepted) from None


def parse_object(text: str, accepted: str) -> dict[str, Any]:
    """Return the object of a JSON text or a Python literal; keys may lack their quotes.

    Args:
        text: The text to read.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: The text is not an object.
    """
    value = parse(text, accepted)
    if not isinstance(value, dict):
        raise InvalidValue("it is not a JSON object", accepted)
    return value


def _parse_leniently(text: str) -> Any:
    """Return the value of a Python literal or of JSON with unquoted keys; None if it is neither."""
    value = read_literal(text)
    quoted = text if value is not None else _UNQUOTED_KEY.sub(_quote_key, text)
    if value is not None or quoted == text:
        return value
    try:
        return orjson.loads(quoted)
    except orjson.JSONDecodeError:
        return read_literal(quoted)


def _quote_key(match: re.Match[str]) -> str:
    return match[1] or f'{match[2]}"{match[3]}"{match[4]}'


def _find_no_number(text: str) -> str | None:
    return next((match[1] for match in _NO_NUMBER.finditer(text) if match[1]), None)
