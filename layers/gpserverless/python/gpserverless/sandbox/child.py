"""The child process: it runs one call and ends.

It is forked from the zygote with every tool imported, before there is a call, so that no call waits for the
fork. It can be killed at any moment, also inside one long call of a geometry library, where no signal handler
and no thread could stop a tool. `frames` says what it sends and receives.
"""

from __future__ import annotations

import logging
import os
import random
import resource
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpserverless.errors import OutOfMemory, RequestError, RunError, ToolCrashed
from gpserverless.sandbox.child_logs import ChildLogs
from gpserverless.sandbox.frames import (
    EndFrame,
    MessageFrame,
    OutputFrame,
    ProgressFrame,
    ReportFrame,
    RunRequest,
    decode_request,
    encode,
)
from gpserverless.sandbox.memory import peak_memory
from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.warm_up import warm_up
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Message, Run
from gpserverless.toolkit.tool import Tool

Tools = Mapping[tuple[str, str], tuple[Tool[..., Any], Limits]]
"""Tools and limits by service and task."""

logger = logging.getLogger(__name__)


class PipeWatcher:
    """Sends the reports of a run up the pipe; a cancel or a deadline comes as a kill.

    Args:
        pipe: The child's end.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def message(self, message: Message) -> None:
        """Send one message."""
        self.send(MessageFrame(message))

    def progress(self, text: str, percent: int | None) -> None:
        """Send the state of the progress bar."""
        self.send(ProgressFrame(text, percent))

    def check_cancelled(self) -> None:
        """Do nothing: the function kills this process when the run must end."""

    def send(self, frame: ReportFrame, *, urgent: bool = True) -> None:
        """Send one frame; the tool may have threads that send too."""
        self._pipe.send(*encode(frame), urgent=urgent)


def serve(pipe: Pipe, tools: Tools, memory: int | None) -> None:
    """Run the one call that comes down the pipe; return without one when the pipe closes.

    Args:
        pipe: The child's end.
        tools: Tools and limits by service and task.
        memory: Bytes that the process may still allocate, or None for no limit.
    """
    if memory is not None:
        _limit_memory(memory)
    logs = ChildLogs()
    try:
        if not pipe.wait(0):
            warm_up()  # copies the pages that a run writes to, which a fork leaves to the first write
        _seed_random_numbers()
        request = decode_request(*pipe.receive())
    except (EOFError, ConnectionResetError):
        return
    logs.begin(request.log_ids)
    watcher = PipeWatcher(pipe)
    error = _run(request, tools, watcher)
    logs.end()
    watcher.send(EndFrame(error, peak_memory()))


def _run(request: RunRequest, tools: Tools, watcher: PipeWatcher) -> RequestError | RunError | None:
    """Run the call, and return the error that it ended with."""
    call, folder = request.call, request.folder
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)  # for the processes that the tool starts
    os.chdir(folder)
    sys.breakpointhook = _refuse_breakpoint
    tool, limits = tools[call.service, call.task]
    try:
        for output in perform(tool, call, limits, Run(watcher), folder):
            watcher.send(OutputFrame(output), urgent=False)
    except BaseException as error:  # whatever a tool raises, also SystemExit, is its run's error
        return _explain(error)
    return None


def _explain(error: BaseException) -> RequestError | RunError:
    if isinstance(error, (RequestError, RunError)):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemory("The tool ran out of memory.")
    logger.error("tool crashed", exc_info=error)
    return ToolCrashed("The tool failed because of an error in it; the service's log has the details.")


def _refuse_breakpoint(*_: object, **__: object) -> None:
    raise RuntimeError("breakpoint() has no terminal here: `gpserverless run` runs a tool in one that has")


def _seed_random_numbers() -> None:
    """Let no two runs draw the same random numbers: the zygote's state is in every child."""
    random.seed()
    if "numpy.random" in sys.modules:  # if not, it seeds itself when the tool imports it
        sys.modules["numpy.random"].seed()


def _limit_memory(memory: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
