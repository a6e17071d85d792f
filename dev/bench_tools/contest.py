"""One operation done three ways, and the processor time of each."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Work = Callable[[], object]

WAYS = ("ours", "bare", "geopandas")
"""Our engine; shapely, numpy and pyproj with the least that gives the shapes; geopandas doing the same."""

_ENOUGH = 0.8
"""Processor seconds of one way after which it is not repeated."""
_ROUNDS = 5
_SMALL = 10_000
"""Most features of which every way is measured."""
_LONGEST = 3.0
"""Processor seconds that another way may need for more, by its rate with fewer; else it is left out."""


@dataclass(frozen=True)
class Contest:
    """The same work in several ways on the same data.

    Attributes:
        works: The works by name of the way.
        count: Number of things that are worked on: features, or coordinates.
    """

    works: Mapping[str, Work]
    count: int


@dataclass(frozen=True)
class Row:
    """An operation.

    Attributes:
        name: Its name.
        prepare: Makes the contest of a number of features.
        target: Things per processor second that are asked of us with 10,000 features, if any are.
        note: A remark for the reader.
    """

    name: str
    prepare: Callable[[int], Contest]
    target: float | None = None
    note: str = ""


class Quiet:
    """A watch that nobody reads."""

    def progress(self, text: str, percent: int | None = None) -> None:
        """Drop the progress."""

    def info(self, text: str) -> None:
        """Drop the message."""

    def warn(self, text: str) -> None:
        """Drop the warning."""


QUIET = Quiet()


def measure(row: Row, sizes: tuple[int, ...]) -> dict[int, dict[str, float]]:
    """Return things per processor second, by size and way.

    Another way than ours that would take long, as a smaller size shows, is left out.

    Args:
        row: The operation.
        sizes: Numbers of features, ascending.
    """
    rates: dict[int, dict[str, float]] = {}
    rate: dict[str, float] = {}
    for size in sizes:
        contest = row.prepare(size)
        works = {
            way: work
            for way, work in contest.works.items()
            if way == "ours" or size <= _SMALL or contest.count / rate.get(way, contest.count) < _LONGEST
        }
        seconds = _time(works)
        rates[size] = {way: contest.count / taken for way, taken in seconds.items()}
        rate |= rates[size]
    return rates


def _time(works: Mapping[str, Work]) -> dict[str, float]:
    """Return the least processor seconds of each work; the works take turns."""
    best = dict.fromkeys(works, float("inf"))
    spent = dict.fromkeys(works, 0.0)
    for _ in range(_ROUNDS):
        for way, work in works.items():
            if spent[way] < _ENOUGH:
                gc.collect()
                began = time.process_time()
                work()
                taken = time.process_time() - began
                best[way] = min(best[way], taken)
                spent[way] += taken
    return best
