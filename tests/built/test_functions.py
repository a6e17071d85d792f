"""The build runs under python3.13, with only the deployed code on the path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dev.predeploy.answers import EVENTS, find_problem
from dev.predeploy.stack import find_receiver
from local.template import FUNCTION, Template
from tests.built.conftest import ROOT, Built

FUNCTIONS = [function.name for function in Template.read(ROOT / "template.yaml").of_type(FUNCTION)]
OF_SOME_FUNCTIONS = {"gpserverless.featurelayers.remote_tables": "apsw"}
"""Modules that only functions with a package import, and that package."""


@pytest.fixture(scope="module")
def answers(built: Built) -> dict[str, Any]:
    """Return the functions' answers to the recorded events, by the events' names."""
    given: dict[str, list[str]] = {}
    for name, event in EVENTS.items():
        given.setdefault(find_receiver(built.stack, event), []).append(name)
    return {
        name: answer
        for function, names in given.items()
        for name, answer in zip(
            names, built.functions[function].invoke(*(EVENTS[name] for name in names)), strict=True
        )
    }


@pytest.mark.parametrize("name", EVENTS)
def test_recorded_event_is_answered(name: str, answers: dict[str, Any]) -> None:
    assert find_problem(name, answers[name]) == ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_can_import_all_its_modules(name: str, built: Built) -> None:
    function = built.functions[name]
    *failed, loaded = function.load(carried(function.opt / "python"))
    assert failed == []
    runtime = function.python.parent.parent
    known = tuple(map(str, (function.opt, function.task, runtime, ROOT / "tests/built/runtime.py")))
    assert [file for file in loaded["files"] if file and not file.startswith(known)] == []
    assert not [path for path in loaded["path"] if "site-packages" in path]


def carried(folder: Path) -> list[str]:
    """Return the top-level packages and modules of a folder, and every module of our own."""
    packages = [path.parent.name for path in folder.glob("*/__init__.py")]
    modules = [path.name.split(".")[0] for path in (*folder.glob("*.py"), *folder.glob("*.so"))]
    own = [
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for path in folder.glob("gpserverless/**/*.py")
        if path.stem != "__main__"
    ]
    absent = {module for module, package in OF_SOME_FUNCTIONS.items() if package not in packages}
    return sorted({*packages, *modules, *own} - absent)
