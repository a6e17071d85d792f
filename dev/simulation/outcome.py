"""What became of a load: waits, how much ran at once, and what clients asked meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from dev.simulation.load import Arrival


class Worked(NamedTuple):
    """A job that has ended; times are seconds from the start.

    Attributes:
        number: Its place among the arrivals.
        at: When it was submitted.
        began: When a function was invoked for it.
        claimed: When the function had started and took it.
        ended: When its outcome was written.
        cold: Whether the function had to start.
    """

    number: int
    at: float
    began: float
    claimed: float
    ended: float
    cold: bool

    @property
    def wait(self) -> float:
        """Seconds until a worker had it."""
        return self.claimed - self.at

    @property
    def busy(self) -> float:
        """Seconds for which it held an environment."""
        return self.ended - self.began


@dataclass(frozen=True)
class Outcome:
    """A load after some time.

    Attributes:
        arrivals: All jobs, including those that come later.
        worked: Those that have ended.
        seconds: How much time has passed.
    """

    arrivals: Sequence[Arrival]
    worked: Sequence[Worked]
    seconds: float

    @property
    def arrived(self) -> int:
        """How many jobs have come."""
        return sum(arrival.at <= self.seconds for arrival in self.arrivals)

    @property
    def left(self) -> int:
        """How many of them have not ended."""
        return self.arrived - len(self.worked)

    def wait(self, percent: float) -> float:
        """Return the wait in seconds that so many percent of the jobs that ended did not exceed."""
        return percentile([each.wait for each in self.worked], percent)

    @property
    def concurrency(self) -> float:
        """How many of the jobs that ended ran at once, on average."""
        return sum(each.busy for each in self.worked) / self.seconds

    @property
    def peak(self) -> int:
        """How many of them ran at once at most."""
        return most_at_once((each.began, each.ended) for each in self.worked)

    def polls(self, every: float) -> int:
        """Return how often clients have asked who ask at once, and then again and again until the end."""
        ends = {each.number: each.ended for each in self.worked}
        seen = ((job.at, ends.get(number, self.seconds)) for number, job in enumerate(self.arrivals))
        return sum(1 + ceil((end - at) / every) for at, end in seen if at <= self.seconds)


def percentile(values: Iterable[float], percent: float) -> float:
    """Return the value that so many percent do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """Return how many spans of time overlap at most; one that ends makes room for one that begins."""
    changes = sorted(change for begin, end in spans for change in ((begin, 1), (end, -1)))
    return max(accumulate(change for _, change in changes), default=0)
