"""Cold starts: the functions that describe services and answer polls load a few packages, and no others."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = """
import sys
sys.modules.update(awscrt=None, OpenSSL=None)  # botocore takes them where they are; no layer has them
before = set(sys.modules)
import {module}
print(*set(sys.modules) - before - {{"__mp_main__"}})  # multiprocessing, which boto3 loads, names __main__ so
"""

MOST_IMPORTS = 20

LOGS = {"gpserverless", "aws_lambda_powertools", "botocore", "jmespath", "orjson", "typing_extensions"}
"""What every function loads, for its log and its metrics."""

PAGES = LOGS | {"pybase64"}
STORE = PAGES | {"certifi", "dateutil", "six", "urllib3"}
ALLOWED = {
    "directory": PAGES,
    "jobs": STORE,
    "layers": PAGES | {"numpy", "shapely", "simdjson", "csimdjson"},
    "soap": PAGES,
    "fetch": PAGES | {"simdjson", "csimdjson"},
    "uploads": STORE,
    "sign_in": PAGES | {"argon2", "_argon2_cffi_bindings", "_cffi_backend"},
    "reaper": LOGS,
    "dead_letters": LOGS,
    "announce": LOGS,
    "webhook": LOGS,
    "registration": LOGS,
}
"""Packages that a light function may load before its first event; each costs every cold start."""


def loaded_by(module: str) -> set[str]:
    return printed(SHOW.format(module=module))


def printed(program: str, separator: str | None = None) -> set[str]:
    """Return the words or lines that a program prints in a fresh interpreter."""
    path = ":".join(str(ROOT / folder) for folder in ("layers/gpserverless/python", "tools"))
    shown = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, check=True
    )
    return set(shown.stdout.decode().split(separator))


@pytest.mark.parametrize("name", ALLOWED)
def test_light_function_loads_these_packages_alone(name: str) -> None:
    loaded = {module.partition(".")[0] for module in loaded_by(f"gpserverless.app.{name}")}
    more = {each for each in loaded - sys.stdlib_module_names - ALLOWED[name] if "cython" not in each}
    assert not more, f"{name} loads {', '.join(sorted(more))}: import it where it is used, or allow it here"


BUILT = """
import sys
sys.modules.update(awscrt=None, OpenSSL=None, snapshot_restore_py=None)
from gpserverless.app.execute import ExecuteFunction
ENVIRONMENT = {"BUCKET": "b", "FETCH_FUNCTION": "f"}
ENVIRONMENT |= {"JOBS_TABLE": "t", "ITEMS_TABLE": "i", "ACCESS_TABLE": "a"}
ExecuteFunction.build(ENVIRONMENT)._runner.close()
print(*sys.modules)
"""


ANSWERED = """
import json, sys
from gpserverless.app.soap import SoapFunction
names = ("JOBS_TABLE", "BUCKET", "ACCESS_TABLE", "EXECUTE_FUNCTION", "JOBS_QUEUE_URL", "VECTOR_QUEUE_URL")
environment = dict.fromkeys((*names, "RASTER_QUEUE_URL", "ITEMS_TABLE"), "x")
function = SoapFunction.build({{**environment, "UPLOAD_MEGABYTES": "1"}})
with open("events/{event}.json") as file:
    answer = function.handle(json.load(file), 20_000)
