"""`make fuzz`: every target for its share of the time, and every hostile text on every reader.

Each target has a process of its own, so that a crash in native code is its failure and no more. The seed is
told, so that a failure comes again with `--seed`.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import logging
import random
import subprocess
import sys
import time
from contextlib import redirect_stdout, suppress

from hypothesis import HealthCheck, seed, settings

from dev.fuzz.growth import LONG_LENGTHS, grows_faster
from dev.fuzz.hostile_texts import HOSTILE_TEXTS
from dev.fuzz.readers import READERS
from dev.fuzz.targets import TARGETS, Target
from gpserverless.errors import GPServerlessError

GROWTH = "growth"
_EXAMPLES = 200


def main() -> int:
    """Fuzz, and return 1 if something broke."""
    parser = argparse.ArgumentParser(prog="python -m dev.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("targets", nargs="*", default=[*TARGETS, GROWTH], help="the targets; all by default")
    parser.add_argument("--seconds", type=float, default=120.0, help="seconds for all of them together")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="what chance begins with")
    parser.add_argument("--here", action="store_true", help="run in this process")
    given = parser.parse_args()
    share = given.seconds / len(given.targets)
    if given.here:
        return max(_fuzz(name, share, given.seed) for name in given.targets)
    return max(_start(name, share, given.seed) for name in given.targets)


def _start(name: str, seconds: float, seed: int) -> int:
    """Run one target in a process of its own, and return 1 if it broke."""
    command = [
        sys.executable,
        "-m",
        "dev.fuzz",
        name,
        "--here",
        "--seconds",
        str(seconds),
        "--seed",
        str(seed),
    ]
    code = subprocess.run(command, check=False).returncode
    if code < 0:
        print(f"{name}: the process died of signal {-code}; seed {seed}")
    return min(abs(code), 1)


def _fuzz(name: str, seconds: float, seed: int) -> int:
    faulthandler.enable()
    logging.disable()
    begin = time.monotonic()
    try:
        with redirect_stdout(io.StringIO()):  # of the metrics
            tried = (
                _try_growth(seconds, seed) if name == GROWTH else _try_target(TARGETS[name], seconds, seed)
            )
    except BaseException:
        print(f"{name}: broken after {time.monotonic() - begin:.0f} s; seed {seed}")
        raise
    print(f"{name}: {tried:,} inputs in {time.monotonic() - begin:.0f} s")
    return 0


def _try_target(target: Target, seconds: float, start: int) -> int:
    """Give a target inputs until the time is over; return how many."""
    end = time.monotonic() + seconds
    checks = list(HealthCheck)
    how = settings(max_examples=_EXAMPLES, deadline=None, database=None, suppress_health_check=checks)
    rounds = 0
    while time.monotonic() < end:
        target(lambda check, number=start + rounds: seed(number)(how(check)))  # type: ignore[arg-type]
        rounds += 1
    return rounds * _EXAMPLES


def _try_growth(seconds: float, start: int) -> int:
    """Time readers on hostile texts in random order until the time is over; return how many."""
    end = time.monotonic() + seconds
    pairs = [(name, text) for name in READERS for text in HOSTILE_TEXTS]
    random.Random(start).shuffle(pairs)
    for tried, (name, text) in enumerate(pairs):
        if time.monotonic() > end:
            return tried

        def read(text: str, name: str = name) -> None:
            with suppress(GPServerlessError):
                READERS[name](text)

        if grows_faster(read, text, LONG_LENGTHS):
            raise AssertionError(f"{name} takes longer than the text grows: {text}")
    return len(pairs)


if __name__ == "__main__":
    sys.exit(main())
