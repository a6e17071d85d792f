"""The loads of the documentation, with the settings that it advises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dev.simulation.cost import MONTH_MINUTES, Demand, UsagePattern, estimate_demand
from dev.simulation.load import Arrival, Draw, burst, lognormal, steady
from dev.simulation.outcome import Outcome
from dev.simulation.scaling import QueueScaling, TemplateSettings
from dev.simulation.simulate import simulate

LONG = lognormal(5.0)
SHORT = lognormal(0.2)
MOST_JOBS = 60_000
"""Of larger loads a part is simulated, on the same part of the workers."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One load with one scaling.

    Attributes:
        name: Its name in the table.
        cloud: The scaling of the workers.
        per_minute: Jobs in a minute; 0 for a burst.
        minutes: Minutes in which they come.
        jobs: Jobs of a burst.
        seconds: Draws the seconds that a tool takes.
    """

    name: str
    cloud: QueueScaling
    per_minute: float = 0
    minutes: float = 15
    jobs: int = 0
    seconds: Draw = field(default=LONG)

    def simulate(self, seed: int = 1) -> SimulatedLevel:
        """Simulate the load to the end of its minutes, or of its burst."""
        if self.jobs:
            return SimulatedLevel(self, 1, simulate(burst(self.jobs, self.seconds, seed), self.cloud))
        part = min(1.0, MOST_JOBS / (self.per_minute * self.minutes))
        arrivals: Sequence[Arrival] = steady(self.per_minute * part, self.minutes, self.seconds, seed)
        return SimulatedLevel(self, part, simulate(arrivals, self.cloud.scale(part), self.minutes * 60))


@dataclass(frozen=True)
class SimulatedLevel:
    """A level and the outcome of the part of it that was simulated."""

    level: Level
    part: float
    outcome: Outcome

    def estimate_demand(self, settings: TemplateSettings, pattern: UsagePattern) -> Demand:
        """Estimate the demand of the whole level."""
        part = estimate_demand(self.outcome, settings, pattern)
        rates = {
            name: getattr(part, name) / self.part
            for name in ("requests", "front", "reads", "writes", "index_writes")
        }
        return replace(part, **rates)


def levels(settings: TemplateSettings) -> Iterator[Level]:
    """Yield the levels: 10, 1,000 and 100,000 jobs a minute, and a burst of 300."""
    now = QueueScaling(concurrency=settings.concurrency)
    as_is = f"as deployed ({settings.concurrency})"
    # Provisioned pollers: 10 invocations each, 1,000 more in a minute; 500 of them are always there.
    provisioned = QueueScaling(concurrency=12_000, first=5_000, more_per_minute=1_000)
    yield Level(name=f"10/min, {as_is}", cloud=now, per_minute=10, minutes=120)
    yield Level(name=f"1,000/min, {as_is}", cloud=now, per_minute=1_000)
    yield Level(
        name="1,000/min, MaximumConcurrency 150", cloud=QueueScaling(concurrency=150), per_minute=1_000
    )
    yield Level(
        name="100,000/min, MaximumConcurrency 1000", cloud=QueueScaling(concurrency=1_000), per_minute=100_000
    )
    yield Level(
        name="100,000/min of 0.2 s, the same",
        cloud=QueueScaling(concurrency=1_000),
        per_minute=100_000,
        seconds=SHORT,
    )
    yield Level(name="100,000/min, provisioned pollers", cloud=provisioned, per_minute=100_000)
    yield Level(name=f"burst of 300, {as_is}", cloud=now, jobs=300)
    yield Level(name="burst of 300, MaximumConcurrency 300", cloud=QueueScaling(concurrency=300), jobs=300)
    ready = QueueScaling(concurrency=300, first=300, more_per_minute=1_000)
    yield Level(name="burst of 300, 30 provisioned pollers", cloud=ready, jobs=300)


def dollars_a_month(level: Level, demand: Demand) -> int:
    """Return the dollars of a month; of a burst, if there is one every hour."""
    per_minute = level.per_minute or level.jobs / 60
    return round(demand.job_dollars * MONTH_MINUTES * round(per_minute))
