"""The child process in which tools run, and what it says to its parent.

The parent forks it when it is warm (every tool imported), so a child costs milliseconds, and can kill it at
any moment: inside one long call of a geometry library no signal handler and no thread could stop a tool.
What it says comes up a pipe in frames: a JSON header, and for an output its body, unless that is so large
that it lies in a file. What it is told comes down pickled, so that fetched inputs are of a class of their
own, which nothing that a caller writes can turn into; nothing is ever unpickled from the child. The child
serves one call after the other until the parent closes the pipe or kills it.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

from gpserverless.errors import OutOfMemory, RequestError, RunError, ToolCrashed
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Message, Run
from gpserverless.toolkit.tool import Tool

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal a process gets when its parent dies."""

SECRETS = ("AWS_", "_HANDLER", "_X_AMZN")
"""Beginnings of environment variables that a tool must not see."""

logger = logging.getLogger(__name__)


class PipeWatcher:
    """Sends a run's messages and progress up the pipe; cancels and deadlines come as a kill."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def message(self, message: Message) -> None:
        """Send one message."""
        self._send("message", message.kind, message.text)

    def progress(self, text: str, percent: int | None) -> None:
        """Send the state of the progress bar."""
        self._send("progress", text, percent)

    def check(self) -> None:
        """Go on: the parent kills this process when it should not."""

    def _send(self, *frame: Any) -> None:
        self._pipe.send_bytes(orjson.dumps(frame))


def serve(
    pipe: Connection, tools: Mapping[tuple[str, str], tuple[Tool[..., Any], Limits]], memory: int | None
) -> None:
    """Run the calls that come down the pipe until it closes.

    Args:
        pipe: The child's end.
        tools: Tools and limits by service and task.
        memory: Bytes that the process may still allocate, or None for no limit.
    """
    _isolate(memory)
    gc.freeze()
    while True:
        try:
            call, folder = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        _serve_one(pipe, tools, call, folder)


def _serve_one(
    pipe: Connection,
    tools: Mapping[tuple[str, str], tuple[Tool[..., Any], Limits]],
    call: Call,
    folder: Path,
) -> None:
    tempfile.tempdir = str(folder)
    os.chdir(folder)
    tool, limits = tools[call.service, call.task]
    try:
        for output in perform(tool, call, limits, Run(PipeWatcher(pipe)), folder):
            _send(pipe, output)
        pipe.send_bytes(orjson.dumps(("done",)))
    except BaseException as error:  # whatever ends a tool ends the run, never the process
        pipe.send_bytes(orjson.dumps(("failed", *_described(error))))
    finally:
        sys.stdout.flush()


def _send(pipe: Connection, output: Output) -> None:
    files = {name: str(path) for name, path in output.files.items()}
    in_file = "" if isinstance(output.body, bytes) else str(output.body)
    frame = ("output", output.name, output.data_type, in_file, files, output.has_z, output.has_m)
    pipe.send_bytes(orjson.dumps(frame))
    if isinstance(output.body, bytes):
        pipe.send_bytes(output.body)


def _described(error: BaseException) -> tuple[str, list[str]]:
    if isinstance(error, (RequestError, RunError)):
        return type(error).__name__, [str(a) for a in error.args]
    if isinstance(error, MemoryError):
        return OutOfMemory.__name__, ["The tool ran out of memory."]
    logger.error("tool crashed", exc_info=error)
    return ToolCrashed.__name__, [
        "The tool failed because of an error in it; the service's log has the details."
    ]


def _isolate(memory: int | None) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in [n for n in os.environ if n.startswith(SECRETS)]:
        del os.environ[name]
    if memory is not None:
        _limit_memory(memory)


def _limit_memory(memory: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
