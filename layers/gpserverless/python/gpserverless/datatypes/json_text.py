"""Reading JSON that people and clients really send: strict first, then the forms known to occur.

Two of them: the repr of a Python value (`{'distance': 1, 'units': 'esriMeters'}`), which the ArcGIS API for
Python sends for untouched defaults, and objects with unquoted keys, which the documentation's own example
of `context` has.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import orjson

from gpserverless.errors import InvalidValue

MAX_LITERAL = 100_000
"""Characters up to which a Python literal is tried: `ast` is slow and no client sends a longer one."""

_UNQUOTED_KEY = re.compile(r'("(?:[^"\\]|\\.)*")|([{,]\s*)([A-Za-z_]\w*)(\s*:)')


def parse(text: str | bytes, accepted: str) -> Any:
    """Return the value that a JSON text or a Python literal stands for.

    Args:
        text: The text to read.
        accepted: What the caller accepts, for the error.

    Raises:
        InvalidValue: It is neither.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        literal = _literal(text if isinstance(text, str) else "")
        if literal is not None:
            return literal
        raise InvalidValue(f"the JSON is malformed: {error}", accepted) from None


def parse_object(text: str, accepted: str) -> dict[str, Any]:
    """Return the object that a text stands for; keys may lack their quotes.

    Raises:
        InvalidValue: It is not an object.
    """
    try:
        value = parse(text, accepted)
    except InvalidValue:
        value = parse(_UNQUOTED_KEY.sub(_with_quotes, text), accepted)
    if not isinstance(value, dict):
        raise InvalidValue("it is not a JSON object", accepted)
    return value


def _with_quotes(match: re.Match[str]) -> str:
    return match[1] or f'{match[2]}"{match[3]}"{match[4]}'


def _literal(text: str) -> Any:
    if len(text) > MAX_LITERAL or not text.strip().startswith(("[", "{", "(")):
        return None
    try:
        value = ast.literal_eval(text.strip())
        return orjson.loads(orjson.dumps(value))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
