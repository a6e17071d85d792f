"""The growth of a reader's time with the length of its text.

Times are those of the processor, and are compared with each other, so that a busy machine changes nothing:
four times the text may take nine times as long, where a quadratic reader takes sixteen times. A floor takes
the noise of the clock away. Short texts come first, so that an exponential reader ends the comparison and
not the day.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

FIRST = (16, 20, 24, 28, 32, 40, 48, 64, 100, 160, 256)
"""Characters of the texts that are tried first."""

LENGTHS = (500, 2_000, 8_000)
"""Characters of the texts that are compared, each four times as long as the one before."""

LONG_LENGTHS = (*LENGTHS, 32_000, 128_000)
"""The same, up to lengths at which even a quadratic search for one character shows."""

FLOOR = 0.01
"""Seconds of the processor that count as nothing."""

MOST = 9.0
"""Most times as long that four times the text may take."""


@dataclass(frozen=True)
class HostileText:
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


def grows_faster(read: Callable[[str], object], text: HostileText, lengths: Sequence[int] = LENGTHS) -> bool:
    """Return whether the time of a reader grows faster than its text.

    Args:
        read: Reads a text, and raises nothing.
        text: The text.
        lengths: Characters of the texts that are compared.
    """
    if any(_measure(read, text.of_length(characters)) > FLOOR for characters in FIRST):
        return True
    # Twice, so that a machine that is busy with something else for a moment changes nothing.
    return any(all(_is_steep(read, text, pair) for _ in range(2)) for pair in pairwise(lengths))


def _is_steep(read: Callable[[str], object], text: HostileText, lengths: tuple[int, int]) -> bool:
    short, long = lengths
    slow = _measure(read, text.of_length(long))
    return slow > FLOOR and slow > MOST * _measure(read, text.of_length(short))


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
