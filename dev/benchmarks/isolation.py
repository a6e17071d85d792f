"""What it costs that tools run in a process of their own."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort, in_turns
from gpserverless.errors import DeadlinePassed
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run, Unwatched
from gpserverless.toolkit.toolboxes import discover

ADDED_MS, AFTER_KILL_MS = 2.0, 15.0


def tables(effort: Effort) -> Iterator[Table]:
    """Measure the same call here, in a child, and in one that follows a child that was killed."""
    toolboxes = {box.spec.name: box for box in discover()}
    samples = toolboxes["Samples"]
    features = [{"attributes": {"id": i}, "geometry": {"x": i, "y": i}} for i in range(10)]
    points = json.dumps({"spatialReference": {"wkid": 4326}, "features": features})
    call = Call("Samples", "BufferPoints", {"points": points, "distance": "1 Kilometers"})
    endless = Call("Conformance/Sync", "Sleep", {"Seconds": "20"})
    runner = Runner(toolboxes.values())
    with tempfile.TemporaryDirectory() as folder:

        def here() -> None:
            tuple(perform(samples.tools["BufferPoints"], call, samples.spec.limits, Run(), Path(folder)))

        def apart() -> None:
            runner(call, Unwatched(), 20)

        def killed() -> None:
            with suppress(DeadlinePassed):
                runner(endless, Unwatched(), 0.0)

        inside, outside = (
            1000 * median(each) for each in in_turns((here, apart), effort.rounds(280, 40), warm_up=20)
        )
        after = 1000 * median(_after(killed, apart) for _ in range(effort.rounds(40, 8)))
    runner.close()
    yield Table(
        "isolation",
        "Isolation: a tool runs in a process of its own",
        ("ten points to BufferPoints", "ms", "added ms"),
        (
            ("in this process", inside, None),
            ("in a child", outside, outside - inside),
            ("in a child, when the last one was killed", after, after - inside),
        ),
        "Wall time, medians; the first two run in turns.",
        (
            Budget("added by a child of its own", ADDED_MS, outside - inside, "ms"),
            Budget("added when the last child was killed", AFTER_KILL_MS, after - inside, "ms"),
        ),
    )


def _after(first: Callable[[], None], then: Callable[[], None]) -> float:
    first()
    began = time.perf_counter()
    then()
    return time.perf_counter() - began
