"""A build whose handlers cannot be imported, or whose catalogue is not that of its tools, is no build."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from gpserverless.errors import AuthoringError
from gpserverless.project.built import BuiltFunction
from gpserverless.project.programs import PROCESSOR
from gpserverless.project.trial import find_requirement, try_out

HANDLER = "import os\nimport toolboxes.rivers.buffer_points\n{more}\ndef handler(event, context): ...\n"
DISCOVER = """
class _Box:
    def __init__(self, name): self.spec = {"name": name, "worker": "core"}

def discover(worker): return [_Box("Rivers")]
"""
DUMP = """
import json
def dump_catalogue(services): return json.dumps({"services": list(services)})
"""


@dataclass(frozen=True)
class Build:
    """A small build: one function, and a layer with a tool and a stand-in for the package."""

    folder: Path
    python: Path

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def try_out(self) -> None:
        function = BuiltFunction(
            name="ExecuteFunction",
            code=self.folder / "ExecuteFunction",
            layers=(self.folder / "ToolsLayer",),
            handler="app.handler",
            variables={"WANTED": "yes"},
        )
        try_out([function], self.folder, PROCESSOR, self.python)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    python = tmp_path / "bin"
    python.mkdir()
    script = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    (python / "python3.13").write_text(script, "utf-8")  # whatever runs the tests
    (python / "python3.13").chmod(0o755)
    made = Build(tmp_path / "a build", python)
    made.write("ExecuteFunction/app.py", HANDLER.format(more=""))
    made.write("ToolsLayer/python/toolboxes/__init__.py", "")
    made.write("ToolsLayer/python/toolboxes/rivers/__init__.py", "")
    made.write("ToolsLayer/python/toolboxes/rivers/buffer_points.py", "import json\n")
    made.write("ToolsLayer/python/gpserverless/toolkit/toolboxes.py", DISCOVER)
    made.write("ToolsLayer/python/gpserverless/toolkit/catalogue.py", DUMP)
    return made


class TestTrial:
    def test_good_build_passes(self, build: Build) -> None:
        build.try_out()

    def test_import_without_requirement_names_the_line_to_add(self, build: Build) -> None:
        build.write("ToolsLayer/python/toolboxes/rivers/buffer_points.py", "\nimport shapely.geometry\n")
        told = (
            r"toolboxes/rivers/buffer_points.py:2 imports shapely, which no layer of ExecuteFunction has;"
            r' add this line to the dependencies in pyproject.toml:\n    "shapely>=[0-9.]+",'
        )
        with pytest.raises(AuthoringError, match=told):
            build.try_out()

    @pytest.mark.parametrize(
        ("source", "passes"),
        [
            ("def drain():\n    import shapely.geometry", False),
            ("def drain():\n    from shapely import Point", False),
            ("def drain():\n    from . import x", True),
            ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shapely", True),
            ("try:\n    import shapely\nexcept ImportError:\n    pass", True),
            ("def drain():\n    import xml.etree", True),
        ],
    )
    def test_import_in_a_function_is_found_too(self, source: str, passes: bool, build: Build) -> None:
        build.write("ToolsLayer/python/toolboxes/rivers/buffer_points.py", source)
        if passes:
            build.try_out()
        else:
            with pytest.raises(AuthoringError, match=r"buffer_points.py:2 imports shapely.*, which no layer"):
                build.try_out()

    def test_nothing_of_this_machine_is_on_the_path(
        self, build: Build, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SECRET_OF_THIS_MACHINE", "x")
        more = (
            'assert set(os.environ) & {"WANTED", "SECRET_OF_THIS_MACHINE", "HOME"} == {"WANTED"}, os.environ'
        )
        build.write("ExecuteFunction/app.py", HANDLER.format(more=more))
        build.try_out()

    def test_other_error_is_told_with_its_trace(self, build: Build) -> None:
        build.write("ExecuteFunction/app.py", HANDLER.format(more="1 / 0"))
        with pytest.raises(
            AuthoringError, match=r"(?s)ExecuteFunction cannot be imported:.*ZeroDivisionError"
        ):
            build.try_out()

    def test_process_that_dies_is_told(self, build: Build) -> None:
        build.write("ExecuteFunction/app.py", HANDLER.format(more="os._exit(3)"))
        with pytest.raises(AuthoringError, match="the process of ExecuteFunction has died"):
            build.try_out()

    @pytest.mark.parametrize(("listed", "passes"), [("Rivers", True), ("Lakes", False)])
    def test_catalogue_is_compared_with_the_tools(self, listed: str, passes: bool, build: Build) -> None:
        services = [{"name": listed, "worker": "core"}, {"name": "Other", "worker": "raster"}]
        build.write("ToolsLayer/python/toolboxes/catalogue.json", json.dumps({"services": services}))
        more = "import gpserverless.toolkit.toolboxes"
        build.write("ExecuteFunction/app.py", HANDLER.format(more=more))
        if passes:
            build.try_out()
        else:
            with pytest.raises(AuthoringError, match="is not the catalogue of the tools"):
                build.try_out()


def test_requirement_of_a_module_is_that_of_its_package() -> None:
    assert find_requirement("yaml.nodes").lower().startswith("pyyaml>=")
    assert find_requirement("no_such_module.part") == "no_such_module"
    assert os.sep not in find_requirement("shapely")
