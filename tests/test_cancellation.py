"""Waiting that can be cancelled: its result, its errors, and the work that is abandoned."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import Cancelled, StorageError
from tests.patience import LONG, SOON

ENDLESS = Deadline(lambda: None)


def test_wait_returns_the_result_of_its_work() -> None:
    assert ENDLESS.wait_for(lambda check_cancelled: "done") == "done"


@pytest.mark.parametrize("problem", [StorageError("x"), TimeoutError("x"), Cancelled("x"), SystemExit(1)])
def test_wait_raises_the_error_of_its_work(problem: BaseException) -> None:
    def work(check_cancelled: CheckCancelled) -> None:
        raise problem

    with pytest.raises(type(problem)) as caught:
        ENDLESS.wait_for(work)
    assert caught.value is problem


def test_abandoned_work_ends_at_its_next_check() -> None:
    stuck, freed, ended = threading.Event(), threading.Event(), threading.Event()

    def work(check_cancelled: CheckCancelled) -> None:
        stuck.set()
        freed.wait(LONG)
        try:
            check_cancelled()
        finally:
            ended.set()

    def check() -> None:
        if stuck.is_set():
            raise Cancelled

    with pytest.raises(Cancelled):
        Deadline(check).wait_for(work)
    assert not ended.is_set()
    freed.set()
    assert ended.wait(SOON)


WAITS: list[Callable[[Deadline], object]] = [
    lambda deadline: deadline.pause(LONG),
    lambda deadline: deadline.wait_for(lambda check_cancelled: threading.Event().wait(LONG)),
]


@pytest.mark.parametrize("wait", WAITS)
def test_wait_ends_with_its_deadline(wait: Callable[[Deadline], object]) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        wait(ENDLESS.at_most(100).at_most(0.05).at_most(100))
    assert time.monotonic() - began < SOON


def test_pause_takes_its_time_before_a_later_deadline() -> None:
    began = time.monotonic()
    ENDLESS.at_most(10).pause(0.05)
    assert time.monotonic() - began >= 0.05
