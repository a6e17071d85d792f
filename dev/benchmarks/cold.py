"""Cold starts and sizes: from the start of a function's process to its first answer, and what it carries."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from dev.benchmarks import data
from dev.benchmarks.functions import build_event, emulated_stack
from dev.benchmarks.processes import descendants, processor_seconds
from dev.benchmarks.site import EXECUTE
from dev.benchmarks.table import Budget, Cell, Table
from dev.benchmarks.timing import Effort
from dev.predeploy.built import LIMIT, read_build
from local.functions import LAYER
from local.options import ROOT
from local.stack import Stack
from local.template import Template

LIGHT_MS, HEAVY_MS = 250, 550
ASKED = {
    "DirectoryFunction": LIGHT_MS,
    "JobsFunction": LIGHT_MS,
    "ExecuteFunction": HEAVY_MS,
    "WorkerFunction": HEAVY_MS,
}
NOTE = """\
From the start of the process to its first answer, medians. The directory's first answer is a service,
that of jobs a job it has to look for (with three clients of AWS), that of execute a buffer of ten
points, that of the worker a message about a job. The function and the process that runs tools are both
counted. What Lambda itself takes before it starts a process is not."""
_SCRIPT = Path(__file__).with_name("first_answer.py")
MACHINE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


@dataclass(frozen=True)
class Code:
    """What a function's process is started with.

    Attributes:
        what: In words.
        command: The interpreter and its options.
        paths: The import path of each function.
    """

    what: str
    command: tuple[str, ...]
    paths: Mapping[str, tuple[Path, ...]]


def tables(effort: Effort) -> Iterator[Table]:
    """Start every function again and again."""
    build = _build()
    code = _sources() if build is None else _built(build)
    with emulated_stack() as made:
        taken = {name: [_start(made, name, code) for _ in range(effort.rounds(7, 2))] for name in ASKED}
    medians = {name: [median(side) for side in zip(*each, strict=True)] for name, each in taken.items()}
    yield Table(
        "cold",
        "Cold starts",
        ("function", "processor ms", "of these its children ms", "clock ms"),
        tuple((name, cpu, children, wall) for name, (cpu, children, wall) in medians.items()),
        NOTE + f" Measured: {code.what}.",
        tuple(
            Budget(f"{name}, processor time to the first answer", asked, medians[name][0], "ms")
            for name, asked in ASKED.items()
        ),
    )
    if build is not None:
        yield _sizes(build)


def _build() -> Path | None:
    """Return a build for this machine's processor, if there is one and a python3.13 to run it."""
    if subprocess.run([ROOT / "layers/find-python"], capture_output=True, check=False).returncode:
        return None
    folders = (ROOT / ".aws-sam/test" / MACHINE, ROOT / ".aws-sam/build")
    marker = "aarch64" if MACHINE == "arm64" else "x86_64"
    built = (f for f in folders if any(f.glob(f"DependenciesLayer/python/orjson/*{marker}*.so")))
    return next(built, None)


def _built(folder: Path) -> Code:
    found = subprocess.run([ROOT / "layers/find-python"], capture_output=True, text=True, check=True)
    python = Path(found.stdout.strip(), "python3.13")
    paths = {
        each.name: (each.code, *(layer / "python" for layer in each.layers)) for each in read_build(folder)
    }
    what = "what `make build` made, under python3.13, with bytecode and nothing else on the path"
    return Code(what, (str(python), "-P", "-S", "-B"), paths)


def _sources() -> Code:
    code = {each.name: ROOT / each.properties["CodeUri"] for each in _functions()}
    layers = (ROOT / "layers/gpserverless/python", ROOT / "tools")
    version = platform.python_version()
    what = f"the sources, under this machine's Python {version}: there is no build (`make build`) for it"
    return Code(what, (sys.executable, "-P"), {name: (path, *layers) for name, path in code.items()})


def _functions() -> Iterator[Any]:
    return iter(Template.read(ROOT / "template.yaml").of_type("AWS::Serverless::Function"))


def _start(made: Stack, name: str, code: Code) -> tuple[float, float, float]:
    """Return milliseconds to the first answer: processor, that of children among it, and clock."""
    path = os.pathsep.join(map(str, code.paths[name]))
    began = time.perf_counter()
    process = subprocess.Popen(
        [*code.command, str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=code.paths[name][0],
        env={
            **made.functions[name].variables,
            "PYTHONPATH": path,
            "LAMBDA_TASK_ROOT": str(code.paths[name][0]),
        },
    )
    if process.stdin is None or process.stdout is None:
        raise ChildProcessError("the function has no pipes")
    with process.stdin, process.stdout:
        process.stdin.write(json.dumps(_event(made, name)) + "\n")
        process.stdin.flush()
        if not any(line.startswith("ANSWERED") for line in iter(process.stdout.readline, "")):
            raise ChildProcessError(f"{name} gave no answer")
        wall = time.perf_counter() - began
        own, children = processor_seconds(process.pid), sum(map(processor_seconds, descendants(process.pid)))
    process.wait()
    return 1000 * (own + children), 1000 * children, 1000 * wall


def _event(made: Stack, name: str) -> dict[str, Any]:
    if name == "ExecuteFunction":
        return build_event(
            made, EXECUTE.replace("Bench", "Samples").replace("/Buffer/", "/BufferPoints/"), _FORM
        )
    recorded = {"DirectoryFunction": "service", "JobsFunction": "job", "WorkerFunction": "worker"}
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{recorded[name]}.json").read_text("utf-8"))
    return event


_FORM = data.form("points", 10, "points", distance="100 Meters")


def _sizes(build: Path) -> Table:
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
