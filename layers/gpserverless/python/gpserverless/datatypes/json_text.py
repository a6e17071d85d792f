"""Reading of JSON as clients send it: strict JSON first, then the literals of other languages.

Every expression reads a text once: the time does not grow faster than the text. What is read is no deeper
than the code that goes down into it can bear, and no name is lost because it is there twice.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from gpserverless.datatypes.literals import read_literal
from gpserverless.errors import InvalidValue
from gpserverless.values.json_members import check_unique, count_members

# A text goes on to its quotation mark, or to the end: no mark in it is tried as the beginning of another one.
_TEXT = r"""(?:"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|'[^'\\]*+(?:\\.[^'\\]*+)*+(?:'|\\?\Z))"""
_NO_NUMBER = re.compile(rf"{_TEXT}|(?<![\w.])(-?(?:NaN|nan|Infinity|inf))\b", re.DOTALL)


def parse(text: str, accepted: str) -> Any:
    """Return the value of a JSON text or a Python literal; keys may lack their quotes.

    Args:
        text: The text to read.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: The text is neither, is nested too deeply, or holds a name twice.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        value = read_literal(text)
        if value is not None:
            return value
        word = next((match[1] for match in _NO_NUMBER.finditer(text) if match[1]), None)
        problem = f"{word} is not a number" if word else f"the JSON is malformed: {error}"
        raise InvalidValue(problem, accepted) from None
    check_unique(text, count_members(value))
    return value


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
