"""The outcome of a load: waits, concurrency, and the number of polls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from dev.simulation.load import Arrival


class FinishedJob(NamedTuple):
    """A job that has ended; times are seconds from the start.

    Attributes:
        number: Its index among the arrivals.
        at: Time of its submit.
        began: Time of the function's invocation.
        claimed: Time of its claim, when the function had started.
        ended: Time of its outcome.
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
        finished: The jobs that have ended.
        seconds: Seconds from the start.
    """

    arrivals: Sequence[Arrival]
    finished: Sequence[FinishedJob]
    seconds: float

    @property
    def arrived(self) -> int:
        """Number of jobs that have come."""
        return sum(arrival.at <= self.seconds for arrival in self.arrivals)

    @property
    def unfinished(self) -> int:
        """Number of jobs that have come and not ended."""
        return self.arrived - len(self.finished)

    def wait(self, percent: float) -> float:
        """Return a percentile of the wait of the jobs that ended, in seconds."""
        return percentile([each.wait for each in self.finished], percent)

    @property
    def concurrency(self) -> float:
        """Mean number of ended jobs that ran at once."""
        return sum(each.busy for each in self.finished) / self.seconds

    @property
    def peak(self) -> int:
        """Most ended jobs that ran at once."""
        return find_peak((each.began, each.ended) for each in self.finished)

    def polls(self, every: float) -> int:
        """Return the number of polls of clients that poll at once and then regularly until the end.

        Args:
            every: Seconds between two polls of one client.
        """
        ends = {each.number: each.ended for each in self.finished}
        seen = ((job.at, ends.get(number, self.seconds)) for number, job in enumerate(self.arrivals))
        return sum(1 + ceil((end - at) / every) for at, end in seen if at <= self.seconds)


def percentile(values: Iterable[float], percent: float) -> float:
    """Return a percentile of some values; 0 if there are none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def find_peak(spans: Iterable[tuple[float, float]]) -> int:
    """Return the most spans that overlap; one that ends makes room for one that begins."""
    changes = sorted(change for begin, end in spans for change in ((begin, 1), (end, -1)))
    return max(accumulate(change for _, change in changes), default=0)