assert answer["statusCode"] == 200 and "fault" not in answer["body"], answer
print(*sys.modules)
"""


@pytest.mark.parametrize("event", ["soap-wsdl", "soap-get-message-version", "soap-get-tool-infos"])
def test_soap_describes_services_without_geometries_and_without_aws(event: str) -> None:
    loaded = {module.partition(".")[0] for module in printed(ANSWERED.format(event=event))}
    assert loaded.isdisjoint({"numpy", "shapely", "pyproj", "boto3", "simdjson"})


GEOMETRIES = {"numpy", "shapely", "pyproj", "simdjson"}


def test_soap_answers_polls_without_geometries() -> None:
    modules = ("dispatch", "messages", "answers", "operations.jobs", "operations.submit", "xml.envelope")
    for module in modules:
        assert loaded_by(f"gpserverless.protocols.soap.{module}").isdisjoint(GEOMETRIES)


def test_execute_loads_what_talks_to_others_only_when_it_has_to() -> None:
    talking = {
        "boto3",
        "botocore.session",
        "urllib3",
        "yarl",
        "gpserverless.fetch.http_fetcher",
        "gpserverless.uploads.uploads",
    }
    loaded = printed(BUILT)
    assert loaded.isdisjoint(talking)
    jobs = {name for name in loaded if name.startswith(("gpserverless.jobs", "gpserverless.storage"))}
    assert jobs <= {"gpserverless.jobs", "gpserverless.jobs.keys"}, "routes know the form of a job's id"


@pytest.mark.parametrize(
    ("module", "later"),
    [
        ("gpserverless.app.access", {"jwt", "argon2", "boto3", "gpserverless.storage"}),
        ("gpserverless.access.authenticator", {"jwt", "argon2", "gpserverless.access.passwords"}),
        ("gpserverless.access.accounts", {"jwt", "cryptography", "typer", "rich"}),
    ],
)
def test_access_loads_libraries_of_tokens_and_passwords_only_where_they_are_used(
    module: str, later: set[str]
) -> None:
    assert loaded_by(module).isdisjoint(later)


def test_layers_load_what_a_first_page_does_without_only_where_it_is_used() -> None:
    later = {
        *("apsw", "aggdraw", "PIL", "pyproj", "yarl", "boto3", "s3transfer", "botocore.session"),
        *("gpserverless.drawing", "gpserverless.jobs.ledger", "gpserverless.toolkit.catalogue"),
        *("gpserverless.protocols.mapserver.handlers", "gpserverless.protocols.featureserver.write_pbf"),
        *("gpserverless.featurelayers.write", "gpserverless.protocols.gpserver.describe"),
    }
    assert loaded_by("gpserverless.app.layers").isdisjoint(later)


def imported_by(path: Path) -> set[str]:
    """Return the modules of the package that a module imports from."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    found = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name for name in found if name.startswith("gpserverless")}


@pytest.mark.parametrize("room", ["app", "protocols", "outputs"])
def test_no_module_imports_more_than_twenty_others(room: str) -> None:
    many = {
        path.name: len(imported_by(path))
        for path in (ROOT / "layers/gpserverless/python/gpserverless" / room).rglob("*.py")
        if len(imported_by(path)) > MOST_IMPORTS
    }
    assert not many


def test_front_door_loads_nothing_until_it_is_used() -> None:
    loaded = loaded_by("gpserverless")
    assert {name for name in loaded if name.startswith("gpserverless")} == {"gpserverless"}


GDALS = {"pyogrio", "rasterio"}
WITHOUT_GDAL = """
import sys
sys.modules["pyogrio"] = sys.modules["rasterio"] = None
from gpserverless import FeatureSet, Raster, write_features
from gpserverless.errors import AuthoringError
from gpserverless.toolkit.toolboxes import discover
print(sorted({box.spec.worker for box in discover()}))
for use in (lambda: write_features(FeatureSet.of([None], None), "GeoPackage"), Raster(None).open):
    try:
        use()
    except AuthoringError as error:
        print(error)
"""


@pytest.mark.parametrize("worker", ["core", "vector", "raster"])
def test_no_worker_loads_what_its_tools_have_not_used_yet(worker: str) -> None:
    show = f"import sys, gpserverless.toolkit.toolboxes as t; t.discover(worker={worker!r})"
    assert printed(show + "; print('\\n'.join(sys.modules))") & GDALS == set()


def test_catalogue_needs_no_gdal_and_a_tool_in_the_wrong_worker_is_told_so() -> None:
    said = " ".join(sorted(printed(WITHOUT_GDAL, "\n")))
    assert "'core', 'raster', 'vector'" in said
    assert 'files of features are read in the vector worker: Service(worker="vector")' in said
    assert 'rasters are opened in the raster worker: Service(worker="raster")' in said
