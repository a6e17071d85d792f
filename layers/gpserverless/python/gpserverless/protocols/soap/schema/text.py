"""Texts of simple values: what XML 1.0 can hold, in the spelling of XML Schema."""

from __future__ import annotations

import base64
import math
import re
from typing import Any

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> str:
    """Return a text as content of an element.

    Control characters and halves of characters, which XML cannot hold, become U+FFFD. A carriage return is
    written as a reference: readers would take it for a line end.

    Args:
        text: Any text.
    """
    if _TO_ESCAPE.search(text) is None:
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NOT_IN_XML.sub("\ufffd", text).replace("\r", "&#13;")


def escape_attribute(text: str) -> str:
    """Return a text as value of an attribute in double quotes.

    Args:
        text: Any text.
    """
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def write_simple(value: Any) -> str:
    """Return a value of a simple type as content of an element.

    Args:
        value: A text, a number, a boolean, or bytes for base64.

    Raises:
        ValueError: It is something else.
    """
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise ValueError(f"a value of {type(value).__name__} has no simple type")


def write_number(value: float) -> str:
    """Return a number in the fewest digits that give it back, or INF, -INF or NaN.

    Args:
        value: The number.
    """
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
