"""The builds under test, and the functions of one of them on an emulator."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from dev.predeploy.stack import emulator, make_stack
from gpserverless.project.built import read_build
from local.stack import Stack
from tests.built.lambda_like import Unpacked, unpack

ROOT = Path(__file__).parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--builds", type=Path, required=True, help="folder of the builds under test")


@dataclass(frozen=True)
class Built:
    """A build, unpacked, with the resources of its template on an emulator."""

    functions: Mapping[str, Unpacked]
    stack: Stack


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
def built(own: Path, builds: Path, python: Path) -> Iterator[Built]:
    folder = builds / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    with emulator() as endpoint:
        stack = make_stack(own / "template.yaml", endpoint)
        unpacked = {
            each.name: unpack(each, folder / each.name, python, stack.functions[each.name].variables)
            for each in read_build(own)
        }
        yield Built(unpacked, stack)
