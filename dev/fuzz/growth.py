"""The growth of a reader's time with the length of its text.

Times are those of the processor, and are compared with each other, so that a busy machine changes nothing:
four times the text may take nine times as long, where a quadratic reader takes sixteen times. A floor takes
the noise of the clock away. Short texts come first, so that an exponential reader ends the comparison and not
the day.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

LENGTHS = (1_000, 4_000, 16_000)
"""Characters of the texts that are compared, each four times as long as the one before."""

FIRST = (*range(16, 64, 4), 64, 80, 96, 128, 192, 256)
"""Characters of the texts that are tried before."""

FLOOR = 0.02
"""Seconds of the processor that count as nothing."""

MOST = 9.0
"""Most times as long that four times the text may take."""


@dataclass(frozen=True)
class Shape:
    """A text that can be made of any length.

    Attributes:
        start: What comes first.
        unit: What repeats.
        end: What comes last.
    """

    start: str
    unit: str
    end: str = ""

    def of_length(self, characters: int) -> str:
        """Return the text.

        Args:
            characters: Length of what repeats.
        """
        return self.start + self.unit * max(characters // len(self.unit), 1) + self.end


def grows_faster(read: Callable[[str], object], shape: Shape) -> bool:
    """Return whether the time of a reader grows faster than its text.

    Args:
        read: Reads a text, and raises nothing.
        shape: The text.
    """
    if any(_measure(read, shape.of_length(characters)) > FLOOR for characters in FIRST):
        return True
    return any(
        (slow := _measure(read, shape.of_length(long))) > FLOOR
        and slow > MOST * _measure(read, shape.of_length(short))
        for short, long in pairwise(LENGTHS)
    )


def _measure(read: Callable[[str], object], text: str) -> float:
    """Return the least seconds of the processor that a text takes, in three tries."""
    times = []
    with _without_garbage_collection():
        for _ in range(3):
            start = time.process_time()
            read(text)
            times.append(time.process_time() - start)
            if not FLOOR < times[-1] < 5 * FLOOR:  # more is no noise
                break
    return min(times)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Keep the collector out of the block: it walks everything that the process holds, at any moment."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
