"""The child process in which tools run, and what it says to the function.

It is forked from the zygote, with every tool imported, so it costs milliseconds, and can be killed at any
moment: inside one long call of a geometry library no signal handler and no thread could stop a tool. What it
says comes up a pipe in frames: a JSON header, and for an output its body, unless that is so large that it
lies in a file. What it is told comes down pickled, so that fetched inputs are of a class of their own, which
nothing that a caller writes can turn into; nothing is ever unpickled from the child. A child says that it is
ready for the next call when the last one has left it as it was found; else it ends, with all that it started,
and the function takes another. That is looked at when the outputs are on their way already.
"""

from __future__ import annotations

import logging
import os
import pickle
import resource
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from gpserverless.errors import OutOfMemory, RequestError, RunError, ToolCrashed
from gpserverless.sandbox.child_logs import ChildLogs
from gpserverless.sandbox.memory import forget_peak, peak_memory
from gpserverless.sandbox.module_state import ModuleState
from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.process_state import ProcessState
from gpserverless.sandbox.zygote import may_look_at_itself
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Message, Run
from gpserverless.toolkit.tool import Tool

Tools = Mapping[tuple[str, str], tuple[Tool[..., Any], Limits]]
"""Tools and limits by service and task."""

READY = b'["ready"]'
"""What a child says when it can take a call."""

logger = logging.getLogger(__name__)


class PipeWatcher:
    """Sends what a run says up the pipe; cancels and deadlines come as a kill.

    Args:
        pipe: The child's end.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def message(self, message: Message) -> None:
        """Send one message."""
        self.send(("message", message.kind, _encodable(message.text)))

    def progress(self, text: str, percent: int | None) -> None:
        """Send the state of the progress bar."""
        self.send(("progress", _encodable(text), percent))

    def measured(self, peak_bytes: int) -> None:
        """Leave it: the parent is told with the end of the run."""

    def check(self) -> None:
        """Go on: the parent kills this process when it should not."""

    def output(self, output: Output) -> None:
        """Send an output."""
        files = {name: str(path) for name, path in output.files.items()}
        in_file = "" if isinstance(output.body, bytes) else str(output.body)
        frame = ("output", output.name, output.data_type, in_file, files, output.has_z, output.has_m)
        body = output.body if isinstance(output.body, bytes) else b""
        self._pipe.say(orjson.dumps(frame), body, later=True)

    def send(self, frame: tuple[Any, ...]) -> None:
        """Send one frame; the tool may have threads that send too."""
        self._pipe.say(orjson.dumps(frame))


def serve(pipe: Pipe, tools: Tools, memory: int | None, modules: ModuleState, logs: ChildLogs) -> None:
    """Run the calls that come down the pipe until it closes, or one leaves something behind.

    Args:
        pipe: The child's end.
        tools: Tools and limits by service and task.
        memory: Bytes that the process may still allocate, or None for no limit.
        modules: What the tools' modules held before there was any call.
        logs: Takes what is printed and logged.
    """
    if memory is not None:
        _limit_memory(memory)
    logs.take_over()
    process = ProcessState(modules.packages)
    while True:
        may_look_at_itself(forget_peak)
        pipe.say(READY)
        try:
            call, folder, ids = pickle.loads(pipe.hear()[0])  # noqa: S301 - from the function
        except (EOFError, ConnectionResetError):
            return
        logs.begin(ids)
        ended = _run_one(PipeWatcher(pipe), tools, call, folder)
        logs.end()
        PipeWatcher(pipe).send(("ended", *ended, peak_memory()))
        left = "too little memory" if ended[0] == OutOfMemory.__name__ else process.left() or modules.left()
        if left:
            logger.info("process not kept", extra={"task": call.task, "left": left})
            os.killpg(0, signal.SIGKILL)
        process.renew()


def _run_one(watcher: PipeWatcher, tools: Tools, call: Call, folder: Path) -> tuple[str, list[str]]:
    """Run one call, and return the name and the texts of the error that it ended with, or an empty name."""
    tempfile.tempdir = str(folder)
    if os.environ.get("TMPDIR") != str(folder):
        os.environ["TMPDIR"] = str(folder)  # of what the tool starts
    os.chdir(folder)
    tool, limits = tools[call.service, call.task]
    try:
        for output in perform(tool, call, limits, Run(watcher), folder):
            watcher.output(output)
    except BaseException as error:  # whatever ends a tool ends the run, never the process
        return _described(error)
    return "", []


def _described(error: BaseException) -> tuple[str, list[str]]:
    if isinstance(error, (RequestError, RunError)):
        return type(error).__name__, [_encodable(str(a)) for a in error.args]
    if isinstance(error, MemoryError):
        return OutOfMemory.__name__, ["The tool ran out of memory."]
    logger.error("tool crashed", exc_info=error)
    return ToolCrashed.__name__, [
        "The tool failed because of an error in it; the service's log has the details."
    ]


def _limit_memory(memory: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _encodable(text: str) -> str:
    """Return a text without what UTF-8 cannot hold, such as half a character."""
    return text.encode("utf-8", "replace").decode()
