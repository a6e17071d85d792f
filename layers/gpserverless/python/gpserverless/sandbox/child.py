"""The child process: it runs one call and ends.

It is forked from the zygote with every tool imported, while another call runs, so that no call waits for the
fork. It can be killed at any moment, also inside one long call of a geometry library, where no signal handler
and no thread could stop a tool. `frames` has the messages that it sends and receives.
"""

from __future__ import annotations

import logging
import os
import random
import resource
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gpserverless.errors import Cancelled, RequestError, RunError
from gpserverless.sandbox.child_logs import ChildLogs
from gpserverless.sandbox.confinement import limit_files, refuse_network, refuse_other_processes
from gpserverless.sandbox.failures import explain_failure
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
from gpserverless.toolkit.run import Message, NullWatcher, Run
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


class _CallWatcher(NullWatcher):
    """Cancels a warm-up when a call has come, or when none can come any more.

    Args:
        pipe: The child's end.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def check_cancelled(self) -> None:
        """Raise if a call waits; EOFError if the pipe is closed."""
        if self._pipe.wait(0):
            raise Cancelled


@dataclass(frozen=True)
class ChildWork:
    """The work of a child; the zygote does a part of it once for all of them.

    Attributes:
        tools: Tools and limits by service and task.
        memory: Bytes that a child may still allocate, or None for no limit.
        logs: Takes over the logs of each child.
    """

    tools: Tools
    memory: int | None
    logs: ChildLogs = field(default_factory=ChildLogs)

    def prepare(self) -> None:
        """Do in the zygote what every child would do first."""
        self.logs.take_over()
        warm_up(Run())
        limit_files()
        try:
            refuse_other_processes()
            if not self._some_have_network:
                refuse_network()
        except OSError as problem:
            logger.warning("tools are not confined by a filter", extra={"problem": str(problem)})

    def serve(self, pipe: Pipe) -> None:
        """Run the one call that comes down the pipe; return without one when the pipe closes.

        Args:
            pipe: The child's end.
        """
        if self.memory is not None:
            _limit_memory(self.memory)
        try:
            warm_up(Run(_CallWatcher(pipe)))  # copies the pages that a run writes to, which a fork shares
            _seed_random_numbers()
            request = decode_request(*pipe.receive())
        except (EOFError, ConnectionResetError):
            return
        self.logs.begin(request.log_ids)
        watcher = PipeWatcher(pipe)
        tool, limits = self.tools[request.call.service, request.call.task]
        if self._some_have_network and not tool.network:
            with suppress(OSError):  # the zygote has told that there is no filter
                refuse_network()
        error = _run(request, tool, limits, watcher)
        self.logs.end()
        watcher.send(EndFrame(error, peak_memory()))

    @property
    def _some_have_network(self) -> bool:
        return any(tool.network for tool, _ in self.tools.values())


def _run(
    request: RunRequest, tool: Tool[..., Any], limits: Limits, watcher: PipeWatcher
) -> RequestError | RunError | None:
    """Run the call, and return the error that it ended with."""
    call, folder = request.call, request.folder
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)  # for the processes that the tool starts
    os.chdir(folder)
    sys.breakpointhook = _refuse_breakpoint
    try:
        for output in perform(tool, call, limits, Run(watcher), folder):
            watcher.send(OutputFrame(output), urgent=False)
    except BaseException as error:  # every exception of a tool, also SystemExit, is its run's error
        return explain_failure(error, folder)
    return None


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
