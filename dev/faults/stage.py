"""A stage with a clock of its own, on which one actor acts at a time.

Every actor is a thread, so that real, blocking code can be one; but only one ever runs, and the clock goes on
only when all wait. So an hour takes as long as what happens in it, and the same seed plays the same piece.
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


class Crash(BaseException):
    """The process of an actor is gone: nothing it had begun is ended, nothing is cleaned up."""


class _Over(BaseException):
    """The piece is over."""


@dataclass(eq=False)
class Actor:
    """One process on the stage.

    Attributes:
        role: What it is: "api", "worker", "reaper", "dead letters" or "expiry".
        ends_at: When its platform kills it, in milliseconds; None for never.
        job_id: The job that it created or works on.
        point: The call to AWS that it is in.
        resend: Whether the answer of this call is lost below the client library, which sends it again.
        resent: Whether this has happened.
        made: Outputs that it has made, by name.
    """

    role: str
    ends_at: int | None = None
    job_id: str = ""
    point: str = ""
    resend: bool = False
    resent: bool = False
    made: dict[str, bytes] = field(default_factory=dict)
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Stage:
    """Actors and their clock.

    Attributes:
        now: Milliseconds since 1970-01-01 UTC.
        current: Whose turn it is; None for the audience's.
    """

    def __init__(self) -> None:
        self.now = START
        self.current: Actor | None = None
        self._waiting: list[tuple[int, int, Actor]] = []
        self._number = itertools.count()
        self._audience = threading.Semaphore(0)
        self._over = False
        self._problem: BaseException | None = None

    def enter(
        self, role: str, play: Callable[[], None], after_ms: int = 0, lives_ms: int | None = None
    ) -> None:
        """Let an actor begin after some time, and be killed some time later."""
        begins = self.now + after_ms
        actor = Actor(role, None if lives_ms is None else begins + lives_ms)
        threading.Thread(target=self._perform, args=(actor, play), daemon=True).start()
        self._wait_until(begins, actor)

    def every(self, role: str, milliseconds: int, play: Callable[[], None]) -> None:
        """Let an actor do the same again and again; each time it is a new process."""
        self.enter(role, partial(self._again, role, milliseconds, play), after_ms=milliseconds)

    def _again(self, role: str, milliseconds: int, play: Callable[[], None]) -> None:
        self.every(role, milliseconds, play)
        play()

    def sleep(self, milliseconds: int) -> None:
        """Wait; whoever is not on the stage does not.

        Raises:
            Crash: The actor's time is over.
        """
        actor = self.current
        if actor is None:
            return
        wakes = self.now + max(milliseconds, 0)
        self._wait_until(wakes if actor.ends_at is None else min(wakes, actor.ends_at), actor)
        self._audience.release()
        actor.turn.acquire()
        if self._over:
            raise _Over
        if actor.ends_at is not None and self.now >= actor.ends_at:
            raise Crash("timed out")

    def run(self, until: int, done: Callable[[], bool]) -> None:
        """Let everybody act until a time, or until nothing is left to be seen."""
        while self._waiting and self._waiting[0][0] <= until and not done():
            self.now, _, self.current = heapq.heappop(self._waiting)
            self._let_act(self.current)
        self.current = None

    def close(self) -> None:
        """Send everybody home."""
        self._over = True
        while self._waiting:
            self.current = heapq.heappop(self._waiting)[2]
            self._let_act(self.current)
        self.current = None

    def _wait_until(self, when: int, actor: Actor) -> None:
        heapq.heappush(self._waiting, (when, next(self._number), actor))

    def _let_act(self, actor: Actor) -> None:
        actor.turn.release()
        self._audience.acquire()
        if self._problem is not None:
            raise self._problem

    def _perform(self, actor: Actor, play: Callable[[], None]) -> None:
        actor.turn.acquire()
        try:
            with suppress(Crash, _Over):  # the process is gone: that is all that there is to it
                if not self._over:
                    play()
        except BaseException as problem:
            self._problem = problem
        self._audience.release()


class StageClock:
    """The stage's clock as one role sees it: `ports.Clock`.

    Args:
        stage: The stage.
        skew: Returns by how many milliseconds this role's clock is ahead.
    """

    def __init__(self, stage: Stage, skew: Callable[[], int] = lambda: 0) -> None:
        self._stage = stage
        self._skew = skew

    def now(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        return self._stage.now + self._skew()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._stage.sleep(round(seconds * 1000))
