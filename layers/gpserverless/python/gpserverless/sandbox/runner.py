"""The function's side of a run: have a child, watch, relay, and kill when it must end."""

from __future__ import annotations

import importlib
import os
import pickle
import pkgutil
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import orjson

from gpserverless import errors, features
from gpserverless.errors import DeadlinePassed, NotFound, OutOfMemory, ToolCrashed
from gpserverless.sandbox import child
from gpserverless.sandbox.child_logs import ChildLogs
from gpserverless.sandbox.memory import peak_memory
from gpserverless.sandbox.module_state import ModuleState
from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.warm_up import warm_up
from gpserverless.sandbox.zygote import Zygote, ZygoteGone, has_died, kill_group
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Message, Watcher
from gpserverless.toolkit.spec import TaskSpec
from gpserverless.toolkit.toolboxes import Toolbox

LOOK_SECONDS = 0.2
"""How often the function looks whether a run should go on while its tool is silent."""

READY_SECONDS = 1.0
"""How long a child may take to see whether a run has left it as it was found; a busy machine needs some."""

_PREFIX = "run-of-"
_LATE = ("gpserverless.formats.files", "gpserverless.features.sql")  # heavy, and few tools need them


class Prepare(Protocol):
    """Makes a call ready to run: whatever needs the network or a right that the tool's process has not."""

    def __call__(
        self, task: TaskSpec, limits: Limits, call: Call, folder: Path, check_cancelled: Callable[[], None]
    ) -> Call:
        """Return the call with what it refers to fetched into the folder.

        Args:
            task: The task.
            limits: What the run may take.
            call: The call.
            folder: The run's own folder, which is removed after it.
            check_cancelled: Called now and then; what it raises ends the run.
        """


@dataclass(frozen=True)
class _Child:
    """A child process and this end of its pipe."""

    pid: int
    pipe: Pipe


