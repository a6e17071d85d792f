"""Cold starts: the time from the start of a function's process to its first answer; and sizes."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from dev.benchmarks import data
from dev.benchmarks.builds import Code, find_build, find_built_code, find_sources, measure_sizes
from dev.benchmarks.emulation import build_event, emulate_stack
from dev.benchmarks.processes import descendants, processor_seconds
from dev.benchmarks.site import EXECUTE
from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort
from local.options import ROOT
from local.stack import Stack

LIGHT_MS, HEAVY_MS = 250, 550
ASKED = {
    "DirectoryFunction": LIGHT_MS,
    "JobsFunction": LIGHT_MS,
    "LayersFunction": HEAVY_MS,
    "SoapFunction": LIGHT_MS,
    "ExecuteFunction": HEAVY_MS,
    "WorkerFunction": HEAVY_MS,
}
NOTE = """\
From the start of the process to its first answer, medians. The directory's first answer is a service,
that of jobs a job it has to look for (with three clients of AWS), that of layers the folder of
hosted services, that of soap the tools of a service,
that of execute a buffer of ten points, that of the worker a message about a job. The function and the
process that runs tools are both counted. What Lambda itself takes before it starts a process is not."""
_SCRIPT = Path(__file__).with_name("first_answer.py")


def tables(effort: Effort) -> Iterator[Table]:
    """Start every function again and again."""
    build = find_build()
    code = find_sources() if build is None else find_built_code(build)
    with emulate_stack() as made:
        taken = {name: [_start(made, name, code) for _ in range(effort.rounds(7, 2))] for name in ASKED}
    medians = {name: [median(side) for side in zip(*each, strict=True)] for name, each in taken.items()}
    yield Table(
        "cold",
        "Cold starts",
        ("function", "processor ms", "of these its children ms", "clock ms"),
        tuple((name, cpu, children, wall) for name, (cpu, children, wall) in medians.items()),
        NOTE + f" Measured: {code.name}.",
        tuple(
            Budget(f"{name}, processor time to the first answer", asked, medians[name][0], "ms")
            for name, asked in ASKED.items()
        ),
    )
    if build is not None:
        yield measure_sizes(build)


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
    recorded = {
        **{"DirectoryFunction": "service", "JobsFunction": "job", "LayersFunction": "hosted"},
        **{"SoapFunction": "soap-get-tool-infos", "WorkerFunction": "worker"},
    }
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{recorded[name]}.json").read_text("utf-8"))
    return event


_FORM = data.form("points", 10, "points", distance="100 Meters")
