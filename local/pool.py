"""The pool of a function's execution environments."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path

from local.environment import ExecutionEnvironment, FunctionFailed
from local.functions import Function

CORES = os.cpu_count() or 1
MOST_ENVIRONMENTS = max(8, CORES)
GROW_AFTER_SECONDS = 0.5

_STOPPED = b'{"errorType": "Sandbox.Stopped", "errorMessage": "The local cloud has stopped"}'

Report = Callable[[Function, FunctionFailed], None]


class Pool:
    """Runs invocations of one function, each in an environment that does nothing else meanwhile.

    Up to one environment a core is started at once when none is free; beyond that only when all
    have been busy for a moment, because more processes than cores make short invocations slower.

    Args:
        function: The function.
        logs: The folder of its log file.
        report: Called with every failure.

    Attributes:
        is_used: Whether the function has been invoked.
    """

    def __init__(self, function: Function, logs: Path, report: Report) -> None:
        self.function = function
        self._log = logs / f"{function.name}.log"
        self._report = report
        self._idle: list[ExecutionEnvironment] = []
        self._all: set[ExecutionEnvironment] = set()
        self._starts: set[asyncio.Task[None]] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._waiting: deque[asyncio.Future[ExecutionEnvironment]] = deque()
        self._released_at = 0.0
        self.is_used = False
        self._retired = False
        self._killed = False

    async def invoke(self, payload: bytes) -> bytes:
        """Run the function on `payload`, JSON in and out.

        Raises:
            FunctionFailed: It gave no answer; this has been reported.
        """
        self.is_used = True
        try:
            environment = await self._acquire()
            try:
                return await environment.invoke(payload)
            finally:
                self._release(environment)
        except FunctionFailed as error:
            self._report_failure(error)
            raise

    def warm(self) -> None:
        """Start a first environment before the first invocation."""
        if not self._all:
            self._grow()

    async def reap(self, idle_seconds: float) -> None:
        """End the environments that have been idle for so long, but keep one."""
        before = time.monotonic() - idle_seconds
        idle = [each for each in self._idle if each.used_at < before]
        for environment in idle[: len(self._all) - 1]:
            self._idle.remove(environment)
            self._all.discard(environment)
            await environment.kill()

    async def retire(self) -> None:
        """End every environment after its last invocation; return then."""
        self._retired = True
        for environment in self._idle:
            self._end(environment)
        self._idle.clear()
        while self._all or self._endings:
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End every environment now, and fail what waits for one; none is started any more."""
        self._retired = self._killed = True
        while self._waiting:
            free = self._waiting.popleft()
            if not free.done():
                free.set_exception(FunctionFailed(_STOPPED))
        await asyncio.gather(*(environment.kill() for environment in self._all))
        await asyncio.gather(*self._starts, *self._endings, return_exceptions=True)

    async def _acquire(self) -> ExecutionEnvironment:
        if self._killed:
            raise FunctionFailed(_STOPPED)
        while self._idle:
            environment = self._idle.pop()
            if environment.is_alive:
                return environment
            self._all.discard(environment)
        loop = asyncio.get_running_loop()
        free: asyncio.Future[ExecutionEnvironment] = loop.create_future()
        self._waiting.append(free)
        if len(self._all) < CORES:
            self._grow()
        else:
            loop.call_later(GROW_AFTER_SECONDS, self._grow_if_stuck, free)
        return await free

    def _grow_if_stuck(self, free: asyncio.Future[ExecutionEnvironment]) -> None:
        """Grow if no environment has come free meanwhile, and none is starting."""
        if free.done():
            return
        loop = asyncio.get_running_loop()
        if not self._starts and loop.time() - self._released_at >= GROW_AFTER_SECONDS:
            self._grow()
        loop.call_later(GROW_AFTER_SECONDS, self._grow_if_stuck, free)

    def _release(self, environment: ExecutionEnvironment) -> None:
        """Give the environment to the invocation that has waited longest, or keep it."""
        self._released_at = asyncio.get_running_loop().time()
        if not environment.is_alive:
            self._all.discard(environment)
            if self._waiting and not self._all:
                self._grow()
            return
        while self._waiting:
            free = self._waiting.popleft()
            if not free.done():
                free.set_result(environment)
                return
        if self._retired:
            self._end(environment)
        else:
            self._idle.append(environment)

    def _grow(self) -> None:
        if len(self._all) < MOST_ENVIRONMENTS:
            environment = ExecutionEnvironment(self.function, self._log)
            self._all.add(environment)
            self._run_beside(self._starts, self._start(environment))

    async def _start(self, environment: ExecutionEnvironment) -> None:
        try:
            await environment.start()
        except FunctionFailed as error:
            self._all.discard(environment)
            waiting = next((free for free in self._waiting if not free.done()), None)
            if waiting is None:
                self._report_failure(error)
                return
            self._waiting.remove(waiting)
            waiting.set_exception(error)
        else:
            self._release(environment)

    def _report_failure(self, error: FunctionFailed) -> None:
        if not self._killed:
            self._report(self.function, error)

    def _end(self, environment: ExecutionEnvironment) -> None:
        self._all.discard(environment)
        self._run_beside(self._endings, environment.kill())

    @staticmethod
    def _run_beside(tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
        """Run a task in the background; the loop itself holds only a weak reference."""
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
