"""Reading of JSON as clients send it: strict JSON first, then two other forms.

They are the repr of a Python value (`{'distance': 1, 'units': 'esriMeters'}`), which the ArcGIS API for
Python sends for untouched defaults, and objects with unquoted keys, as in the documentation's example of
`context`.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import orjson

from gpserverless.errors import InvalidValue

MAX_LITERAL = 100_000
"""Characters of the longest Python literal: `ast` is slow, and no client sends a longer one."""

_UNQUOTED_KEY = re.compile(r'("(?:[^"\\]|\\.)*")|([{,]\s*)([A-Za-z_]\w*)(\s*:)')


def parse(text: str | bytes, accepted: str) -> Any:
    """Return the value of a JSON text or a Python literal.

    Args:
        text: The text to read.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: The text is neither.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        literal = _parse_literal(text if isinstance(text, str) else "")
        if literal is not None:
            return literal
        raise InvalidValue(f"the JSON is malformed: {error}", accepted) from None


def parse_object(text: str, accepted: str) -> dict[str, Any]:
    """Return the object of a JSON text or a Python literal; keys may lack their quotes.

    Args:
        text: The text to read.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: The text is not an object.
    """
    try:
        value = parse(text, accepted)
    except InvalidValue:
        value = parse(_UNQUOTED_KEY.sub(_quote_key, text), accepted)
    if not isinstance(value, dict):
        raise InvalidValue("it is not a JSON object", accepted)
    return value


def _quote_key(match: re.Match[str]) -> str:
    return match[1] or f'{match[2]}"{match[3]}"{match[4]}'


def _parse_literal(text: str) -> Any:
    if len(text) > MAX_LITERAL or not text.strip().startswith(("[", "{", "(")):
        return None
    try:
        value = ast.literal_eval(text.strip())
        return orjson.loads(orjson.dumps(value))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
