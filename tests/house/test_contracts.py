"""The import contracts fail when a module breaks them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.house.source_copy import PACKAGE, ROOT, SourceCopy

ROOMS = "The rooms of the package: arrows point downwards, rooms on one line do not know each other"
PROTOCOLS = "Protocols do not know each other"
AWS = "Only storage imports boto3, botocore or s3transfer"
DEPLOYED = "What is deployed knows neither the local cloud nor the workshop nor the tests"
LOCAL = "The local cloud knows neither the workshop nor the tests"
TOOLBOXES = "Toolboxes import the front door alone"

JOBS = f"{PACKAGE}/jobs/planted.py"
TOOL = "tools/toolboxes/samples/planted.py"
PRIVATE_TOOL = "tools/toolboxes/samples/_planted.py"
NEW_ROOM = f"{PACKAGE}/attic/__init__.py"

VIOLATIONS: list[tuple[str, Mapping[str, str], str]] = [
    ("a room imports the fault lab", {JOBS: "import dev.faults.lab"}, DEPLOYED),
    ("a room imports the formal model", {JOBS: "from dev import formal_model"}, DEPLOYED),
    ("a room imports the local cloud", {JOBS: "from local.cloud import LocalCloud"}, DEPLOYED),
    ("a room imports moto late", {JOBS: "def plant() -> None:\n    import moto"}, DEPLOYED),
    ("a room imports the tests", {JOBS: "from tests.jobs import in_memory"}, DEPLOYED),
    ("a tool imports the local cloud", {TOOL: "import local.cloud"}, DEPLOYED),
    ("a tool imports a library of tests", {TOOL: "import pytest"}, DEPLOYED),
    ("the local cloud imports the fault lab", {"local/planted.py": "import dev.faults.lab"}, LOCAL),
    ("the local cloud imports the tests", {"local/planted.py": "import tests.local.stack"}, LOCAL),
    ("app imports botocore", {f"{PACKAGE}/app/planted.py": "import botocore.session"}, AWS),
    ("app imports boto3 late", {f"{PACKAGE}/app/planted.py": "def plant() -> None:\n    import boto3"}, AWS),
    ("the front door imports botocore", {f"{PACKAGE}/__init__.py": "import botocore.config"}, AWS),
    ("a tool imports boto3", {TOOL: "import boto3"}, AWS),
    ("a tool imports a room's module", {TOOL: "import gpserverless.formats.rasters"}, TOOLBOXES),
    (
        "a tool imports a module without a room",
        {TOOL: "from gpserverless.settings import Settings"},
        TOOLBOXES,
    ),
    ("a tool's private module imports a room", {PRIVATE_TOOL: "from gpserverless import jobs"}, TOOLBOXES),
    (
        "a service imports a room",
        {"tools/toolboxes/samples/__init__.py": "import gpserverless.toolkit.service"},
        TOOLBOXES,
    ),
    ("a room imports upwards", {f"{PACKAGE}/values/planted.py": "import gpserverless.features.rows"}, ROOMS),
    ("a room imports upwards late", {JOBS: "def plant() -> None:\n    import gpserverless.app.jobs"}, ROOMS),
    (
        "a file without a room imports upwards",
        {f"{PACKAGE}/errors.py": "from gpserverless import values"},
        ROOMS,
    ),
    ("a room knows another of its line", {JOBS: "import gpserverless.fetch.policy"}, ROOMS),
    ("the same from the other side", {f"{PACKAGE}/fetch/planted.py": "import gpserverless.jobs.job"}, ROOMS),
    (
        "a protocol imports the store",
        {f"{PACKAGE}/protocols/gpserver/planted.py": "import gpserverless.storage.job_table"},
        ROOMS,
    ),
    ("a new room is not listed", {NEW_ROOM: ""}, ROOMS),
    ("a new module beside the rooms is not listed", {f"{PACKAGE}/planted.py": ""}, ROOMS),
]


def test_sources_break_no_contract(sources: SourceCopy) -> None:
    assert sources.broken_contracts() == set()


@pytest.mark.parametrize(("files", "contract"), [v[1:] for v in VIOLATIONS], ids=[v[0] for v in VIOLATIONS])
def test_contract_is_broken(sources: SourceCopy, files: Mapping[str, str], contract: str) -> None:
    with sources.planting(files):
        assert contract in sources.broken_contracts()


def test_protocols_do_not_know_each_other(sources: SourceCopy) -> None:
    soap = f"{PACKAGE}/protocols/soap/__init__.py"
    with sources.planting({soap: "import gpserverless.protocols.gpserver.routes"}):
        assert PROTOCOLS in sources.broken_contracts()
    with sources.planting(
        {soap: "", f"{PACKAGE}/protocols/gpserver/planted.py": "import gpserverless.protocols.soap"}
    ):
        assert PROTOCOLS in sources.broken_contracts()


def test_new_room_is_held_to_every_contract(sources: SourceCopy) -> None:
    """The room may import neither AWS nor the workshop, and no tool may import it."""
    planted = {NEW_ROOM: "import botocore.session\nimport dev.faults.lab", TOOL: "import gpserverless.attic"}
    with sources.planting(planted):
        assert sources.broken_contracts() >= {ROOMS, AWS, DEPLOYED, TOOLBOXES}


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
