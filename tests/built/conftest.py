"""The builds under test, and the functions of one of them on an emulator."""

from __future__ import annotations

import asyncio
import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from local.functions import add_functions, read_functions
from local.queues import Mapped, read_mappings
from local.resolver import Resolver
from local.resources import client, make_resources
from local.routes import RouteTable, read_routes
from local.streams import StreamMapped, read_stream_mappings
from local.template import Template
from rehearsal.built import read_build
from tests.built.lambda_like import Unpacked, unpack

ROOT = Path(__file__).parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--builds", type=Path, required=True, help="folder of the builds under test")


@dataclass(frozen=True)
class Stack:
    """What was built, with the resources of the template made on an emulator."""

    functions: dict[str, Unpacked]
    routes: RouteTable
    mappings: tuple[Mapped, ...]
    streams: tuple[StreamMapped, ...]
    sqs: Any


@pytest.fixture(scope="session")
def builds(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.config.getoption("--builds")
    return folder.resolve()


@pytest.fixture(scope="session")
def own(builds: Path) -> Path:
    """Return the build for this machine's processor."""
    return builds / ("arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64")


@pytest.fixture(scope="session")
def python() -> Path:
    """Return the interpreter of the functions."""
    found = subprocess.run([ROOT / "layers/find-python"], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip(), "python3.13")


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with asyncio.Runner() as runner:
        emulator = Emulator()
        runner.run(emulator.start())
        yield emulator.endpoint
        runner.run(emulator.stop())


@pytest.fixture(scope="session")
def stack(own: Path, builds: Path, python: Path, endpoint: str) -> Stack:
    template = Template.read(own / "template.yaml")
    parameters = {"PublishConformance": "true", "AwsEndpointUrl": endpoint}
    resolver = Resolver(template, parameters)
    add_functions(template, resolver)
    make_resources(template, resolver, endpoint)
    folder = builds / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    read = read_functions(template, resolver)
    return Stack(
        functions={
            built.name: unpack(built, folder / built.name, python, read[built.name].variables)
            for built in read_build(own)
        },
        routes=RouteTable(read_routes(template, resolver)),
        mappings=tuple(read_mappings(template, resolver)),
        streams=tuple(read_stream_mappings(template, resolver)),
        sqs=client("sqs", endpoint),
    )
