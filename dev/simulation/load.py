"""Loads: the arrivals of jobs, and the durations of their tools."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

Draw = Callable[[random.Random], float]


class Arrival(NamedTuple):
    """The arrival of a job.

    Attributes:
        at: Seconds from the start to its submit.
        seconds: Seconds that its tool takes.
    """

    at: float
    seconds: float


def lognormal(mean: float, variation: float = 1.0) -> Draw:
    """Return run times with many short and few long ones.

    Args:
        mean: Their mean in seconds.
        variation: Their standard deviation, as a multiple of the mean.
    """
    spread = math.log(1 + variation**2)  # moments of the lognormal distribution
    return lambda chance: chance.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))


def exponential(mean: float) -> Draw:
    """Return run times without memory, of this mean in seconds."""
    return lambda chance: chance.expovariate(1 / mean)


def steady(per_minute: float, minutes: float, seconds: Draw, seed: int = 1) -> Sequence[Arrival]:
    """Return jobs that come independently of each other: a Poisson process.

    Args:
        per_minute: Mean number of jobs in a minute.
        minutes: Minutes in which they come.
        seconds: Draws the seconds that a tool takes.
        seed: The seed of all chance.
    """
    chance = random.Random(seed)
    arrivals: list[Arrival] = []
    at = chance.expovariate(per_minute / 60)
    while at < minutes * 60:
        arrivals.append(Arrival(at, seconds(chance)))
        at += chance.expovariate(per_minute / 60)
    return arrivals


def burst(jobs: int, seconds: Draw, seed: int = 1) -> Sequence[Arrival]:
    """Return jobs that all come at once."""
    chance = random.Random(seed)
    return [Arrival(0.0, seconds(chance)) for _ in range(jobs)]
