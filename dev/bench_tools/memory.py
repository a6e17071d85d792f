"""The memory of many points, buffered and joined, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.bench_tools.contest import QUIET
from dev.bench_tools.data import draw_grid, scatter_points
from dev.bench_tools.places import join
from gpserverless.analysis.zones import ZoneStyle, draw_zones
from gpserverless.values.units import LinearUnit

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Weight:
    """What a work needed."""

    #: Name of the work.
    name: str
    #: Number of features.
    count: int
    #: Processor seconds.
    seconds: float
    #: Megabytes resident at most, interpreter, libraries and input among them.
    peak: float


def _buffer(count: int) -> object:
    return draw_zones(scatter_points(count), LinearUnit(100, "esriMeters"), ZoneStyle(), QUIET)


def _join(count: int) -> object:
    return join(scatter_points(count), draw_grid(3_249))


WORKS: dict[str, Callable[[int], object]] = {"buffer points": _buffer, "join points to polygons": _join}


def weigh_all(count: int) -> list[Weight]:
    """Return what each work needs.

    Args:
        count: Number of points.
    """
    return [_weigh_apart(name, count) for name in WORKS]


def _weigh_apart(name: str, count: int) -> Weight:
    command = [sys.executable, "-m", "dev.bench_tools.memory", name, str(count)]
    told = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return Weight(**json.loads(told))


def _weigh(name: str, count: int) -> Weight:
    began = time.process_time()
    WORKS[name](count)
    seconds = time.process_time() - began
    return Weight(name, count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    print(json.dumps(asdict(_weigh(sys.argv[1], int(sys.argv[2])))))
