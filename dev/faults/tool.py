"""A stand-in for the runner of tools: takes its time, asks its watcher, and fails in every way a run can."""

from __future__ import annotations

import errno
import secrets

from dev.faults.injection import Injection
from dev.faults.stage import Crash, Stage
from dev.faults.watch import Watch
from gpserverless.errors import DeadlinePassed, NotFound, OutOfMemory, ToolCrashed, ToolError
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import Message, RunResult, Watcher

OUTPUTS = ("Out_GPString", "Out_GPLong")
STEP_MS = 5_000
SHORTEST_MS, LONGEST_MS = 1_000, 50_000
HANGS_MS = 2_000_000
PAUSES_MS = (70_000, 240_000)
"""Longer than a lease."""

_ENDINGS = {
    "tool raises": ToolError("The geometry is not valid."),
    "tool out of memory": OutOfMemory("The tool ran out of memory."),
    "tool crashes": ToolCrashed("The tool's process died (SIGSEGV)."),
}


class StandIn:
    """Runs a call as `sandbox.runner.Runner` does, on the stage's clock.

    Args:
        stage: Whose clock it takes its time from.
        injection: What goes wrong.
        watch: Told of every run.
    """

    def __init__(self, stage: Stage, injection: Injection, watch: Watch) -> None:
        self._stage = stage
        self._injection = injection
        self._watch = watch

    def __call__(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        """Run for a while and return outputs that no other run makes."""
        actor = self._stage.current
        if actor is None:
            raise RuntimeError("a tool runs on the stage only")
        self._watch.started(actor.job_id)
        self._begin(call, watcher)
        self._go_on(watcher, self._stage.now + round(seconds * 1000))
        for fault, error in _ENDINGS.items():
            if self._injection.rolls(fault):
                raise error
        actor.made = {name: f'{{"run":"{secrets.token_hex(8)}"}}'.encode() for name in OUTPUTS}
        return RunResult(tuple(Output(name, "GPString", body) for name, body in actor.made.items()))

    def _begin(self, call: Call, watcher: Watcher) -> None:
        if self._injection.rolls("disk full"):
            raise OSError(errno.ENOSPC, "No space left on device")
        if self._injection.rolls("task removed"):
            raise NotFound(f"Task '{call.task}' not found in service '{call.service}'.")
        if self._injection.rolls("worker blind"):  # it will never learn that its lease is over
            vars(watcher).update(check_cancelled=lambda: None, holds=lambda: True)
        if self._injection.rolls("worker paused"):
            self._stage.sleep(self._injection.random.randint(*PAUSES_MS))
        if self._injection.rolls("tool talks"):
            for _ in range(2_000):
                watcher.message(Message("informative", "ä" * 2_000))

    def _go_on(self, watcher: Watcher, deadline: int) -> None:
        ends = self._stage.now + self._injection.random.randint(SHORTEST_MS, LONGEST_MS)
        if self._injection.rolls("tool hangs"):
            ends += HANGS_MS
        while self._stage.now < ends:
            self._stage.sleep(min(STEP_MS, ends - self._stage.now))
            if self._injection.rolls("sandbox killed"):
                raise Crash("killed")
            if self._stage.now >= deadline:
                raise DeadlinePassed("The tool ran out of time.")
            watcher.check_cancelled()
