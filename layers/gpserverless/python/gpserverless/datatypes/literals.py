"""Literals of Python that stand for JSON: `str()` of a dict or a list, numbers of numpy included."""

from __future__ import annotations

import ast
import re
from typing import Any

MAX_LITERAL = 100_000
"""Characters of the longest literal: `ast` is slow, and no client sends a longer one."""

STRING_PATTERN = r"""(?:"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|'[^'\\]*+(?:\\.[^'\\]*+)*+(?:'|\Z))"""
"""A text in quotation marks, or from an opening mark to the end; with the flag DOTALL."""

_NEIGHBOURS = re.compile(rf"""{STRING_PATTERN}(\s*+["'])?|[^"']++""", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_NUMPY = frozenset({"np", "numpy"})
_NUMPY_TYPE = re.compile(r"u?int(8|16|32|64)|float(16|32|64)|str_|bool_?|True_|False_")


def read_literal(text: str) -> Any:
    """Return the JSON value of a Python list, tuple or dict; None for any other text.

    The words `true`, `false` and `null` are read too. Texts side by side (`["a" "b"]`) are not: Python makes
    one of two, which is never meant.

    Args:
        text: The text of the literal.
    """
    text = text.strip()
    if len(text) > MAX_LITERAL or not text.startswith(("[", "{", "(")):
        return None
    if any(match[1] for match in _NEIGHBOURS.finditer(text)):
        return None
    try:
        return _convert(ast.parse(text, mode="eval").body)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _convert(node: ast.expr) -> Any:
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_convert(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_convert_key(k): _convert(v) for k, v in zip(keys, values, strict=True)}
        case ast.Constant(value=value) if value is None or isinstance(value, bool | int | float | str):
            return _check(value)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            return _sign(_convert(operand), sign)
        case ast.Call(func=ast.Attribute() as function, args=[inner], keywords=[]):
            _check_numpy(function)
            return _convert(inner)
    return _convert_word(node)


def _convert_word(node: ast.expr) -> bool | None:
    match node:
        case ast.Name(id=word) if word in _WORDS:
            return _WORDS[word]
        case ast.Attribute(attr="True_" | "False_" as word):
            _check_numpy(node)
            return word == "True_"
    raise ValueError(f"no literal: {type(node).__name__}")


def _convert_key(node: ast.expr | None) -> str:
    key = None if node is None else _convert(node)
    if not isinstance(key, str):
        raise ValueError("a key is not a text")
    return key


def _check(value: Any) -> Any:
    if isinstance(value, str):
        value.encode()  # JSON has no half of a character
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("a number is not finite")
    return value


def _sign(value: Any, sign: ast.unaryop) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a sign is not before a number")
    return -value if isinstance(sign, ast.USub) else value


def _check_numpy(name: ast.Attribute) -> None:
    module = name.value
    if not (isinstance(module, ast.Name) and module.id in _NUMPY and _NUMPY_TYPE.fullmatch(name.attr)):
        raise ValueError(f"no number of numpy: {name.attr}")
