"""A simulated runner of tools, which takes virtual time and fails in every way that a run can."""

from __future__ import annotations

import errno
import secrets
from functools import partial
from typing import Any

from dev.faults.lab.injection import Injection
from dev.faults.lab.scheduler import Crash, Scheduler
from dev.faults.lab.write_checks import WriteChecks
from gpserverless.errors import DeadlinePassed, NotFound, OutOfMemory, ToolCrashed, ToolError
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import Message, RunResult, Watcher

OUTPUTS = ("Out_GPString", "Out_GPLong")
STEP_MS = 5_000
SHORTEST_MS, LONGEST_MS = 1_000, 50_000
HANGS_MS = 2_000_000
PAUSES_MS = (70_000, 240_000)
"""Longer than a lease."""

_ERRORS = {
    "tool raises": ToolError("The geometry is not valid."),
    "tool out of memory": OutOfMemory("The tool ran out of memory."),
    "tool crashes": ToolCrashed("The tool's process died (SIGSEGV)."),
}


class SimulatedTool:
    """Runs a call as the worker's runner does, on the virtual clock.

    Args:
        scheduler: Its clock.
        injection: The faults.
        checks: Counts the runs.
    """

    def __init__(self, scheduler: Scheduler, injection: Injection, checks: WriteChecks) -> None:
        self._scheduler = scheduler
        self._injection = injection
        self._checks = checks

    def __call__(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        """Run for a while, and return outputs that no other run makes."""
        process = self._scheduler.current
        if process is None:
            raise RuntimeError("a tool runs in a process of the scheduler only")
        self._checks.count_run(process.job_id)
        self._begin(call, watcher)
        self._wait(watcher, self._scheduler.now + round(seconds * 1000))
        for fault, error in _ERRORS.items():
            if self._injection.rolls(fault):
                raise error
        process.made = {name: f'{{"run":"{secrets.token_hex(8)}"}}'.encode() for name in OUTPUTS}
        return RunResult(tuple(Output(name, "GPString", body) for name, body in process.made.items()))

    def _begin(self, call: Call, watcher: Watcher) -> None:
        if self._injection.rolls("disk full"):
            raise OSError(errno.ENOSPC, "No space left on device")
        if self._injection.rolls("task removed"):
            raise NotFound(f"Task '{call.task}' not found in service '{call.service}'.")
        if self._injection.rolls("worker blind"):
            _blind(watcher)
        if self._injection.rolls("worker paused"):
            self._scheduler.sleep(self._injection.random.randint(*PAUSES_MS))
        if self._injection.rolls("tool talks"):
            for _ in range(2_000):
                watcher.message(Message("informative", "ä" * 2_000))

    def _wait(self, watcher: Watcher, deadline: int) -> None:
        ends = self._scheduler.now + self._injection.random.randint(SHORTEST_MS, LONGEST_MS)
        if self._injection.rolls("tool hangs"):
            ends += HANGS_MS
        while self._scheduler.now < ends:
            self._scheduler.sleep(min(STEP_MS, ends - self._scheduler.now))
            if self._injection.rolls("sandbox killed"):
                raise Crash("killed")
            if self._scheduler.now >= deadline:
                raise DeadlinePassed("The tool ran out of time.")
            watcher.check_cancelled()


def _blind(watcher: Watcher) -> None:
    """Keep a worker from learning that its lease is over."""
    for name, answer in (("check_cancelled", None), ("has_lease", True)):
        getattr(watcher, name)  # fails when it has another name by now
        vars(watcher)[name] = partial(_return, answer)


def _return(answer: Any) -> Any:
    return answer
