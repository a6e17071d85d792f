"""The import contracts fail when a module breaks them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.house.source_copy import ROOT, lint
from tests.house.violations import ROOMS, UNLISTED, VIOLATIONS, name_module


def test_sources_break_no_contract() -> None:
    assert lint(ROOT) == {}


@pytest.mark.parametrize(
    ("contract", "path", "imported"),
    [
        pytest.param(contract, path, imported, id=story)
        for contract, violations in VIOLATIONS.items()
        for story, path, _, imported in violations
    ],
)
def test_violation_is_found(said: Mapping[str, str], contract: str, path: str, imported: str) -> None:
    assert f"{name_module(path)} -> {imported} " in said[contract]


@pytest.mark.parametrize("path", UNLISTED)
def test_new_room_has_to_be_listed(said: Mapping[str, str], path: str) -> None:
    assert f"\n- {name_module(path)}\n" in said[ROOMS].partition("not listed as layers")[2]


@pytest.mark.parametrize(
    "function", sorted(ROOT.glob("functions/*/app.py")), ids=lambda path: path.parent.name
)
def test_function_imports_the_room_of_functions_alone(function: Path) -> None:
    nodes = [*ast.walk(ast.parse(function.read_text("utf-8")))]
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    rooms = {
        module for module in modules if module.split(".")[0] in ("gpserverless", "local", "dev", "tests")
    }
    assert {room.split(".")[:2] == ["gpserverless", "app"] for room in rooms} == {True}