class Runner:
    """Runs calls in a child process that it can kill; one run at a time, as a Lambda function has it.

    Make it at cold start, before anything in this process holds credentials: its children are copies of the
    process as it is then.

    Args:
        toolboxes: The tools.
        memory: Bytes that a tool may allocate, or None for no limit.
    """

    def __init__(self, toolboxes: Iterable[Toolbox], memory: int | None = None) -> None:
        # What a run would import late is imported here, so that every child has it from the start.
        for module in pkgutil.iter_modules(features.__path__, "gpserverless.features."):
            if module.name not in _LATE:
                importlib.import_module(module.name)
        self._tools = {
            (box.spec.name, name): (tool, box.spec.limits)
            for box in toolboxes
            for name, tool in box.tools.items()
        }
        logs = ChildLogs()
        with logs.heard():
            modules = ModuleState(tool.function.__module__ for tool, _ in self._tools.values())
        serve = partial(child.serve, tools=self._tools, memory=memory, modules=modules, logs=logs)
        self._zygote = Zygote(warm_up, serve)
        self._child: _Child | None = self._spawn()
        self._folder: Path | None = None
        _sweep_folders()

    def __call__(
        self,
        call: Call,
        watcher: Watcher,
        seconds: float,
        prepare: Prepare | None = None,
        ids: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[Output, ...]:
        """Run a call and return its outputs; their files stay on disk until the next run.

        Args:
            call: What to run.
            watcher: Hears messages and progress; its `check` is asked several times a second.
            seconds: Longest time the run may take.
            prepare: Fetches what the call refers to; its time is the run's.
            ids: What tells whose run it is, for the lines that the tool prints and logs.

        Raises:
            NotFound: There is no such tool.
            InvalidParameter: A value cannot be read as its type.
            RunError: The tool did not succeed.
            ZygoteGone: There is nothing left to run tools in.
            Cancelled: The watcher said so; the tool is stopped.
        """
        if (call.service, call.task) not in self._tools:
            raise NotFound(f"Task '{call.task}' not found in service '{call.service}'.")
        folder = self._empty_folder()
        deadline = time.monotonic() + self._seconds(call, seconds)
        if prepare is not None:
            tool, limits = self._tools[call.service, call.task]
            call = prepare(tool.spec, limits, call, folder, partial(_check, watcher, deadline))
        return self._run((call, folder, dict(ids)), watcher, deadline)

    def _run(
        self, wanted: tuple[Call, Path, dict[str, str]], watcher: Watcher, deadline: float
    ) -> tuple[Output, ...]:
        its = self._ready_child()
        try:
            its.pipe.say(pickle.dumps(wanted))
            outputs, failure = _listen(its, watcher, deadline)
        except (EOFError, ConnectionError):
            failure = self._post_mortem(its)
            self._child = self._spawn()
            raise failure from None
        except BaseException:
            _tell_peak(watcher, peak_memory(its.pid))
            self._dismiss(its)
            self._child = self._spawn()
            raise
        self._child = its
        if failure is not None:
            raise failure
        return outputs

    def _ready_child(self) -> _Child:
        """Return the child of the last run if it is as that found it, or else another.

        Until a run has ended well, its child is nobody's: whatever happens, the next run has another.
        """
        kept, self._child = self._child, None
        if kept is not None:
            with suppress(EOFError, ConnectionError):
                if kept.pipe.has_heard(READY_SECONDS) and kept.pipe.hear() == (child.READY, b""):
                    return kept
            self._dismiss(kept)
        return self._spawn()

    def _seconds(self, call: Call, seconds: float) -> float:
        tool, limits = self._tools[call.service, call.task]
        return min(seconds, limits.seconds, tool.spec.seconds or limits.seconds)

    def _spawn(self) -> _Child:
        ours, theirs = Pipe.pair()
        try:
            return _Child(self._zygote.spawn(theirs.fileno()), ours)
        except ZygoteGone:
            ours.close()
            raise
        finally:
            theirs.close()

    def _post_mortem(self, its: _Child) -> ToolCrashed | OutOfMemory:
        its.pipe.close()
        status = self._zygote.ended(its.pid)
        if not os.WIFSIGNALED(status):
            return ToolCrashed(f"The tool's process died (exit {os.WEXITSTATUS(status)}).")
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return OutOfMemory("The tool ran out of memory.")
        return ToolCrashed(f"The tool's process died ({signal.Signals(number).name}).")

    def _dismiss(self, its: _Child) -> None:
        kill_group(its.pid)
        its.pipe.close()
        self._zygote.ended(its.pid)

    def renew(self) -> None:
        """Have another child: one of a snapshot draws the same random numbers in every copy of it."""
        if self._child is not None:
            self._dismiss(self._child)
        self._child = self._spawn()

    def close(self) -> None:
        """Stop every process and remove the files."""
        with suppress(ZygoteGone):  # its children are gone with it
            if self._child is not None:
                self._dismiss(self._child)
        self._zygote.close()
        self._clear_folder()

    def _empty_folder(self) -> Path:
        """Return the last run's folder if that put nothing into it, or else a new one."""
        if self._folder is None or not self._folder.is_dir() or any(self._folder.iterdir()):
            self._clear_folder()
            self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        return self._folder

    def _clear_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _listen(its: _Child, watcher: Watcher, deadline: float) -> tuple[tuple[Output, ...], Exception | None]:
    """Relay what a child says until its run has ended; return what came of it."""
    outputs: list[Output] = []
    while True:
        _check(watcher, deadline)
        if not its.pipe.has_heard(LOOK_SECONDS):
            # What the tool has started may still hold the other end of the pipe; and it may just have ended.
            if has_died(its.pid) and not its.pipe.has_heard(0):
                raise EOFError
            continue
        header, body = its.pipe.hear()
        word, *rest = orjson.loads(header)
        if word == "ended":
            kind, arguments, peak = rest
            _tell_peak(watcher, peak)
            return tuple(outputs), _rebuilt(kind, arguments) if kind else None
        if word == "output":
            name, data_type, in_file, files, has_z, has_m = rest
            paths = {n: Path(p) for n, p in files.items()}
            outputs.append(Output(name, data_type, Path(in_file) if in_file else body, paths, has_z, has_m))
        elif word == "message":
            watcher.message(Message(*rest))
        elif word == "progress":
            watcher.progress(*rest)


def _sweep_folders() -> None:
    """Remove what a process left that died: Lambda keeps the disk when it starts a function anew."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner == str(os.getpid()) or not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _check(watcher: Watcher, deadline: float) -> None:
    watcher.check()
    if time.monotonic() >= deadline:
        raise DeadlinePassed("The tool ran out of time.")


def _tell_peak(watcher: Watcher, peak: int | None) -> None:
    if peak is not None:
        watcher.measured(peak)


def _rebuilt(name: str, arguments: list[str]) -> Exception:
    kind = getattr(errors, name)
    error: Exception = kind.__new__(kind)
    Exception.__init__(error, *arguments)
    if isinstance(error, errors.RequestError):
        error.details = tuple(arguments)
    return error
