"""Every tool on a million features: seconds, peak of memory, and the longest silence of its progress."""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dev.bench_tools.million_calls import CALLS, Call
from dev.bench_tools.million_layers import LAYERS
from dev.bench_tools.million_page import Trial, keep_trial
from gpserverless.toolkit.run import Message, Run

MILLION = 1_000_000
_LONGEST = 1_800
"""Seconds after which a run is given up."""
_ROOT = Path(__file__).parents[2]


class Clock:
    """A watcher that keeps the longest time between two reports of progress, on the processor."""

    def __init__(self) -> None:
        self.last = time.process_time()
        self.text = "start"
        self.longest = 0.0
        self.between = ("", "")

    def progress(self, text: str, percent: int | None = None) -> None:
        """Take the time since the last progress."""
        now = time.process_time()
        if now - self.last > self.longest:
            self.longest, self.between = now - self.last, (self.text, text)
        self.last, self.text = now, f"{text} {percent}%"

    def message(self, message: Message) -> None:
        """Drop the message."""

    def check_cancelled(self) -> None:
        """Raise nothing."""


def try_apart(call: Call, count: int) -> Trial:
    """Return what a run needs in a process of its own.

    Args:
        call: The run.
        count: Number of features.
    """
    command = [sys.executable, "-m", "dev.bench_tools.million", "--here", call.name, "--count", str(count)]
    told = subprocess.run(
        command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=_LONGEST
    ).stdout
    return Trial(**json.loads(told))


def try_here(call: Call, count: int) -> Trial:
    """Return what a run needs in this process; the peak is that of the process so far.

    Args:
        call: The run.
        count: Number of features.
    """
    tool = getattr(importlib.import_module(f"toolboxes.analysis.{call.module}"), call.module)
    layers = {name: _make(made, count) for name, made in call.layers.items()}
    clock = Clock()
    began = time.process_time()
    clock.last = began
    tool(**layers, **call.values, run=Run(clock))
    seconds = time.process_time() - began
    clock.progress("end")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    return Trial(call.name, count, seconds, peak, clock.longest, clock.between, when)


def _make(made: str | tuple[str, ...], count: int) -> Any:
    return LAYERS[made](count) if isinstance(made, str) else [LAYERS[name](count) for name in made]


def main() -> None:
    """Try every tool, or one here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=MILLION, help="number of features; no page if another")
    parser.add_argument("--only", nargs="+", default=(), help="names of runs; the page keeps the other rows")
    parser.add_argument("--here", default="", help="one run in this process, told as JSON")
    options = parser.parse_args()
    if options.here:
        (call,) = (each for each in CALLS if each.name == options.here)
        print(json.dumps(asdict(try_here(call, options.count))))
        return
    for call in CALLS:
        if not options.only or call.name in options.only:
            trial = try_apart(call, options.count)
            print(trial.tell(), flush=True)
            if options.count == MILLION:
                keep_trial(trial)


if __name__ == "__main__":
    main()
