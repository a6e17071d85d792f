"""Waiting that can be ended: each wait is cut into slices, and after each comes a look whether to go on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TypeVar

LOOK_SECONDS = 0.2
"""How often somebody who waits looks whether to go on."""

T = TypeVar("T")

CheckCancelled = Callable[[], None]
"""Called now and then; what it raises ends what is being done."""


@dataclass(frozen=True)
class Deadline:
    """How long to wait.

    Attributes:
        check_cancelled: Asked at every look; what it raises ends the waiting.
        until: When to stop waiting, on the monotonic clock.
    """

    check_cancelled: CheckCancelled
    until: float = math.inf

    def at_most(self, seconds: float) -> Deadline:
        """Return a patience that also ends some seconds from now."""
        return replace(self, until=min(self.until, time.monotonic() + seconds))

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.until

    def look(self) -> None:
        """Return if there is reason to go on waiting.

        Raises:
            TimeoutError: The time is over.
        """
        self.check_cancelled()
        if self.is_over:
            raise TimeoutError("waited for long enough")

    def pause(self, seconds: float) -> None:
        """Wait for some seconds.

        Raises:
            TimeoutError: The time is over.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.look()
            time.sleep(min(left, LOOK_SECONDS))

    def wait_for(self, work: Callable[[CheckCancelled], T]) -> T:
        """Return what some work returns that cannot be interrupted, such as a call of a library.

        The work is done in a thread. When nobody waits for it any more it is left to itself: it ends at its
        own next look, and what becomes of it is of no interest.

        Args:
            work: Takes what it has to call now and then, and returns the result.

        Raises:
            TimeoutError: The time is over.
        """
        self.look()
        done: Future[T] = Future()
        left = threading.Event()
        context = copy_context()  # of log lines
        threading.Thread(target=context.run, args=(_do, work, done, left), daemon=True).start()
        try:
            while not done.done():
                self.look()
                wait((done,), LOOK_SECONDS)
        except BaseException:
            left.set()
            raise
        return done.result()


class _Left(BaseException):
    """Ends work that nobody waits for."""


def _do(work: Callable[[CheckCancelled], T], done: Future[T], left: threading.Event) -> None:
    def check_cancelled() -> None:
        if left.is_set():
            raise _Left

    try:
        done.set_result(work(check_cancelled))
    except BaseException as problem:  # it is raised where the work is waited for
        done.set_exception(problem)
