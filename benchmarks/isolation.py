"""What it costs that tools run in a process of their own: `python -m benchmarks.isolation`.

The same call of Samples/BufferPoints, with ten points, in this process and in a child, one after the other so
that both meet the same machine; then in a child that has just been killed by a deadline.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from gpserverless.errors import DeadlinePassed
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run, Unwatched
from gpserverless.toolkit.runner import Runner
from gpserverless.toolkit.toolboxes import discover

PAIRS = 300
KILLS = 40
ALLOWED_MS, ALLOWED_AFTER_KILL_MS = 2.0, 15.0


def main() -> None:
    """Print the medians, and what is asked of them."""
    toolboxes = {box.spec.name: box for box in discover()}
    samples = toolboxes["Samples"]
    features = [{"attributes": {"id": i}, "geometry": {"x": i, "y": i}} for i in range(10)]
    points = json.dumps({"spatialReference": {"wkid": 4326}, "features": features})
    call = Call("Samples", "BufferPoints", {"points": points, "distance": "1 Kilometers"})
    endless = Call("Conformance/Sync", "Sleep", {"Seconds": "20"})
    runner = Runner(toolboxes.values())
    folder = Path(tempfile.mkdtemp())

    def here() -> None:
        tuple(perform(samples.tools["BufferPoints"], call, samples.spec.limits, Run(), folder))

    def apart() -> None:
        runner(call, Unwatched(), 20)

    def killed() -> None:
        try:
            runner(endless, Unwatched(), 0.0)
        except DeadlinePassed:
            return

    pairs = [(_milliseconds(here), _milliseconds(apart)) for _ in range(PAIRS)][20:]
    inside, outside = (median(side) for side in zip(*pairs, strict=True))
    after = []
    for _ in range(KILLS):
        killed()
        after.append(_milliseconds(apart))
    runner.close()
    print(f"in this process         {inside:6.2f} ms")
    print(f"in a child              {outside:6.2f} ms, added {outside - inside:.2f} (asked: {ALLOWED_MS})")
    added = median(after) - inside
    print(
        f"in a child after a kill {median(after):6.2f} ms, added {added:.2f} (asked: {ALLOWED_AFTER_KILL_MS})"
    )


def _milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
