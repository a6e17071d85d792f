"""A trial of the built functions: each handler is imported as Lambda would, with nothing else on the path.

Machine code for another processor or system cannot be imported here. Then the same versions are installed for
this machine, and stand in for the packages of the layers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from gpserverless.errors import AuthoringError, CommandError
from gpserverless.project.built import UNKNOWN, BuiltFunction
from gpserverless.project.programs import PROCESSOR, find_program
from gpserverless.project.project import TOOLBOXES
from gpserverless.project.stack import CORE_LOCK, TOOLS_LOCK

LOCKS = (CORE_LOCK, TOOLS_LOCK)
WORKER_LOCKS = {
    "VectorLayer": "vector.txt",
    "RasterLayer": "raster.txt",
    "DrawingLayer": "drawing.txt",
}

_SCRIPT = Path(__file__).with_name("import_handler.py")
_SECONDS = 300
_NOWHERE = "http://127.0.0.1:9"  # nobody answers there; a handler calls AWS when it is invoked, not before


@dataclass(frozen=True)
class _Report:
    """What the import of a handler has shown."""

    function: BuiltFunction
    document: dict[str, Any]


def try_out(functions: Sequence[BuiltFunction], stack: Path, processor: str, python: Path) -> None:
    """Import every handler, and compare the catalogue with the tools.

    Args:
        functions: The built functions.
        stack: The folder that they were built in.
        processor: The processor that they were built for.
        python: The folder of python3.13.

    Raises:
        AuthoringError: A handler cannot be imported, or the catalogue is not that of the tools.
        CommandError: The packages cannot be installed for this machine.
    """
    foreign = processor != PROCESSOR or sys.platform != "linux"
    with tempfile.TemporaryDirectory() as folder:
        stand_ins = _install_stand_ins(stack, Path(folder), python) if foreign else {}
        for function in functions:
            path = _list_path(function, stand_ins)
            report = _Report(function, _import_handler(function, path, Path(folder), python))
            _check_import(report)
            _check_catalogue(report)


def _install_stand_ins(stack: Path, folder: Path, python: Path) -> dict[str, Path]:
    """Install what the layers have for this machine, and return the folders by the name of the layer."""
    locks = {"DependenciesLayer": stack / CORE_LOCK, "ToolsLayer": stack / TOOLS_LOCK}
    locks |= {layer: (stack / CORE_LOCK).with_name(name) for layer, name in WORKER_LOCKS.items()}
    made = {}
    for layer, lock in locks.items():
        if not lock.exists():
            continue
        made[layer] = folder / layer
        command = [
            *(find_program("uv"), "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
            *("--only-binary", ":all:", "--python", str(python / "python3.13")),
            *("--target", str(made[layer]), "-r", str(lock)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(f"{lock.name} cannot be installed for this machine:\n{done.stderr.strip()}")
    return made


def _list_path(function: BuiltFunction, stand_ins: dict[str, Path]) -> list[Path]:
    named = [(layer.name, layer / "python") for layer in function.layers]
    before = [stand_ins[name] for name, _ in named if name in stand_ins]
    ours = [folder for name, folder in named if name not in stand_ins or name == "ToolsLayer"]
    return [function.code, *before, *ours]


def _import_handler(
    function: BuiltFunction, path: Iterable[Path], folder: Path, python: Path
) -> dict[str, Any]:
    report = folder / f"{function.name}.json"
    variables = {
        **function.variables,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": _NOWHERE,
        "AWS_ACCESS_KEY_ID": UNKNOWN,
        "AWS_SECRET_ACCESS_KEY": UNKNOWN,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    done = subprocess.run(  # noqa: S603
        [python / "python3.13", "-P", "-S", "-B", _SCRIPT, function.handler, report],
        env=variables,
        cwd=function.code,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if not report.exists():
        raise AuthoringError(f"the process of {function.name} has died: {done.stderr.strip()[-2000:]}")
    document: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return document


def _check_import(report: _Report) -> None:
    if "error" not in report.document:
        return
    missing, line = report.document["missing"], report.document["line"]
    if not missing or not line:
        raise AuthoringError(
            f"{report.function.name} cannot be imported:\n{report.document['trace'].strip()}"
        )
    place = line.rpartition(f"{os.sep}{TOOLBOXES}{os.sep}")[2]
    raise AuthoringError(
        f"{TOOLBOXES}/{place} imports {missing}, which no layer of {report.function.name} has;"
        f" add this line to the dependencies in pyproject.toml:\n    {json.dumps(find_requirement(missing))},"
    )


def find_requirement(module: str) -> str:
    """Find the requirement that brings a module, from the packages that are installed here.

    Args:
        module: Its full name.
    """
    top = module.partition(".")[0]
    package = next(iter(metadata.packages_distributions().get(top, ())), None)
    return f"{package}>={metadata.version(package)}" if package else top


def _check_catalogue(report: _Report) -> None:
    """Compare the services whose tools a function runs with those of the catalogue file."""
    services = report.document["services"]
    if not services:
        return
    workers = {each["worker"] for each in services}
    file = next(_find_catalogues(report.function))
    listed = [each for each in json.loads(file.read_bytes())["services"] if each["worker"] in workers]
    if listed != services:
        raise AuthoringError(
            f"{file} is not the catalogue of the tools as python3.13 reads them;"
            " a signature must not depend on the machine"
        )


def _find_catalogues(function: BuiltFunction) -> Iterator[Path]:
    for layer in function.layers:
        file = layer / "python" / TOOLBOXES / "catalogue.json"
        if file.exists():
            yield file
