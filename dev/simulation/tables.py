"""The two tables: loads on AWS, and a prediction beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dev.simulation.cloud import Deployed
from dev.simulation.cost import Habits
from dev.simulation.levels import Played, month
from dev.simulation.outcome import Outcome

_COLUMNS = {
    **{"p50 s": 7, "p99 s": 7, "at once": 8, "left": 10, "req/s": 8, "front": 6},
    **{"reads/s": 8, "writes/s": 9, "index/s": 8, "$/1,000": 8, "polls": 6, "$/month": 10},
}
_NAME = 41

HEAD = f"{'':{_NAME}}" + "".join(f"{column:>{width}}" for column, width in _COLUMNS.items())


def line(played: Played, deployed: Deployed, habits: Habits) -> str:
    """Return a line of the table of loads; money is left out of a load that is too much for its cloud."""
    level, outcome, asked = played.level, played.outcome, played.asked(deployed, habits)
    keeps_up = outcome.left <= 2 * outcome.peak
    money = (
        f"{asked.job_dollars * 1000:.3f}",
        f"{asked.poll_dollars * 1000:.3f}",
        f"{month(level, asked):,}",
    )
    cells = (
        *(f"{outcome.wait(percent):.2f}" for percent in (50, 99)),
        *(f"{outcome.peak / played.part:,.0f}", f"{outcome.left / played.part:,.0f}"),
        *(f"{rate:,.0f}" for rate in (asked.requests, asked.front, asked.reads, asked.writes)),
        f"{asked.index_writes:,.0f}",
        *(money if keeps_up else ("-",) * len(money)),
    )
    return f"{level.name:{_NAME}}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(cells, _COLUMNS.values(), strict=True)
    )


def side_by_side(rows: Iterable[tuple[str, Outcome, Outcome, int, float]]) -> Iterator[str]:
    """Yield what was predicted beside what was measured.

    Args:
        rows: Name of the load, its prediction, what was measured, polls that were counted, and seconds
            between a client's polls.
    """
    yield f"{'':30}{'predicted':>12}{'measured':>12}{'difference':>12}"
    for name, predicted, measured, polls, every in rows:
        for what, foreseen, found in (
            ("jobs", len(predicted.worked), len(measured.worked)),
            ("wait p50 s", predicted.wait(50), measured.wait(50)),
            ("wait p99 s", predicted.wait(99), measured.wait(99)),
            ("wait mean s", _mean_wait(predicted), _mean_wait(measured)),
            ("at once, most", predicted.peak, measured.peak),
            ("at once, mean", predicted.concurrency, measured.concurrency),
            ("seconds", predicted.seconds, measured.seconds),
            ("polls", predicted.polls(every), polls),
        ):
            shown = f"{foreseen:>12.2f}{found:>12.2f}" if isinstance(foreseen, float) else ""
            shown = shown or f"{foreseen:>12}{found:>12}"
            apart = f"{(foreseen - found) / found:>+12.0%}" if found else f"{'':12}"
            yield f"{name + ': ' + what:30}{shown}{apart}"


def _mean_wait(outcome: Outcome) -> float:
    return sum(each.wait for each in outcome.worked) / len(outcome.worked)
