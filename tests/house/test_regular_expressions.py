"""No expression of the package takes time that grows faster than its text, used as it is."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dev.fuzz.growth import grows_faster
from tests.house.pumped_texts import pump
from tests.house.source_copy import PACKAGE, ROOT

USES = ("match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split")
MADE_LATE = {
    "features/sql/like.py": "LIKE: atomic groups; tests/features/test_sql.py",
    "fetch/layer_pages.py": "the name of a field, escaped, in front of a number",
}
"""Files with expressions that are made of values."""


@dataclass(frozen=True)
class Use:
    """One use of an expression: its place in the sources, the expression and the method."""

    place: str
    pattern: re.Pattern[Any]
    method: str


def list_uses() -> Iterator[Use]:
    """Yield the uses in the sources; an expression that is only handed on counts as one of `search`."""
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        text = path.read_text("utf-8")
        if "import re" not in text:
            continue
        tree = ast.parse(text)
        name = path.relative_to(ROOT / PACKAGE).as_posix()
        if any(isinstance(node, ast.Name) and node.id == "re" for node in ast.walk(tree)):
            yield from _list_uses_of(name, tree)


def _list_uses_of(file: str, tree: ast.Module) -> Iterator[Use]:
    module = importlib.import_module("gpserverless." + file.removesuffix(".py").replace("/", "."))
    compiled = {n: p for n, p in vars(module).items() if isinstance(p, re.Pattern)}
    held = {
        f"{name}[{key!r}]": p
        for name, holder in vars(module).items() if isinstance(holder, dict)
        for key, p in holder.items() if isinstance(p, re.Pattern)
    }  # fmt: skip
    yield from (Use(f"{file}: {name}", pattern, "fullmatch") for name, pattern in held.items())
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    used = {(n.value.id, n.attr) for n in attributes if isinstance(n.value, ast.Name) and n.attr in USES}
    handed_on = {(name, "search") for name in compiled.keys() - {name for name, _ in used}}
    for name, method in sorted(used | handed_on):
        if name in compiled:
            yield Use(f"{file}: {name}", compiled[name], method)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_call_of_re(node)]
    for call in calls:
        pattern = call.args[0]
        if isinstance(pattern, ast.Constant):
            yield Use(f"{file}: line {call.lineno}", re.compile(pattern.value), call.func.attr)  # type: ignore[attr-defined]
        else:
            assert file in MADE_LATE, f"{file}: {call.lineno}"


def _is_call_of_re(node: ast.Call) -> bool:
    function = node.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in USES
    )


def make_call(use: Use) -> Callable[[str], object]:
    method = getattr(use.pattern, use.method)
    is_text = isinstance(use.pattern.pattern, str)

    def call(text: str) -> object:
        subject = text if is_text else text.encode()
        if use.method in ("sub", "subn"):
            return method("" if is_text else b"", subject)
        found = method(subject)
        return list(found) if use.method == "finditer" else found

    return call


USED = {(use.place, use.method): use for use in list_uses()}


@pytest.mark.parametrize("use", USED.values(), ids=lambda use: f"{use.place}.{use.method}")
def test_expression_reads_its_text_in_linear_time(use: Use) -> None:
    call = make_call(use)
    assert [text for text in pump(use.pattern) if grows_faster(call, text)] == []


RUNAWAYS = [
    (r"(a+)+", "fullmatch"),
    (r"(a|a)*b", "fullmatch"),
    (r"\s+$", "search"),
    (r"\s*x", "search"),
    (r"(\w+\s?)*!", "fullmatch"),
    (r'"(\\.|[^"])*"', "search"),
    (r"""("[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z))|([{,]\s*+)([A-Za-z_]\w*+)(\s*+:)""", "sub"),
]


@pytest.mark.parametrize(("pattern", "method"), RUNAWAYS)
def test_runaway_expression_is_noticed(pattern: str, method: str) -> None:
    use = Use("", re.compile(pattern), method)
    call = make_call(use)
    assert any(grows_faster(call, text) for text in pump(use.pattern))


def test_files_without_late_expressions_are_not_listed() -> None:
    for file in MADE_LATE:
        assert "re." in Path(ROOT / PACKAGE / file).read_text()
