"""The code that a function's process starts with, built or not, and its size."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.benchmarks.table import Budget, Cell, Table
from dev.predeploy.processor import PROCESSOR
from gpserverless.project.built import LIMIT, read_build
from local.functions import LAYER
from local.options import ROOT
from local.template import Template


@dataclass(frozen=True)
class Code:
    """The code of the functions.

    Attributes:
        name: Its name in words.
        command: The interpreter and its options.
        paths: The import path of each function.
    """

    name: str
    command: tuple[str, ...]
    paths: Mapping[str, tuple[Path, ...]]


def find_build() -> Path | None:
    """Return a build for this machine's processor, if there is one and a python3.13 to run it."""
    if subprocess.run([ROOT / "layers/find-python"], capture_output=True, check=False).returncode:
        return None
    folders = (ROOT / ".aws-sam/test" / PROCESSOR, ROOT / ".aws-sam/build")
    marker = "aarch64" if PROCESSOR == "arm64" else "x86_64"
    built = (f for f in folders if any(f.glob(f"DependenciesLayer/python/orjson/*{marker}*.so")))
    return next(built, None)


def find_built_code(folder: Path) -> Code:
    """Return the code of a build, with the interpreter of Lambda's version."""
    found = subprocess.run([ROOT / "layers/find-python"], capture_output=True, text=True, check=True)
    python = Path(found.stdout.strip(), "python3.13")
    paths = {
        each.name: (each.code, *(layer / "python" for layer in each.layers)) for each in read_build(folder)
    }
    what = "what `make build` made, under python3.13, with bytecode and nothing else on the path"
    return Code(what, (str(python), "-P", "-S", "-B"), paths)


def find_sources() -> Code:
    """Return the sources, with this interpreter."""
    code = {each.name: ROOT / each.properties["CodeUri"] for each in _functions()}
    layers = (ROOT / "layers/gpserverless/python", ROOT / "tools")
    version = platform.python_version()
    what = f"the sources, under this machine's Python {version}: there is no build (`make build`) for it"
    return Code(what, (sys.executable, "-P"), {name: (path, *layers) for name, path in code.items()})


def _functions() -> Iterator[Any]:
    return iter(Template.read(ROOT / "template.yaml").of_type("AWS::Serverless::Function"))


def measure_sizes(build: Path) -> Table:
    """Measure the sizes of a build's layers and functions."""
    template = Template.read(build / "template.yaml")
    layers: list[tuple[Cell, ...]] = [
        (layer.name, _bytes(build / layer.name) / 1e6, None) for layer in template.of_type(LAYER)
    ]
    functions = read_build(build)
    whole: list[tuple[Cell, ...]] = [
        (each.name, _bytes(each.code) / 1e6, each.bytes / 1e6) for each in functions
    ]
    return Table(
        "sizes",
        "Sizes",
        ("layer or function", "itself MB", "with its layers MB"),
        (*layers, *whole),
        "Unzipped, as `make build` made it; Lambda takes 262 MB.",
        (
            Budget(
                "the largest function with its layers, unzipped",
                LIMIT / 1e6,
                max(each.bytes for each in functions) / 1e6,
                "MB",
            ),
        ),
    )


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*"))
