"""The function's side of a run: send the call to a child, relay its reports, kill it when it must end."""

from __future__ import annotations

import errno
import importlib
import pkgutil
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import Any

from gpserverless import features, formats, geometry, values
from gpserverless.cancellation import CHECK_SECONDS, CheckCancelled
from gpserverless.errors import DISK_FULL, DeadlinePassed, NotFound, OutOfDisk
from gpserverless.formats import esri_json
from gpserverless.sandbox.child import ChildWork
from gpserverless.sandbox.child_process import CallUnread, ChildProcess
from gpserverless.sandbox.frames import EndFrame, MessageFrame, OutputFrame, ProgressFrame, RunRequest
from gpserverless.sandbox.memory import peak_memory
from gpserverless.sandbox.preparation import CallPreparation, RunContext
from gpserverless.sandbox.run_folder import RunFolder, remove_stale_folders
from gpserverless.sandbox.zygote import Zygote, ZygoteGone
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import RunResult, Watcher, attach_peak
from gpserverless.toolkit.tool import Tool
from gpserverless.toolkit.toolboxes import Toolbox

_LATE = ("gpserverless.formats.files", "gpserverless.features.sql")  # heavy, and few tools need them
_CHILDREN = 3  # how many are tried before a run is given up
_DISK_OF_OTHERS = "the disk is full, and not of the files of this run"


