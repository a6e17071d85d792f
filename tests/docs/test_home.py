"""The home page of the site shows the tool of the README, and its picture."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from dev.pictures.draw import path_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/index.md").read_text("utf-8")


README = (ROOT / "README.md").read_text("utf-8")


def read_tool(page: str) -> str:
    """Return the first function of a page, as it is parsed."""
    nodes = ast.parse(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]).body
    return next(ast.dump(node) for node in nodes if isinstance(node, ast.FunctionDef))


def test_tool_is_that_of_the_readme() -> None:
    assert read_tool(PAGE) == read_tool(README)


def test_picture_is_that_of_the_tool() -> None:
    assert f"](../{path_of('Samples/BufferPoints')})" in PAGE
