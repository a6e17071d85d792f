"""The ways of docs/how-to/debug-a-tool.md work on the tool of the tutorial."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_first_tool import TEST, write_toolbox

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/debug-a-tool.md").read_text("utf-8")
SCRIPT, CALL = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(LAUNCH,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^    (\S.*)$", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL), re.MULTILINE)

GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [9, 52]}}
    ],
}
ESRI = {"spatialReference": {"wkid": 4326}, "features": [{"geometry": {"x": 9, "y": 52}}]}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder that has what the page puts into a clone."""
    write_toolbox(tmp_path / "tools", "toolboxes")
    (tmp_path / "layers/gpserverless").mkdir(parents=True)
    (tmp_path / "layers/gpserverless/python").symlink_to(ROOT / "layers/gpserverless/python")
    (tmp_path / "tests/tools").mkdir(parents=True)
    (tmp_path / "tests/tools/test_protection_zones.py").write_text(TEST, "utf-8")
    (tmp_path / "wells.geojson").write_text(json.dumps(GEOJSON), "utf-8")
    (tmp_path / "wells.json").write_text(json.dumps({"paramName": "wells", "value": ESRI}), "utf-8")
    (tmp_path / "debug_zones.py").write_text(SCRIPT, "utf-8")
    return tmp_path


def run(clone: Path, *arguments: str, typed: str = "", **variables: str) -> str:
    """Run the interpreter in a clone; return what it printed."""
    path = os.pathsep.join(str(clone / part) for part in ("layers/gpserverless/python", "tools"))
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": path, **variables},
        input=typed,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return ran.stdout + ran.stderr


def command(beginning: str) -> list[str]:
    """Return the arguments of the interpreter in the command of the page that has a text."""
    (line,) = (line for line in COMMANDS if beginning in line)
    words = shlex.split(line)
    return words[words.index(".venv/bin/python") + 1 :]


def test_script_shows_what_the_tool_made(clone: Path) -> None:
    assert "['Drawing 1 zone.'] 1 esriGeometryPolygon" in run(clone, "debug_zones.py")


def test_debugger_stops_where_the_tool_fails(clone: Path) -> None:
    tool = clone / "tools/toolboxes/water/protection_zones.py"
    tool.write_text(tool.read_text("utf-8").replace("wells.buffer(distance)", "wells.buffer(1 / 0)"), "utf-8")
    told = run(clone, *command("-m pdb"), typed="p len(wells)\nq\n")
    assert "ZeroDivisionError" in told
    assert "(Pdb) 1" in told


def test_call_of_a_caller_is_repeated(clone: Path) -> None:
    assert "esriGeometryPolygon" in run(clone, "-c", CALL)


def test_test_runs_in_one_process(clone: Path) -> None:
    assert "4 passed" in run(clone, *command("--pdb"), "-p", "no:cacheprovider")


def test_configuration_of_the_editor_runs_test_and_script(clone: Path) -> None:
    test, script = json.loads(LAUNCH)["configurations"]
    file = str(clone / "tests/tools/test_protection_zones.py")
    arguments = [each.replace("${file}", file) for each in test["args"]]
    assert "4 passed" in run(clone, "-m", test["module"], *arguments, "-p", "no:cacheprovider")
    path = script["env"]["PYTHONPATH"].replace("${workspaceFolder}", str(clone))
    assert "Drawing 1 zone." in run(clone, "debug_zones.py", PYTHONPATH=path)
