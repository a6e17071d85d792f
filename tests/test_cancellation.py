"""Waiting that can be ended: what comes back, what comes through, and what is left to itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import Cancelled, StorageError

PATIENT = Deadline(lambda: None)


def test_work_returns_what_it_returns() -> None:
    assert PATIENT.wait_for(lambda check_cancelled: "done") == "done"


@pytest.mark.parametrize("problem", [StorageError("x"), TimeoutError("x"), Cancelled("x"), SystemExit(1)])
def test_what_work_raises_is_raised_where_it_is_waited_for(problem: BaseException) -> None:
    def work(check_cancelled: CheckCancelled) -> None:
        raise problem

    with pytest.raises(type(problem)) as caught:
        PATIENT.wait_for(work)
    assert caught.value is problem


def test_work_that_nobody_waits_for_ends_at_its_next_look() -> None:
    stuck, freed, ended = threading.Event(), threading.Event(), threading.Event()

    def work(check_cancelled: CheckCancelled) -> None:
        stuck.set()
        freed.wait(10)
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
    assert ended.wait(5)


ENDLESS: list[Callable[[Deadline], object]] = [
    lambda patience: patience.pause(10),
    lambda patience: patience.wait_for(lambda check_cancelled: threading.Event().wait(10)),
]


@pytest.mark.parametrize("waiting", ENDLESS)
def test_waiting_ends_when_the_time_is_over(waiting: Callable[[Deadline], object]) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        waiting(PATIENT.at_most(100).at_most(0.05).at_most(100))
    assert time.monotonic() - began < 1


def test_a_short_pause_is_not_cut() -> None:
    began = time.monotonic()
    PATIENT.at_most(10).pause(0.05)
    assert time.monotonic() - began >= 0.05
