"""Loads on the local cloud, and their prediction by the simulation."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from dev.simulation.load import Arrival, burst, steady
from dev.simulation.measuring import LoadClients, Measurement
from dev.simulation.outcome import Outcome
from dev.simulation.scaling import QueueScaling, TemplateSettings
from dev.simulation.simulate import simulate
from local.cloud import LocalCloud
from local.options import ServeOptions
from local.pool import MOST_ENVIRONMENTS

POLL_SECONDS = 2.0
LONE_SECONDS = 0.5
LONE_JOBS = 5
_WARMING = [Arrival(3.0 * number, 3.0 * MOST_ENVIRONMENTS) for number in range(MOST_ENVIRONMENTS)]
"""Starts one environment after the other; all at once would be too much for a busy machine."""

Row = tuple[str, Outcome, Outcome, int, float]


def compare() -> Iterator[Row]:
    """Yield loads with their predicted outcome, their measured outcome and the counted polls.

    The prediction learns from lone jobs the seconds that a job takes beside its tool, and nothing else.
    Environments are warm by then.

    Raises:
        TimeoutError: A job did not end in time.
    """
    with (
        tempfile.TemporaryDirectory(prefix="simulation-") as state,
        LocalCloud(ServeOptions(state=Path(state))) as cloud,
    ):
        clients = LoadClients(cloud, POLL_SECONDS)
        clients.measure(_WARMING)
        learned = _learn_scaling([clients.measure([Arrival(0, LONE_SECONDS)]) for _ in range(LONE_JOBS)])
        for name, load in (("steady", steady(100, 0.5, _sleep)), ("burst", burst(24, _sleep))):
            measured = clients.measure(load)
            yield name, simulate(measured.arrivals, learned), measured.outcome, measured.polls, POLL_SECONDS


def _sleep(chance: random.Random) -> float:
    """Draw the seconds that a tool sleeps, in hundredths."""
    return round(chance.uniform(1.0, 6.0), 2)


def _learn_scaling(alone: Sequence[Measurement]) -> QueueScaling:
    """Return the scaling of the local cloud, with the durations of lone jobs."""
    finished = [each.outcome.finished[0] for each in alone]
    at_once = min(MOST_ENVIRONMENTS, TemplateSettings.read().concurrency)
    return QueueScaling(
        concurrency=at_once,
        first=at_once,
        more_per_minute=0,
        delivery_seconds=fmean(each.wait for each in finished),
        overhead_seconds=fmean(each.busy for each in finished) - LONE_SECONDS,
        cold_seconds=0,
    )
