"""The play itself: jobs, a queue, pollers and environments as processes in virtual time."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from dev.simulation.cloud import Cloud
from dev.simulation.load import Arrival
from dev.simulation.outcome import Outcome, Worked

Process = Generator[simpy.Event, Any, None]


def play(arrivals: Sequence[Arrival], cloud: Cloud, until: float | None = None) -> Outcome:
    """Return what becomes of a load.

    Left out: lost messages and workers, retries, the reaper, and calls that a store throttles. Pollers only
    grow in number; AWS takes some away again when there is less to do.

    Args:
        arrivals: The jobs, earliest first.
        cloud: Who works on them.
        until: When to look, in seconds; None plays on until every job has ended.
    """
    return _Play(arrivals, cloud).run(until)


class _Play:
    def __init__(self, arrivals: Sequence[Arrival], cloud: Cloud) -> None:
        self._arrivals = arrivals
        self._cloud = cloud
        self._time = simpy.Environment()
        self._queue = simpy.Store(self._time)
        self._worked: list[Worked] = []
        self._idle: list[float] = []  # since when, the latest last
        self._over = self._time.event()

    def run(self, until: float | None) -> Outcome:
        self._time.process(self._arrive())
        self._time.process(self._grow())
        if self._arrivals:
            self._time.run(self._over if until is None else until)
        return Outcome(tuple(self._arrivals), tuple(self._worked), self._time.now)

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
            while not self._queue.items and len(self._worked) < len(self._arrivals):
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
            self._worked.append(Worked(number, arrival.at, began, began + start, self._time.now, cold))
            if len(self._worked) == len(self._arrivals):
                self._over.succeed()

    def _starts_cold(self) -> bool:
        """Take the environment that was used last, as its caches are the warmest; the others age."""
        if self._idle and self._time.now - self._idle.pop() <= self._cloud.keep_seconds:
            return False
        self._idle.clear()
        return True
