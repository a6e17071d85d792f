"""Violations of the import contracts, each with what the linter has to say of it."""

from __future__ import annotations

from tests.house.source_copy import PACKAGE

ROOMS = "The rooms of the package: arrows point downwards, rooms on one line do not know each other"
PROTOCOLS = "Protocols do not know each other"
AWS = "Only storage imports boto3, botocore or s3transfer"
DEPLOYED = "What is deployed knows neither the local cloud nor the workshop nor the tests"
LOCAL = "The local cloud knows neither the workshop nor the tests"
TOOLBOXES = "Toolboxes import the front door and the engines alone"

JOBS = f"{PACKAGE}/jobs/planted.py"
APP = f"{PACKAGE}/app/planted.py"
TOOL = "tools/toolboxes/samples/planted.py"
PRIVATE_TOOL = "tools/toolboxes/samples/_planted.py"
SERVICE = "tools/toolboxes/samples/__init__.py"
GPSERVER = f"{PACKAGE}/protocols/gpserver/planted.py"
SOAP = f"{PACKAGE}/protocols/soap/__init__.py"
NEW_ROOM = f"{PACKAGE}/attic/__init__.py"

LATE = "def plant() -> None:\n    "

VIOLATIONS = {
    DEPLOYED: [
        ("a room imports the fault lab", JOBS, "import dev.faults.lab", "dev.faults.lab"),
        ("a room imports the formal model", JOBS, "from dev import formal_model", "dev.formal_model"),
        ("a room imports the local cloud", JOBS, "from local.cloud import LocalCloud", "local.cloud"),
        ("a room imports moto late", JOBS, f"{LATE}import moto", "moto"),
        ("a room imports the tests", JOBS, "from tests.jobs import in_memory", "tests"),
        ("a tool imports the local cloud", TOOL, "import local.cloud", "local.cloud"),
        ("a tool imports a library of tests", TOOL, "import pytest", "pytest"),
        ("a new room imports the workshop", NEW_ROOM, "import dev.faults.lab", "dev.faults.lab"),
    ],
    LOCAL: [
        (
            "the local cloud imports the fault lab",
            "local/planted.py",
            "import dev.faults.lab",
            "dev.faults.lab",
        ),
        ("the local cloud imports the tests", "local/planted.py", "import tests.local.stack", "tests"),
    ],
    AWS: [
        ("app imports botocore", APP, "import botocore.session", "botocore"),
        ("app imports boto3 late", APP, f"{LATE}import boto3", "boto3"),
        ("the front door imports botocore", f"{PACKAGE}/__init__.py", "import botocore.config", "botocore"),
        ("a tool imports boto3", TOOL, "import boto3", "boto3"),
        ("a new room imports AWS", NEW_ROOM, "import botocore.session", "botocore"),
    ],
    TOOLBOXES: [
        (
            "a tool imports a room's module",
            TOOL,
            "import gpserverless.formats.rasters",
            "gpserverless.formats.rasters",
        ),
        (
            "a tool imports a module without a room",
            TOOL,
            "from gpserverless.settings import Settings",
            "gpserverless.settings",
        ),
        (
            "a tool's private module imports a room",
            PRIVATE_TOOL,
            "from gpserverless import jobs",
            "gpserverless.jobs",
        ),
        (
            "a service imports a room",
            SERVICE,
            "import gpserverless.toolkit.service",
            "gpserverless.toolkit.service",
        ),
        ("a tool imports a new room", TOOL, "import gpserverless.attic", "gpserverless.attic"),
    ],
    ROOMS: [
        (
            "a room imports upwards",
            f"{PACKAGE}/values/planted.py",
            "import gpserverless.features.rows",
            "gpserverless.features.rows",
        ),
        ("a room imports upwards late", JOBS, f"{LATE}import gpserverless.app.jobs", "gpserverless.app.jobs"),
        (
            "a file without a room imports upwards",
            f"{PACKAGE}/errors.py",
            "from gpserverless import values",
            "gpserverless.values",
        ),
        (
            "a room knows another of its line",
            JOBS,
            "import gpserverless.fetch.policy",
            "gpserverless.fetch.policy",
        ),
        (
            "the same from the other side",
            f"{PACKAGE}/fetch/planted.py",
            "import gpserverless.jobs.job",
            "gpserverless.jobs.job",
        ),
        (
            "a protocol imports the store",
            GPSERVER,
            "import gpserverless.storage.job_table",
            "gpserverless.storage.job_table",
        ),
    ],
    PROTOCOLS: [
        (
            "a protocol knows another",
            SOAP,
            "import gpserverless.protocols.gpserver.routes",
            "gpserverless.protocols.gpserver.routes",
        ),
        (
            "a protocol knows another, the other way",
            GPSERVER,
            "import gpserverless.protocols.soap",
            "gpserverless.protocols.soap",
        ),
    ],
}
"""Of each contract: a story, a module, the lines that it gets, and the import that is refused."""

UNLISTED = [NEW_ROOM, f"{PACKAGE}/planted.py"]
"""A new room and a new module beside the rooms, which the contract of the rooms does not list."""


def name_module(path: str) -> str:
    """Return the name under which the module at a path is imported."""
    below = path.removeprefix("layers/gpserverless/python/").removeprefix("tools/")
    return below.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
