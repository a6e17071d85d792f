"""The two tables: loads on AWS, and predictions beside measurements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dev.simulation.cost import UsagePattern
from dev.simulation.levels import SimulatedLevel, dollars_a_month
from dev.simulation.outcome import Outcome
from dev.simulation.scaling import TemplateSettings

_COLUMNS = {
    **{"p50 s": 7, "p99 s": 7, "at once": 8, "left": 10, "req/s": 8, "front": 6},
    **{"reads/s": 8, "writes/s": 9, "index/s": 8, "$/1,000": 8, "polls": 6, "$/month": 10},
}
_NAME = 41

HEAD = f"{'':{_NAME}}" + "".join(f"{column:>{width}}" for column, width in _COLUMNS.items())


def format_level(simulated: SimulatedLevel, settings: TemplateSettings, pattern: UsagePattern) -> str:
    """Return the line of a level; a load that is too much for its workers has no price.

    Args:
        simulated: The level with its outcome.
        settings: The settings of the template.
        pattern: The usage of the service.
    """
    level, outcome, demand = simulated.level, simulated.outcome, simulated.estimate_demand(settings, pattern)
    keeps_up = outcome.unfinished <= 2 * outcome.peak
    money = (
        f"{demand.job_dollars * 1000:.3f}",
        f"{demand.poll_dollars * 1000:.3f}",
        f"{dollars_a_month(level, demand):,}",
    )
    cells = (
        *(f"{outcome.wait(percent):.2f}" for percent in (50, 99)),
        *(f"{outcome.peak / simulated.part:,.0f}", f"{outcome.unfinished / simulated.part:,.0f}"),
        *(f"{rate:,.0f}" for rate in (demand.requests, demand.front, demand.reads, demand.writes)),
        f"{demand.index_writes:,.0f}",
        *(money if keeps_up else ("-",) * len(money)),
    )
    return f"{level.name:{_NAME}}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(cells, _COLUMNS.values(), strict=True)
    )


def format_comparison(rows: Iterable[tuple[str, Outcome, Outcome, int, float]]) -> Iterator[str]:
    """Yield the lines of predictions and measurements.

    Args:
        rows: Name of the load, predicted outcome, measured outcome, counted polls, and seconds between two
            polls of a client.
    """
    yield f"{'':30}{'predicted':>12}{'measured':>12}{'difference':>12}"
    for name, predicted, measured, polls, every in rows:
        for quantity, foreseen, found in (
            ("jobs", len(predicted.finished), len(measured.finished)),
            ("wait p50 s", predicted.wait(50), measured.wait(50)),
            ("wait p99 s", predicted.wait(99), measured.wait(99)),
            ("wait mean s", _compute_mean_wait(predicted), _compute_mean_wait(measured)),
            ("at once, most", predicted.peak, measured.peak),
            ("at once, mean", predicted.concurrency, measured.concurrency),
            ("seconds", predicted.seconds, measured.seconds),
            ("polls", predicted.polls(every), polls),
        ):
            shown = f"{foreseen:>12.2f}{found:>12.2f}" if isinstance(foreseen, float) else ""
            shown = shown or f"{foreseen:>12}{found:>12}"
            apart = f"{(foreseen - found) / found:>+12.0%}" if found else f"{'':12}"
            yield f"{name + ': ' + quantity:30}{shown}{apart}"


def _compute_mean_wait(outcome: Outcome) -> float:
    return sum(each.wait for each in outcome.finished) / len(outcome.finished)
