"""Waiting that can be cancelled: each wait is cut into slices, with a check after each."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TypeVar

CHECK_SECONDS = 0.2
"""How often a wait checks whether it was cancelled."""

T = TypeVar("T")

CheckCancelled = Callable[[], None]
"""Called several times a second; its exception ends the work."""


@dataclass(frozen=True)
class Deadline:
    """The end of a wait: a time, or a cancel.

    Attributes:
        check_cancelled: Called at every check; its exception ends the wait.
        until: End of the wait, on the monotonic clock.
    """

    check_cancelled: CheckCancelled
    until: float = math.inf

    def at_most(self, seconds: float) -> Deadline:
        """Return a deadline that is at most some seconds from now.

        Args:
            seconds: Seconds from now.
        """
        return replace(self, until=min(self.until, time.monotonic() + seconds))

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.until

    def check(self) -> None:
        """Raise if the wait must end.

        Raises:
            TimeoutError: The time is over.
        """
        self.check_cancelled()
        if self.is_over:
            raise TimeoutError("waited for long enough")

    def pause(self, seconds: float) -> None:
        """Wait for some seconds.

        Args:
            seconds: Seconds to wait; the deadline may cut them short.

        Raises:
            TimeoutError: The time is over.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, CHECK_SECONDS))

    def wait_for(self, work: Callable[[CheckCancelled], T]) -> T:
        """Return the result of work that cannot be interrupted, such as a call of a library.

        The work is done in a thread. When the wait ends early, the work is abandoned: it ends at its own next
        check, and its result is dropped.

        Args:
            work: Takes a function that it has to call several times a second, and returns the result.

        Raises:
            TimeoutError: The time is over.
        """
        self.check()
        done: Future[T] = Future()
        abandoned = threading.Event()
        context = copy_context()  # of log lines
        threading.Thread(target=context.run, args=(_work, work, done, abandoned), daemon=True).start()
        try:
            while not done.done():
                self.check()
                wait((done,), CHECK_SECONDS)
        except BaseException:
            abandoned.set()
            raise
        return done.result()


class _Abandoned(BaseException):
    """Ends work whose result nobody waits for."""


def _work(work: Callable[[CheckCancelled], T], done: Future[T], abandoned: threading.Event) -> None:
    def check_cancelled() -> None:
        if abandoned.is_set():
            raise _Abandoned

    try:
        done.set_result(work(check_cancelled))
    except BaseException as error:  # it is raised where the work is waited for
        done.set_exception(error)