class Runner:
    """Runs each call in a fresh child process; one run at a time, as a Lambda function has it.

    Make it at cold start, before anything in this process holds credentials: its children are copies of the
    process as it is then. The child of the next run is forked while a run is at work.

    Args:
        toolboxes: The tools.
        memory: Bytes that a tool may allocate, or None for no limit.
    """

    def __init__(self, toolboxes: Iterable[Toolbox], memory: int | None = None) -> None:
        # What a run would import late is imported here, so that every child has it from the start.
        for room in (values, geometry, features, formats, esri_json):
            for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
                if module.name not in _LATE:
                    importlib.import_module(module.name)
        self._tools = {
            (box.spec.name, name): (tool, box.spec.limits)
            for box in toolboxes
            for name, tool in box.tools.items()
        }
        work = ChildWork(self._tools, memory)
        self._zygote = Zygote(work.prepare, work.serve)
        self._child: ChildProcess | None = None
        self._ending: ChildProcess | None = None
        self._folder = RunFolder()
        self._wait_for_child()
        remove_stale_folders()

    def __call__(
        self,
        call: Call,
        watcher: Watcher,
        seconds: float,
        preparation: CallPreparation | None = None,
        log_ids: Mapping[str, str] = MappingProxyType({}),
    ) -> RunResult:
        """Run a call and return its outputs; their files stay on disk until the next run.

        An error that ends the run carries the peak memory of its process (`peak_of`).

        Args:
            call: The call to run.
            watcher: Takes messages and progress; its `check_cancelled` is called several times a second.
            seconds: Longest time the run may take.
            preparation: Fetches what the call refers to; its time is the run's.
            log_ids: Part of every line that the tool prints and logs, such as the id of the job.

        Raises:
            NotFound: There is no such tool.
            InvalidParameter: A value cannot be read as its type.
            RunError: The tool did not succeed.
            OSError: The disk of this machine is full, and not of the files of this run.
            ZygoteGone: There is nothing left to run tools in.
            Cancelled: Raised by the watcher; the tool is stopped.
        """
        tool, limits = self._find_tool(call)
        self._wait_for_child()  # what the last run has left running has ended by then
        folder = self._folder.make_empty()
        deadline = time.monotonic() + min(seconds, limits.seconds, tool.spec.seconds or limits.seconds)
        check = partial(_check, watcher, deadline)
        if preparation is not None:
            context = RunContext(tool.spec, limits, folder, check, deadline)
            call = self._prepare(preparation, call, context)
        return self._run(RunRequest(call, folder, dict(log_ids)), watcher, check)

    def reset(self) -> None:
        """Replace the waiting child: one of a snapshot draws the same random numbers in every copy of it."""
        self._replace_child(self._wait_for_child())
        self._wait_for_child()

    def close(self) -> None:
        """Stop every process and remove the files."""
        if self._child is not None:
            self._child.hang_up()
        self._zygote.close()
        self._folder.remove()

    def _find_tool(self, call: Call) -> tuple[Tool[..., Any], Limits]:
        try:
            return self._tools[call.service, call.task]
        except KeyError:
            raise NotFound(f"Task '{call.task}' not found in service '{call.service}'.") from None

    def _prepare(self, preparation: CallPreparation, call: Call, context: RunContext) -> Call:
        try:
            return preparation.prepare(call, context)
        except OSError as problem:
            if problem.errno in DISK_FULL and self._folder.fills_disk():
                raise OutOfDisk("The disk has no room for the inputs.") from None
            raise

    def _run(self, request: RunRequest, watcher: Watcher, check: CheckCancelled) -> RunResult:
        for _ in range(_CHILDREN):
            its_child, self._child = self._wait_for_child(), None
            try:
                return self._run_in(its_child, request, watcher, check)
            except CallUnread:  # it was killed while it waited, so the run has not begun
                problem = its_child.explain_death()
        raise problem

    def _run_in(
        self, its_child: ChildProcess, request: RunRequest, watcher: Watcher, check: CheckCancelled
    ) -> RunResult:
        try:
            its_child.send(request)
            self._request_child()
            outputs, end = _relay(its_child, watcher, check)
        except CallUnread:
            raise
        except EOFError:
            raise its_child.explain_death() from None
        except BaseException as error:
            attach_peak(error, peak_memory(its_child.pid))
            its_child.request_end()
            its_child.wait_until_ended()
            raise
        with suppress(ZygoteGone):  # the next run raises it; this one has ended
            its_child.request_end()
            self._ending = its_child
        if isinstance(end.error, OutOfDisk) and not self._folder.fills_disk():
            raise OSError(errno.ENOSPC, _DISK_OF_OTHERS)
        if end.error is not None:
            attach_peak(end.error, end.peak_bytes)
            raise end.error
        return RunResult(outputs, end.peak_bytes)

    def _request_child(self) -> None:
        """Have the next run's child forked, while this run's is at work."""
        with suppress(ZygoteGone):  # the next run raises it; this one may end
            self._child = ChildProcess(self._zygote)

    def _wait_for_child(self) -> ChildProcess:
        """Return the waiting child, when nothing of the last run is left."""
        if self._ending is not None:
            self._ending.wait_until_ended()
            self._ending = None
        if self._child is None:
            self._child = ChildProcess(self._zygote)
        self._child.wait_until_forked()
        if self._child.has_died():  # the system has killed it while it waited, such as for memory
            self._replace_child(self._child)
        return self._child

    def _replace_child(self, replaced: ChildProcess) -> None:
        self._child = None
        replaced.request_end()
        replaced.wait_until_ended()
        self._child = ChildProcess(self._zygote)
        self._child.wait_until_forked()


def _relay(
    its_child: ChildProcess, watcher: Watcher, check: CheckCancelled
) -> tuple[tuple[Output, ...], EndFrame]:
    """Relay the reports of a child until its run has ended; return its outputs and its end."""
    outputs: list[Output] = []
    while True:
        check()
        match its_child.receive(CHECK_SECONDS):
            case OutputFrame(output):
                outputs.append(output)
            case MessageFrame(message):
                watcher.message(message)
            case ProgressFrame(text, percent):
                watcher.progress(text, percent)
            case EndFrame() as end:
                return tuple(outputs), end


def _check(watcher: Watcher, deadline: float) -> None:
    watcher.check_cancelled()
    if time.monotonic() >= deadline:
        raise DeadlinePassed("The tool ran out of time.")
