"""Blocks of rows: the memory of a step stays that of one block, and progress is told after each."""

from __future__ import annotations

from collections.abc import Iterator

from gpserverless.analysis.watch import Watch

BLOCK = 20_000
"""Rows of a block: the first touch of memory is dear, and so is a call for few rows."""


def split_rows(count: int, watch: Watch, text: str, size: int = BLOCK) -> Iterator[slice]:
    """Yield the blocks of rows in order, and tell the share that is done before each.

    Args:
        count: Number of rows.
        watch: Takes the progress.
        text: The text of the progress bar.
        size: Most rows of a block.
    """
    for start in range(0, count, size):
        watch.progress(text, 100 * start // count)
        yield slice(start, min(start + size, count))
