"""A load on the local cloud, and what the simulation says about it beforehand."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from dev.simulation.cloud import Cloud, Deployed
from dev.simulation.load import Arrival, burst, steady
from dev.simulation.measuring import Clients, Measured
from dev.simulation.outcome import Outcome
from dev.simulation.play import play
from local.cloud import LocalCloud
from local.options import Options
from local.pool import MOST_ENVIRONMENTS

POLL_SECONDS = 2.0
LONE_SECONDS = 0.5
LONE_JOBS = 5
_WARMING = [Arrival(3.0 * number, 3.0 * MOST_ENVIRONMENTS) for number in range(MOST_ENVIRONMENTS)]
"""Starts one environment after the other: all at once they would be too much for a busy machine."""

Row = tuple[str, Outcome, Outcome, int, float]


def compare() -> Iterator[Row]:
    """Yield loads with their prediction, their measured outcome and the polls that were counted.

    What the local cloud needs for a job beside its tool is learned from jobs that come alone; it is the only
    thing that the prediction is told. Environments are warm by then.

    Raises:
        TimeoutError: A job did not end in time.
    """
    with (
        tempfile.TemporaryDirectory(prefix="simulation-") as state,
        LocalCloud(Options(state=Path(state))) as cloud,
    ):
        clients = Clients(cloud, POLL_SECONDS)
        clients.meet(_WARMING)
        learned = _learned([clients.meet([Arrival(0, LONE_SECONDS)]) for _ in range(LONE_JOBS)])
        for name, load in (("steady", steady(100, 0.5, _sleep)), ("burst", burst(24, _sleep))):
            measured = clients.meet(load)
            yield name, play(measured.asked, learned), measured.outcome, measured.polls, POLL_SECONDS


def _sleep(chance: random.Random) -> float:
    """Draw how long a tool sleeps, in hundredths of a second."""
    return round(chance.uniform(1.0, 6.0), 2)


def _learned(alone: Sequence[Measured]) -> Cloud:
    """Return the local cloud as jobs see it that have it for themselves."""
    worked = [each.outcome.worked[0] for each in alone]
    at_once = min(MOST_ENVIRONMENTS, Deployed.read().concurrency)
    return Cloud(
        concurrency=at_once,
        first=at_once,
        more_per_minute=0,
        delivery_seconds=fmean(each.wait for each in worked),
        overhead_seconds=fmean(each.busy for each in worked) - LONE_SECONDS,
        cold_seconds=0,
    )
