"""The parent's side of a run: fork, watch, relay, and kill when it must end."""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

import orjson

from gpserverless import errors, features
from gpserverless.errors import DeadlinePassed, NotFound, OutOfMemory, ToolCrashed
from gpserverless.toolkit import child
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Message, Watcher
from gpserverless.toolkit.spec import TaskSpec
from gpserverless.toolkit.toolboxes import Toolbox

LOOK_SECONDS = 0.2
"""How often the parent looks whether a run should go on while its tool is silent."""


class Prepare(Protocol):
    """Makes a call ready to run: whatever needs the network or a right that the tool's process has not."""

    def __call__(
        self, task: TaskSpec, limits: Limits, call: Call, folder: Path, alive: Callable[[], None]
    ) -> Call:
        """Return the call with what it refers to fetched into the folder.

        Args:
            task: The task.
            limits: What the run may take.
            call: The call.
            folder: The run's own folder, which is removed after it.
            alive: Called now and then; what it raises ends the run.
        """


class Runner:
    """Runs calls in a child process that it can kill; one run at a time, as a Lambda function has it.

    Make it at cold start, after the tools are imported and before anything that holds credentials: the child
    is a copy of the process at that moment.

    Args:
        toolboxes: The tools.
        memory: Bytes that a tool may allocate, or None for no limit.
    """

    def __init__(self, toolboxes: Iterable[Toolbox], memory: int | None = None) -> None:
        # What a run would import late is imported here, so that every child has it from the start.
        for module in pkgutil.walk_packages(features.__path__, "gpserverless.features."):
            importlib.import_module(module.name)
        self._tools = {
            (box.spec.name, name): (tool, box.spec.limits)
            for box in toolboxes
            for name, tool in box.tools.items()
        }
        self._memory = memory
        self._pid = 0
        self._pipe: Connection | None = None
        self._folder: Path | None = None
        self._fork()

    def __call__(
        self, call: Call, watcher: Watcher, seconds: float, prepare: Prepare | None = None
    ) -> tuple[Output, ...]:
        """Run a call and return its outputs; their files stay on disk until the next run.

        Args:
            call: What to run.
            watcher: Hears messages and progress; its `check` is asked several times a second.
            seconds: Longest time the run may take.
            prepare: Fetches what the call refers to; its time is the run's.

        Raises:
            NotFound: There is no such tool.
            InvalidParameter: A value cannot be read as its type.
            RunError: The tool did not succeed.
            Cancelled: The watcher said so; the tool is stopped.
        """
        if (call.service, call.task) not in self._tools:
            raise NotFound(f"Task '{call.task}' not found in service '{call.service}'.")
        self._clear_folder()
        self._folder = Path(tempfile.mkdtemp(prefix="run-"))
        deadline = time.monotonic() + self._seconds(call, seconds)
        if prepare is not None:
            tool, limits = self._tools[call.service, call.task]
            call = prepare(tool.spec, limits, call, self._folder, partial(_check, watcher, deadline))
        pipe = self._pipe or self._fork()
        try:
            pipe.send((call, self._folder))
            return self._listen(pipe, watcher, deadline)
        except (EOFError, ConnectionError):
            raise self._post_mortem() from None
        except BaseException as error:
            if not isinstance(error, errors.GPServerlessError) or isinstance(
                error, (DeadlinePassed, OutOfMemory)
            ):
                self.close()
            raise

    def _seconds(self, call: Call, seconds: float) -> float:
        tool, limits = self._tools[call.service, call.task]
        return min(seconds, limits.seconds, tool.spec.seconds or limits.seconds)

    def _listen(self, pipe: Connection, watcher: Watcher, deadline: float) -> tuple[Output, ...]:
        outputs: list[Output] = []
        while True:
            _check(watcher, deadline)
            if not pipe.poll(LOOK_SECONDS):
                continue
            word, *rest = orjson.loads(pipe.recv_bytes())
            if word == "done":
                return tuple(outputs)
            if word == "failed":
                raise _rebuilt(*rest)
            if word == "output":
                name, data_type, in_file, files, has_z, has_m = rest
                body = Path(in_file) if in_file else pipe.recv_bytes()
                paths = {n: Path(p) for n, p in files.items()}
                outputs.append(Output(name, data_type, body, paths, has_z, has_m))
            elif word == "message":
                watcher.message(Message(*rest))
            else:
                watcher.progress(*rest)

    def _fork(self) -> Connection:
        ours, theirs = Pipe()
        with warnings.catch_warnings():
            # Threads of the numerical libraries are idle and have their own fork handlers.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if self._pid == 0:
            code = 1
            try:
                _close_all_but(theirs.fileno())
                child.serve(theirs, self._tools, self._memory)
                code = 0
            finally:
                os._exit(code)
        theirs.close()
        self._pipe = ours
        return ours

    def _post_mortem(self) -> ToolCrashed | OutOfMemory:
        status = self._reap()
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return OutOfMemory("The tool ran out of memory.")
        cause = (
            signal.Signals(os.WTERMSIG(status)).name
            if os.WIFSIGNALED(status)
            else f"exit {os.WEXITSTATUS(status)}"
        )
        return ToolCrashed(f"The tool's process died ({cause}).")

    def close(self) -> None:
        """Stop the child process and whatever it started, and remove its files."""
        if self._pid:
            try:
                os.killpg(self._pid, signal.SIGKILL)
            except ProcessLookupError:  # it has not made its own group yet
                os.kill(self._pid, signal.SIGKILL)
            self._reap()
        self._clear_folder()

    def _reap(self) -> int:
        _, status = os.waitpid(self._pid, 0)
        if self._pipe is not None:
            self._pipe.close()
        self._pid, self._pipe = 0, None
        return status

    def _clear_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _check(watcher: Watcher, deadline: float) -> None:
    watcher.check()
    if time.monotonic() >= deadline:
        raise DeadlinePassed("The tool ran out of time.")


def _rebuilt(name: str, arguments: list[str]) -> Exception:
    kind = getattr(errors, name)
    error: Exception = kind.__new__(kind)
    Exception.__init__(error, *arguments)
    if isinstance(error, errors.RequestError):
        error.details = tuple(arguments)
    return error


def _close_all_but(descriptor: int) -> None:
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))
