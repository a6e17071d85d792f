"""Every tool on a million features: seconds, peak of memory, and the longest silence of its progress."""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dev.bench_tools.million_calls import CALLS, Call
from dev.bench_tools.million_layers import LAYERS
from gpserverless.toolkit.run import Message, Run

_ROOT = Path(__file__).parents[2]


class Clock:
    """A watcher that keeps the longest time between two reports of progress, and the texts about it."""

    def __init__(self) -> None:
        self.last = time.perf_counter()
        self.text = "start"
        self.longest = 0.0
        self.between = ("", "")

    def progress(self, text: str, percent: int | None = None) -> None:
        """Take the time since the last progress."""
        now = time.perf_counter()
        if now - self.last > self.longest:
            self.longest, self.between = now - self.last, (self.text, text)
        self.last, self.text = now, f"{text} {percent}%"

    def message(self, message: Message) -> None:
        """Drop the message."""

    def check_cancelled(self) -> None:
        """Raise nothing."""


@dataclass(frozen=True)
class Trial:
    """What a run needed.

    Attributes:
        name: Name of the call.
        count: Number of features.
        seconds: By the clock.
        peak: Megabytes resident at most, interpreter, libraries, input and result among them.
        silence: Longest seconds between two reports of progress, start and end among them.
        between: The texts of progress about the longest silence.
    """

    name: str
    count: int
    seconds: float
    peak: float
    silence: float
    between: tuple[str, str]


def try_apart(call: Call, count: int) -> Trial:
    """Return what a run needs in a process of its own.

    Args:
        call: The run.
        count: Number of features.
    """
    command = [sys.executable, "-m", "dev.bench_tools.million", "--here", call.name, "--count", str(count)]
    told = subprocess.run(
        command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=900
    ).stdout
    return Trial(**json.loads(told))


def _try_here(call: Call, count: int) -> Trial:
    tool = getattr(importlib.import_module(f"toolboxes.analysis.{call.module}"), call.module)
    layers = {name: _make(made, count) for name, made in call.layers.items()}
    clock = Clock()
    began = time.perf_counter()
    result = tool(**layers, **call.values, run=Run(clock))
    seconds = time.perf_counter() - began
    clock.progress("end")
    del result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Trial(call.name, count, seconds, peak, clock.longest, clock.between)


def _make(made: str | tuple[str, ...], count: int) -> Any:
    return LAYERS[made](count) if isinstance(made, str) else [LAYERS[name](count) for name in made]


def main() -> None:
    """Try every tool, or one here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="number of features")
    parser.add_argument("--only", default="", help="runs with this text in their name")
    parser.add_argument("--here", default="", help="one run in this process, told as JSON")
    options = parser.parse_args()
    if options.here:
        (call,) = (each for each in CALLS if each.name == options.here)
        print(json.dumps(asdict(_try_here(call, options.count))))
        return
    for call in CALLS:
        if options.only in call.name:
            trial = try_apart(call, options.count)
            print(
                f"{trial.name:40} {trial.seconds:7.1f} s {trial.peak:6.0f} MB {trial.silence:6.2f} s silent {trial.between}",
                flush=True,
            )


if __name__ == "__main__":
    main()
