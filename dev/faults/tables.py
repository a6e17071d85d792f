"""The table of verdicts that the lab and the soak print."""

from __future__ import annotations

from collections.abc import Iterable

from dev.faults.verdict import Verdict
from gpserverless.jobs.status import Status

_COUNTS = ("lost", "stuck", "ghost", "over the limit", "torn")
_FINALS = (Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.CANCELLED)

_COLUMNS = (
    *("jobs", "fired", "runs", "taken", "|", "ok", "fail", "late", "canc", "|"),
    *("lost", "stuck", "ghost", "over", "torn", "other", "|", "p50 s", "p99 s"),
)
_WIDTH = 6


def _format_row(name: str, values: Iterable[object]) -> str:
    cells = (f" {value} " if value == "|" else f"{value:>{_WIDTH}}" for value in values)
    return f"{name:44}{''.join(cells)}"


HEAD = _format_row("fault", _COLUMNS)


def format_verdict(name: str, verdict: Verdict) -> str:
    """Return the line of a verdict; violations without a column follow in words."""
    others = {promise: count for promise, count in verdict.broken.items() if promise not in _COUNTS and count}
    values = [
        *(verdict.submits, verdict.fired, verdict.runs, verdict.answers["accepted"], "|"),
        *(*(verdict.finals[status] for status in _FINALS), "|"),
        *(*(verdict.broken[promise] for promise in _COUNTS), sum(others.values()), "|"),
        *(f"{verdict.percentile(percent):.0f}" for percent in (50, 99)),
    ]
    words = "".join(f"  {count} {promise}" for promise, count in sorted(others.items()))
    return _format_row(name, values) + words
