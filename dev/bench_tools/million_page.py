"""The page of the runs on a million features, and its numbers as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.bench_tools.million_calls import CALLS, REASONS, Call
from dev.benchmarks.table import Table
from gpserverless.values.units import LinearUnit

LIMIT_MB = 3_000
"""Megabytes that a worker has for a run on a million features."""
LONGEST_SILENCE = 1.0
"""Seconds after which a caller shall have heard of the progress again."""
FOLDER = Path(__file__).parents[2] / "docs/benchmarks"
COLUMNS = ("", "of", "with", "seconds", "peak MB", "longest silence, s", "note")


@dataclass(frozen=True)
class Trial:
    """What a run needed.

    Attributes:
        name: Name of the call.
        count: Number of features.
        seconds: Of the processor.
        peak: Megabytes resident at most, interpreter, libraries, input and result among them.
        silence: Longest processor seconds between two reports of progress, start and end among them.
        between: The texts of progress about the longest silence.
        when: The time, UTC.
        clock: Whether seconds and silence are those of the clock.
    """

    name: str
    count: int
    seconds: float
    peak: float
    silence: float
    between: tuple[str, str]
    when: str
    clock: bool = False

    def tell(self) -> str:
        """Return a line for who waits."""
        numbers = f"{self.seconds:7.1f} s {self.peak:6.0f} MB {self.silence:6.2f} s silent"
        return f"{self.name:40} {numbers}: {' -> '.join(self.between)}"


def keep_trial(trial: Trial) -> None:
    """Write a trial among the others, and the page of all.

    Args:
        trial: It replaces the former one of the same name.
    """
    path = FOLDER / "million.json"
    rows = json.loads(path.read_text("utf-8")) if path.exists() else []
    known = {row["name"]: Trial(**row) for row in rows} | {trial.name: trial}
    trials = [known[call.name] for call in CALLS if call.name in known]
    path.write_text(json.dumps([asdict(each) for each in trials], indent=1) + "\n", "utf-8")
    (FOLDER / "million.md").write_text(_write_page(trials), "utf-8")


def _write_page(trials: Sequence[Trial]) -> str:
    calls = {call.name: call for call in CALLS}
    rows = tuple(_list_cells(calls[trial.name], trial) for trial in trials)
    table = Table("million", "A million features", COLUMNS, rows)
    by_clock = ", ".join(trial.name for trial in trials if trial.clock) or "none"
    missing = ", ".join(name for name in calls if name not in {trial.name for trial in trials}) or "none"
    times = sorted(trial.when for trial in trials)
    return f"""\
# A million features

Written by `make bench-tools MILLION=1`; do not edit. Each task of the service Analysis that takes features
ran on a million of them, in a process of its own, on a shared machine of two cores.

*{times[0]} to {times[-1]} UTC.*

- *Seconds* are those of the processor, since the machine does other work too; without the decoding of the
  input and the encoding of the result.
- *Peak* is the memory of the process: interpreter, libraries, input and result. A worker has {LIMIT_MB:,} MB.
- *Longest silence* is the longest time between two reports of progress, the start and the end among them.
  {LONGEST_SILENCE:g} second is asked for, here of the processor. No timer reports: each report is a step.

What is missed is bold, and the note has the reason. *Points* are scattered; *lines* have four vertices and
*polygons* eight, and few of them meet; *cells* are squares side by side; *pairs* are half as many polygons
of two parts; *areas* are 3,249 cells, as many as a country has counties; *zone* is one polygon of 256
vertices.

{table.markdown()}

Rows of seconds by the clock, from an earlier state of the code: {by_clock}.

Not measured yet: {missing}.
"""


def _write_value(value: object) -> str:
    if isinstance(value, LinearUnit):
        return f"{value.distance:g} m"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value).replace("|", "\\|")


def _list_cells(call: Call, trial: Trial) -> tuple[str, ...]:
    layers = [name for made in call.layers.values() for name in ([made] if isinstance(made, str) else made)]
    peak, silence = f"{trial.peak:,.0f}", f"{trial.silence:.2f}"
    return (
        f"{''.join(word.title() for word in call.module.split('_'))} {call.variant}".strip(),
        " and ".join(layers),
        ", ".join(_write_value(value) for value in call.values.values()),
        f"{trial.seconds:.1f}",
        peak if trial.peak < LIMIT_MB else f"**{peak}**",
        silence if trial.silence < LONGEST_SILENCE else f"**{silence}**",
        REASONS.get(call.name, ""),
    )
