"""Cold starts: the functions that describe services and answer polls load no geometry library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "shapely", "pyproj", "simdjson", "pydantic", "docstring_parser", "boto3", "sqlglot"}
SHOW = "import sys, {module}; print('\\n'.join(sys.modules))"


def loaded_by(module: str) -> set[str]:
    path = ":".join(str(ROOT / folder) for folder in ("layers/gpserverless/python", "tools"))
    shown = subprocess.run(
        [sys.executable, "-c", SHOW.format(module=module)],
        env={"PYTHONPATH": path},
        capture_output=True,
        check=True,
    )
    return set(shown.stdout.decode().split())


@pytest.mark.parametrize("name", ["directory", "jobs", "reaper", "dead_letters"])
def test_light_functions_load_nothing_heavy(name: str) -> None:
    assert loaded_by(f"gpserverless.app.{name}") & HEAVY == set()


def test_the_front_door_loads_nothing_until_it_is_used() -> None:
    loaded = loaded_by("gpserverless")
    assert {name for name in loaded if name.startswith("gpserverless")} == {"gpserverless"}
