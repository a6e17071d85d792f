"""The texts of the errors that the package raises, read from its sources."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gpserverless import errors

PACKAGE = Path(__file__).parents[2] / "layers/gpserverless/python/gpserverless"
CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind)}


class RaisedText(NamedTuple):
    """The text of an error.

    Attributes:
        kind: Name of its class.
        text: The text, with `…` for every value in it.
        place: The module, as a path below the package.
    """

    kind: str
    text: str
    place: str


def read_raised_texts() -> list[RaisedText]:
    """Return the text of every error that is made outside of tests, with its class and its module."""
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if "testing" not in path.parts]
    return [
        RaisedText(kind, text, str(path.relative_to(PACKAGE)))
        for path in files
        for kind, text in _texts_in(ast.parse(path.read_text("utf-8")))
    ]


def _texts_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES:
            told = node.args[1:] if node.func.id == "OAuthError" else node.args
            yield from ((node.func.id, text) for first in told[:1] for text in _alternatives(first))


def _alternatives(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _alternatives(node.body)
        yield from _alternatives(node.orelse)
    else:
        yield re.sub("…+", "…", " ".join(_write(node).split()))


def _write(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(map(_write, parts))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _write(left) + _write(right)
    return "…"
