"""The two tables of the lab, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dev.faults.broken import Broken
from dev.faults.scenarios import Scenario
from dev.faults.verdict import Verdict
from gpserverless.jobs.status import Status

_COUNTS = ("lost", "stuck", "ghost", "over the limit", "torn")
_FINALS = (Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.CANCELLED)

_COLUMNS = (
    *("jobs", "fired", "runs", "taken", "|", "ok", "fail", "late", "canc", "|"),
    *("lost", "stuck", "ghost", "over", "torn", "other", "|", "p50 s", "p99 s"),
)
_WIDTH = 6


def _row(name: str, values: Iterable[object]) -> str:
    cells = (f" {value} " if value == "|" else f"{value:>{_WIDTH}}" for value in values)
    return f"{name:44}{''.join(cells)}"


HEAD = _row("fault", _COLUMNS)
BROKEN_HEAD = f"{'broken rule':44}{'fault':>6}   noticed as"


def line(name: str, verdict: Verdict) -> str:
    """Return a line of the table of faults; what it came to beside the columns follows in words."""
    others = {what: count for what, count in verdict.broken.items() if what not in _COUNTS and count}
    values = [
        *(verdict.submits, verdict.fired, verdict.runs, verdict.heard["accepted"], "|"),
        *(*(verdict.finals[status] for status in _FINALS), "|"),
        *(*(verdict.broken[what] for what in _COUNTS), sum(others.values()), "|"),
        *(f"{verdict.percentile(percent):.0f}" for percent in (50, 99)),
    ]
    words = "".join(f"  {count} {what}" for what, count in sorted(others.items()))
    return _row(name, values) + words


def title(scenario: Scenario) -> str:
    """Return how a scenario is called in the table."""
    return f"{scenario.number} {scenario.name}"


def broken_line(broken: Broken, verdict: Verdict) -> Iterator[str]:
    """Yield the line of the table of broken rules."""
    found = ", ".join(f"{count} {what}" for what, count in sorted((+verdict.broken).items()))
    yield f"{broken.name:44}{broken.scenario:>6}   {found or 'NOT NOTICED'}"
