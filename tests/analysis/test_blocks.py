"""Blocks of rows: each row once and in order, smaller where they take long, and progress before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpserverless.analysis.blocks import BLOCK, split_rows


class Steps:
    """A watch that keeps the shares that are done."""

    def __init__(self) -> None:
        self.percents: list[int | None] = []

    def progress(self, text: str, percent: int | None = None) -> None:
        self.percents.append(percent)

    def info(self, text: str) -> None:
        raise AssertionError(text)

    def warn(self, text: str) -> None:
        raise AssertionError(text)


def count_rows(count: int, seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], Steps]:
    """Return the sizes of blocks of which each row takes so many seconds of a clock that we set."""
    now = 0.0
    monkeypatch.setattr("gpserverless.analysis.blocks.time.monotonic", lambda: now)

    def work() -> Iterator[int]:
        nonlocal now
        done = 0
        for rows in split_rows(count, steps, "Working"):
            assert rows.start == done
            done = rows.stop
            now += seconds * (rows.stop - rows.start)
            yield rows.stop - rows.start
        assert done == count

    steps = Steps()
    return list(work()), steps


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001, 50_000, 123_457])
@pytest.mark.parametrize("seconds", [0.0, 1e-6, 1e-4, 0.01, 3.0])
def test_every_row_comes_once(count: int, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, steps = count_rows(min(count, 5_000) if seconds > 1e-3 else count, seconds, monkeypatch)
    assert len(steps.percents) == len(sizes)
    assert max(sizes, default=0) <= BLOCK


def test_quick_rows_come_in_large_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, _ = count_rows(1_000_000, 1e-6, monkeypatch)
    assert sizes[0] == 1_000
    assert sizes[10] == BLOCK


def test_slow_rows_come_in_blocks_of_less_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, _ = count_rows(10_000, 0.002, monkeypatch)
    assert max(sizes[1:]) * 0.002 < 1
