"""The simulation: jobs, a queue, pollers and environments as processes in virtual time."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from dev.simulation.load import Arrival
from dev.simulation.outcome import FinishedJob, Outcome
from dev.simulation.scaling import QueueScaling

Process = Generator[simpy.Event, Any, None]


def simulate(arrivals: Sequence[Arrival], cloud: QueueScaling, until: float | None = None) -> Outcome:
    """Simulate a load, and return its outcome.

    Left out: lost messages and workers, retries, the reaper, and throttled calls of a store. The number of
    pollers only grows; AWS removes some again when there is less to do.

    Args:
        arrivals: The jobs, earliest first.
        cloud: The scaling of the workers.
        until: When to end, in seconds; None for the end of the last job.
    """
    return _Simulation(arrivals, cloud).run(until)


class _Simulation:
    def __init__(self, arrivals: Sequence[Arrival], cloud: QueueScaling) -> None:
        self._arrivals = arrivals
        self._cloud = cloud
        self._time = simpy.Environment()
        self._queue = simpy.Store(self._time)
        self._finished: list[FinishedJob] = []
        self._idle: list[float] = []  # the time since when, the latest last
        self._over = self._time.event()

    def run(self, until: float | None) -> Outcome:
        self._time.process(self._arrive())
        self._time.process(self._grow())
        if self._arrivals:
            self._time.run(self._over if until is None else until)
        return Outcome(tuple(self._arrivals), tuple(self._finished), self._time.now)

    def _arrive(self) -> Process:
        for number, arrival in enumerate(self._arrivals):
            there = arrival.at + self._cloud.delivery_seconds
            if there > self._time.now:
                yield self._time.timeout(there - self._time.now)
            self._queue.put((number, arrival))

    def _grow(self) -> Process:
        first = min(self._cloud.first, self._cloud.concurrency)
        for _ in range(first):
            self._time.process(self._poll())
        for _ in range(self._cloud.concurrency - first if self._cloud.more_per_minute else 0):
            yield self._time.timeout(60 / self._cloud.more_per_minute)
            while not self._queue.items and len(self._finished) < len(self._arrivals):
                yield self._time.timeout(1)  # pollers are added to a queue that has a backlog
            self._time.process(self._poll())

    def _poll(self) -> Process:
        while True:
            number, arrival = yield self._queue.get()
            began = self._time.now
            cold = self._starts_cold()
            start = self._cloud.cold_seconds if cold else 0.0
            yield self._time.timeout(start + self._cloud.overhead_seconds + arrival.seconds)
            self._idle.append(self._time.now)
            self._finished.append(FinishedJob(number, arrival.at, began, began + start, self._time.now, cold))
            if len(self._finished) == len(self._arrivals):
                self._over.succeed()

    def _starts_cold(self) -> bool:
        """Take the environment that was used last, as its caches are the warmest; the others age."""
        if self._idle and self._time.now - self._idle.pop() <= self._cloud.keep_seconds:
            return False
        self._idle.clear()
        return True
