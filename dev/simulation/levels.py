"""The loads that the documentation speaks of, on the settings it advises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dev.simulation.cloud import Cloud, Deployed
from dev.simulation.cost import MONTH_MINUTES, Asked, Habits, asked
from dev.simulation.load import Arrival, Draw, burst, lognormal, steady
from dev.simulation.outcome import Outcome
from dev.simulation.play import play

LONG = lognormal(5.0)
SHORT = lognormal(0.2)
MOST_JOBS = 60_000
"""Larger loads are played as a part of themselves, on the same part of the cloud."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One load on one cloud.

    Attributes:
        name: What it is called.
        cloud: What works on it.
        per_minute: Jobs in a minute; 0 for a burst.
        minutes: For how long they come.
        jobs: Jobs of a burst.
        seconds: How long tools take.
    """

    name: str
    cloud: Cloud
    per_minute: float = 0
    minutes: float = 15
    jobs: int = 0
    seconds: Draw = field(default=LONG)

    def play(self, seed: int = 1) -> Played:
        """Play it to the end of its minutes, or of its burst."""
        if self.jobs:
            return Played(self, 1, play(burst(self.jobs, self.seconds, seed), self.cloud))
        part = min(1.0, MOST_JOBS / (self.per_minute * self.minutes))
        arrivals: Sequence[Arrival] = steady(self.per_minute * part, self.minutes, self.seconds, seed)
        return Played(self, part, play(arrivals, self.cloud.shrunk(part), self.minutes * 60))


@dataclass(frozen=True)
class Played:
    """A level with its outcome, which is that of a part of it."""

    level: Level
    part: float
    outcome: Outcome

    def asked(self, deployed: Deployed, habits: Habits) -> Asked:
        """Return what the whole of it asks for."""
        part = asked(self.outcome, deployed, habits)
        rates = {
            name: getattr(part, name) / self.part
            for name in ("requests", "front", "reads", "writes", "index_writes")
        }
        return replace(part, **rates)


def levels(deployed: Deployed) -> Iterator[Level]:
    """Yield the levels: 10, 1,000 and 100,000 jobs a minute, and a burst of 300."""
    now = Cloud(concurrency=deployed.concurrency)
    as_is = f"as deployed ({deployed.concurrency})"
    # Provisioned pollers: 10 invocations each, 1,000 more in a minute; 500 of them are always there.
    provisioned = Cloud(concurrency=12_000, first=5_000, more_per_minute=1_000)
    yield Level(name=f"10/min, {as_is}", cloud=now, per_minute=10, minutes=120)
    yield Level(name=f"1,000/min, {as_is}", cloud=now, per_minute=1_000)
    yield Level(name="1,000/min, MaximumConcurrency 150", cloud=Cloud(concurrency=150), per_minute=1_000)
    yield Level(
        name="100,000/min, MaximumConcurrency 1000", cloud=Cloud(concurrency=1_000), per_minute=100_000
    )
    yield Level(
        name="100,000/min of 0.2 s, the same",
        cloud=Cloud(concurrency=1_000),
        per_minute=100_000,
        seconds=SHORT,
    )
    yield Level(name="100,000/min, provisioned pollers", cloud=provisioned, per_minute=100_000)
    yield Level(name=f"burst of 300, {as_is}", cloud=now, jobs=300)
    yield Level(name="burst of 300, MaximumConcurrency 300", cloud=Cloud(concurrency=300), jobs=300)
    ready = Cloud(concurrency=300, first=300, more_per_minute=1_000)
    yield Level(name="burst of 300, 30 provisioned pollers", cloud=ready, jobs=300)


def month(level: Level, asked: Asked) -> int:
    """Return what a level costs in a month, in dollars; of a burst, if there is one every hour."""
    per_minute = level.per_minute or level.jobs / 60
    return round(asked.job_dollars * MONTH_MINUTES * round(per_minute))
