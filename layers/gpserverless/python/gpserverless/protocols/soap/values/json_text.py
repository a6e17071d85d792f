"""JSON that is a text already, so that large feature sets are not parsed only to be written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from gpserverless.datatypes.base import JSON


@dataclass(frozen=True)
class JsonText:
    """A JSON value as its text.

    Attributes:
        text: The JSON.
    """

    text: str


def write_raw(value: JSON | JsonText) -> str:
    """Return a value as the raw text of a parameter: a text as it is, another value as JSON, "" for none.

    Args:
        value: A text, a JSON value that may hold JSON texts, or None.
    """
    if value is None:
        return ""
    if isinstance(value, JsonText):
        return value.text
    if isinstance(value, str):
        return value
    return orjson.dumps(value, default=_write_inside, option=orjson.OPT_PASSTHROUGH_DATACLASS).decode()


def _write_inside(value: Any) -> orjson.Fragment:
    if not isinstance(value, JsonText):
        raise TypeError(f"not a JSON value: {value!r}")
    return orjson.Fragment(value.text)
