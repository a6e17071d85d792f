"""One run of Spin: translate the model, compile its verifier, run it, read its output."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

MODEL = Path(__file__).with_name("jobs.pml")

SAFETY = ("-DSAFETY", "-DNOCLAIM")
LTL = ("-DNFAIR=4",)

CHECKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "asserts": (SAFETY, ()),
    "no_ghost": (LTL, ("-a", "-N", "no_ghost")),
    "cancel_holds": (LTL, ("-a", "-N", "cancel_holds")),
    "stable": (LTL, ("-a", "-N", "stable")),
    "gone": (LTL, ("-a", "-N", "gone")),
    "ends": (LTL, ("-a", "-f", "-N", "ends")),
    "new_goes": (LTL, ("-a", "-f", "-N", "new_goes")),
}
"""Options of the compiler and of the verifier, by check; `-f` is weak fairness, which progress needs."""

MUTANTS = {
    "REFUSE_IN_DOUBT": "asserts",
    "CLAIM_EXECUTING": "asserts",
    "CLAIM_FINAL": "asserts",
    "CLAIM_DELETING": "gone",
    "ATTEMPTS_FOR_EVER": "asserts",
    "SHARED_KEYS": "asserts",
    "COMMIT_FIRST": "asserts",
    "COMMIT_NO_FENCE": "asserts",
    "COMMIT_CANCELLING": "asserts",
    "COMMIT_BLIND": "asserts",
    "REAP_ON_SIGHT": "asserts",
    "OBJECTS_FIRST": "asserts",
    "NO_REAPER": "ends",
}
"""The check that each broken rule must fail."""

_DEPTH = "-m4000000"
_HASH = "-w24"
_INCOMPLETE = ("max search depth too small", "out of memory", "hash table full", "memory limit")


@dataclass(frozen=True)
class CheckResult:
    """The result of one run.

    Attributes:
        mutant: The rule that is broken; "" for none.
        name: The check.
        errors: Number of errors.
        states: Number of states.
        complete: Whether all states were seen.
        seconds: Its duration.
    """

    mutant: str
    name: str
    errors: int
    states: int
    complete: bool
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether the rules hold in every state, or a broken one was noticed."""
        return self.errors > 0 if self.mutant else self.errors == 0 and self.complete

    @property
    def line(self) -> str:
        """The run as a line of the table."""
        found = "an error" if self.errors else "none" if self.complete else "none, but not all seen"
        return (
            f"{self.mutant or 'as they are':18}{self.name:14}{found:22}{self.states:>12,}{self.seconds:>9.1f}"
        )


def check(mutant: str, name: str, folder: Path) -> CheckResult:
    """Run one check of the model, or of a mutant of it, in a folder of its own.

    Raises:
        CalledProcessError: Spin or the compiler does not take the model.
    """
    began = time.monotonic()
    compiler, verifier = CHECKS[name]
    folder.mkdir()
    _run(folder, "spin", *([f"-D{mutant}"] if mutant else []), "-a", str(MODEL))
    _run(folder, "gcc", "-O2", "-DVECTORSZ=2048", *compiler, "-o", "pan", "pan.c")
    output = _run(folder, "./pan", *verifier, "-E", _DEPTH, _HASH)
    errors, states = (
        _read_number(r"errors: (\d+)", output),
        _read_number(r"([\d.e+]+) states, stored", output),
    )
    complete = not any(sign in output.lower() for sign in _INCOMPLETE)
    return CheckResult(mutant, name, errors, states, complete, time.monotonic() - began)


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def _read_number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"the verifier output nothing of {pattern}: {text[-400:]}")
    return int(float(found[1]))
