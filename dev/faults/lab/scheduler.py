"""A scheduler with a virtual clock, which runs one process at a time.

Every process is a thread, so that real, blocking code can be one. Only one thread runs, and the clock goes on
only when all threads wait. So an hour takes as long as what happens in it, and the same seed gives the same
run.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

START = 1_700_000_000_000
"""When every run starts, in milliseconds since 1970-01-01 UTC."""


class Crash(BaseException):
    """The process is gone: it ends nothing that it began, and cleans nothing up."""


class _Closed(BaseException):
    """The scheduler has been closed."""


@dataclass(eq=False)
class Process:
    """One simulated process.

    Attributes:
        role: Its function: "api", "worker", "reaper", "dead letters", "poller" or "operator".
        ends_at: When its platform kills it, in milliseconds; None for never.
        job_id: The job that it created or works on.
        call: The call to AWS that it is in.
        resend: Whether the client library must repeat this call, because its answer is lost.
        resent: Whether the library has repeated it.
        made: The outputs that its tool has made, by name.
    """

    role: str
    ends_at: int | None = None
    job_id: str = ""
    call: str = ""
    resend: bool = False
    resent: bool = False
    made: dict[str, bytes] = field(default_factory=dict)
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Scheduler:
    """The processes and their clock.

    Attributes:
        now: Milliseconds since 1970-01-01 UTC.
        current: The process that runs; None outside `run`.
    """

    def __init__(self) -> None:
        self.now = START
        self.current: Process | None = None
        self._waiting: list[tuple[int, int, Process]] = []
        self._number = itertools.count()
        self._turn = threading.Semaphore(0)
        self._closed = False
        self._problem: BaseException | None = None

    def start(
        self, role: str, work: Callable[[], None], after_ms: int = 0, lives_ms: int | None = None
    ) -> None:
        """Start a process.

        Args:
            role: Its function.
            work: Its code.
            after_ms: Milliseconds until it starts.
            lives_ms: Milliseconds until its platform kills it; None for never.
        """
        begins = self.now + after_ms
        process = Process(role, None if lives_ms is None else begins + lives_ms)
        threading.Thread(target=self._perform, args=(process, work), daemon=True).start()
        self._wake(process, begins)

    def repeat(self, role: str, milliseconds: int, work: Callable[[], None]) -> None:
        """Start a new process for the same work again and again."""
        self.start(role, partial(self._repeat, role, milliseconds, work), after_ms=milliseconds)

    def _repeat(self, role: str, milliseconds: int, work: Callable[[], None]) -> None:
        self.repeat(role, milliseconds, work)
        work()

    def sleep(self, milliseconds: int) -> None:
        """Let the current process wait; outside a process time stands still.

        Raises:
            Crash: The platform has killed the process.
        """
        process = self.current
        if process is None:
            return
        wakes = self.now + max(milliseconds, 0)
        self._wake(process, wakes if process.ends_at is None else min(wakes, process.ends_at))
        self._turn.release()
        process.turn.acquire()
        if self._closed:
            raise _Closed
        if process.ends_at is not None and self.now >= process.ends_at:
            raise Crash("timed out")

    def run(self, until: int, done: Callable[[], bool]) -> None:
        """Run the processes until a time in milliseconds, or until `done`."""
        while self._waiting and self._waiting[0][0] <= until and not done():
            self.now, _, self.current = heapq.heappop(self._waiting)
            self._give_turn(self.current)
        self.current = None

    def close(self) -> None:
        """End every process."""
        self._closed = True
        while self._waiting:
            self.current = heapq.heappop(self._waiting)[2]
            self._give_turn(self.current)
        self.current = None

    def _wake(self, process: Process, when: int) -> None:
        heapq.heappush(self._waiting, (when, next(self._number), process))

    def _give_turn(self, process: Process) -> None:
        process.turn.release()
        self._turn.acquire()
        if self._problem is not None:
            raise self._problem

    def _perform(self, process: Process, work: Callable[[], None]) -> None:
        process.turn.acquire()
        try:
            with suppress(Crash, _Closed):  # the process is gone, and nothing else follows
                if not self._closed:
                    work()
        except BaseException as problem:
            self._problem = problem
        self._turn.release()


class SchedulerClock:
    """The virtual clock as one function reads it: `clock.Clock`.

    Args:
        scheduler: The scheduler.
        skew: Returns by how many milliseconds this function's clock is ahead.
    """

    def __init__(self, scheduler: Scheduler, skew: Callable[[], int] = lambda: 0) -> None:
        self._scheduler = scheduler
        self._skew = skew

    def now(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        return self._scheduler.now + self._skew()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._scheduler.sleep(round(seconds * 1000))
