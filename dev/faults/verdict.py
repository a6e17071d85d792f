"""The verdict on a run of the lab or of the soak."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles

from gpserverless.jobs.status import Status


@dataclass
class Verdict:
    """Counts of one or several runs.

    Attributes:
        submits: Requests to submit a job.
        fired: Faults that happened.
        runs: Runs of the tool that were started.
        answers: Submits by their answer: "accepted", "refused", or "" for none.
        finals: Jobs by final status.
        broken: Violations by promise.
        seconds: Seconds from the submit to the end, for each job.
    """

    submits: int = 0
    fired: int = 0
    runs: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    finals: Counter[Status] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __iadd__(self, other: Verdict) -> Verdict:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not +self.broken

    def percentile(self, percent: int) -> float:
        """Return the seconds within which a share of the jobs ended.

        Args:
            percent: The share, 1 to 99.
        """
        if len(self.seconds) < 2:
            return sum(self.seconds)
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1]
