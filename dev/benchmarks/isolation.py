"""The cost of running each call in a fresh process."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median

from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort
from gpserverless.errors import DeadlinePassed
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import NullWatcher, Run
from gpserverless.toolkit.toolboxes import discover

ADDED_MS, AFTER_KILL_MS = 4.0, 15.0
CALLS_BEFORE = 5
"""Calls right before the one that is measured: the first may find the child that a pause has left waiting."""

REST_SECONDS = 0.02
"""Time between two calls: an answer goes to the caller, and the next request comes."""

Work = Callable[[], object]

HERE, APART, AT_ONCE, AFTER_KILL = (
    "in this process",
    "in a child",
    "in a child, right after five other calls",
    "in a child, right after a call that was killed",
)


def tables(effort: Effort) -> Iterator[Table]:
    """Measure the same call in this process, and in children that had more or less time to get ready."""
    boxes = {box.spec.name: box for box in discover()}
    samples = boxes["Samples"]
    features = [{"attributes": {"id": i}, "geometry": {"x": i, "y": i}} for i in range(10)]
    points = json.dumps({"spatialReference": {"wkid": 4326}, "features": features})
    call = Call("Samples", "BufferPoints", {"points": points, "distance": "1 Kilometers"})
    endless = Call("Conformance/Sync", "Sleep", {"Seconds": "20"})
    runner = Runner(boxes.values())
    rest = partial(time.sleep, REST_SECONDS)
    with tempfile.TemporaryDirectory() as folder:

        def here() -> None:
            tuple(perform(samples.tools["BufferPoints"], call, samples.spec.limits, Run(), Path(folder)))

        def apart() -> None:
            runner(call, NullWatcher(), 20)

        def several() -> None:
            for _ in range(CALLS_BEFORE):
                apart()

        def kill_run() -> None:
            with suppress(DeadlinePassed):
                runner(endless, NullWatcher(), 0.0)

        cases: dict[str, tuple[Work, Work]] = {
            HERE: (rest, here),
            APART: (rest, apart),
            AT_ONCE: (several, apart),
            AFTER_KILL: (kill_run, apart),
        }
        found = _medians(cases, effort.rounds(200, 20))
    runner.close()
    yield _table(found)


def _table(found: Mapping[str, float]) -> Table:
    added = {name: milliseconds - found[HERE] for name, milliseconds in found.items() if name != HERE}
    return Table(
        "isolation",
        "Isolation: a tool runs in a process of its own",
        ("ten points to BufferPoints", "ms", "added ms"),
        tuple((name, milliseconds, added.get(name)) for name, milliseconds in found.items()),
        f"Wall time, medians; all run in turns. The first two come {1000 * REST_SECONDS:.0f} ms after "
        "another, as a function gets its requests.",
        (
            Budget("added by a child of its own", ADDED_MS, added[APART], "ms"),
            Budget("added right after other calls", ADDED_MS, added[AT_ONCE], "ms"),
            Budget("added right after a kill", AFTER_KILL_MS, added[AFTER_KILL], "ms"),
        ),
    )


def _medians(cases: Mapping[str, tuple[Work, Work]], rounds: int) -> dict[str, float]:
    """Return the median milliseconds of the second work of each case, done after the first."""
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, (before, work) in cases.items():
            before()
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    return {name: 1000 * median(taken) for name, taken in seconds.items()}
