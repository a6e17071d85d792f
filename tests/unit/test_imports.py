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
    return printed(SHOW.format(module=module))


def printed(program: str, separator: str | None = None) -> set[str]:
    """Return the words or lines that a program prints in a fresh interpreter."""
    path = ":".join(str(ROOT / folder) for folder in ("layers/gpserverless/python", "tools"))
    shown = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, check=True
    )
    return set(shown.stdout.decode().split(separator))


@pytest.mark.parametrize(
    "name", ["directory", "jobs", "uploads", "reaper", "dead_letters", "announce", "webhook"]
)
def test_light_functions_load_nothing_heavy(name: str) -> None:
    assert loaded_by(f"gpserverless.app.{name}") & HEAVY == set()


def test_the_front_door_loads_nothing_until_it_is_used() -> None:
    loaded = loaded_by("gpserverless")
    assert {name for name in loaded if name.startswith("gpserverless")} == {"gpserverless"}


GDALS = {"pyogrio", "rasterio"}
WITHOUT_GDAL = """
import sys
sys.modules["pyogrio"] = sys.modules["rasterio"] = None
from gpserverless import FeatureSet, Raster
from gpserverless.errors import AuthoringError
from gpserverless.toolkit.toolboxes import discover
print(sorted(box.spec.worker for box in discover()))
for use in (lambda: FeatureSet.of([None], None).to_file("GeoPackage"), Raster(None).open):
    try:
        use()
    except AuthoringError as error:
        print(error)
"""


@pytest.mark.parametrize("worker", ["core", "vector", "raster"])
def test_no_worker_loads_what_its_tools_have_not_used_yet(worker: str) -> None:
    show = f"import sys, gpserverless.toolkit.toolboxes as t; t.discover(worker={worker!r})"
    assert printed(show + "; print('\\n'.join(sys.modules))") & GDALS == set()


def test_the_catalogue_needs_no_gdal_and_a_tool_in_the_wrong_worker_is_told_so() -> None:
    said = " ".join(sorted(printed(WITHOUT_GDAL, "\n")))
    assert "'core', 'raster', 'vector'" in said
    assert 'files of features are read in the vector worker: Service(worker="vector")' in said
    assert 'rasters are opened in the raster worker: Service(worker="raster")' in said
