"""Clocks, and works that run in turns, so that a busy machine slows all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

LARGE = 100_000
"""The largest size that is measured unless larger ones are asked for."""

Work = Callable[[], object]


@dataclass(frozen=True)
class Effort:
    """How much time to take: all of it, or just enough for a number in each line; and the largest sizes."""

    quick: bool = False
    large: bool = False

    def rounds(self, full: int, quick: int = 2) -> int:
        """Return how often to repeat something."""
        return quick if self.quick else full

    def sizes(self, *sizes: int) -> tuple[int, ...]:
        """Return the sizes to measure: when quick, those up to 1,000; up to 100,000 unless asked for more."""
        most = 1_000 if self.quick else LARGE
        return tuple(size for size in sizes if self.large or size <= most)


def in_turns(
    works: Sequence[Work], rounds: int, clock: Callable[[], float] = time.perf_counter, *, warm_up: int = 1
) -> list[list[float]]:
    """Return the seconds that each work took in each round.

    Args:
        works: The works, one after the other.
        rounds: How often.
        clock: Wall time, or `time.process_time` for works that are all processor.
        warm_up: Rounds before those that count.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(warm_up + rounds):
        for work, taken in zip(works, seconds, strict=True):
            began = clock()
            work()
            taken.append(clock() - began)
    return [taken[warm_up:] for taken in seconds]


def ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of pairs that ran one after the other."""
    return median(our / other for our, other in zip(ours, others, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share, 0 to 1, of all values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Turn the collector of cycles off, as the best way and `perform` do."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
