"""How much memory a call needs: that of the function, and that of the tool's process."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator

from dev.benchmarks import data
from dev.benchmarks.emulation import build_event, emulate_stack
from dev.benchmarks.functions import CountingFunctions
from dev.benchmarks.processes import descendants, resident
from dev.benchmarks.site import SUBMIT
from dev.benchmarks.table import Plot, Series, Table
from dev.benchmarks.timing import Effort
from local.stack import Stack

SIZES = {"points": (10, 1_000, 10_000, 50_000), "polygons of 20": (1_000, 5_000)}
"""The largest are near the 8 MB that one value may have."""
MB = 1 << 20
NOTE = """\
A job of `Analysis/Buffer` in a worker of its own for each line: what was resident at most, in the
function and in the tool's process. Pages that both share are counted in both, so together they need less
than the sum. The largest inputs are beyond what one request may carry; the function gets them here as if
one did. A worker has 3,008 MB (`WorkerMemory`), the function of `execute` 1,769 MB."""


def tables(effort: Effort) -> Iterator[Table]:
    """Weigh a worker before and after its first job."""
    context = multiprocessing.get_context("spawn")
    rows = []
    with emulate_stack() as made:
        for kind, sizes in SIZES.items():
            for count in effort.sizes(*sizes):
                ours, theirs = context.Pipe()
                process = context.Process(target=_weigh, args=(made, kind, count, theirs))
                process.start()
                theirs.close()
                rows.append((kind, count, *ours.recv()))
                process.join()
    yield Table(
        "memory",
        "Memory",
        ("", "features", "request MB", "answer MB", "function, idle MB", "function MB", "tool's process MB"),
        tuple(rows),
        NOTE,
        plot=Plot(
            "Memory of a job of points",
            "features",
            "MB resident at most",
            (
                Series("function", tuple((row[1], row[5]) for row in rows if row[0] == "points")),
                Series("tool's process", tuple((row[1], row[6]) for row in rows if row[0] == "points")),
            ),
        ),
    )


def _weigh(made: Stack, kind: str, count: int, theirs: multiprocessing.connection.Connection) -> None:
    form = data.form(kind, count, "in_features", buffer_distance_or_field=f"{data.REACH} Meters")
    event = build_event(made, SUBMIT, form)
    functions = CountingFunctions(made)
    job = functions.submit(form)
    message = functions.take_event()
    del event
    idle = resident(os.getpid(), "VmRSS")
    functions.work(message)
    answer = sum(result.size for result in functions.read_job(job).results.values())
    tool = max(resident(pid, "VmHWM") for pid in descendants(os.getpid()))
    theirs.send((len(form) / MB, answer / MB, idle / MB, resident(os.getpid(), "VmHWM") / MB, tool / MB))
