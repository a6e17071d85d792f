"""Processes as Linux has them: their families, how they end, and which files they share."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import stat
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): the signal a process gets when its parent dies; whether others of its user may look into it;
whether it becomes the parent of what its descendants leave behind."""

_POLL_SECONDS = 0.002
_DESCRIPTORS = Path("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")
_STANDARD_STREAMS = (0, 1, 2)
_REOPENED_FLAGS = os.O_ACCMODE | os.O_APPEND


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process; nothing happens off Linux.

    Args:
        option: Number of the attribute (prctl(2)).
        value: Its value.
    """
    if sys.platform == "linux":
        _libc().prctl(option, value, 0, 0, 0)


def fork() -> int:
    """Fork, although numerical libraries have threads: these are idle, and have their own fork handlers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def kill_group(pid: int) -> None:
    """Kill a process and its process group.

    Args:
        pid: Id of the process.
    """
    for kill in (os.killpg, os.kill):  # it may not have made its own group yet
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def reap(pid: int, seconds: float = 0.0) -> int:
    """Kill a child of this process with its process group, and return how it ended, as `os.waitpid` says it.

    Args:
        pid: Id of the child.
        seconds: How long it may take to end by itself before it is killed.
    """
    end = time.monotonic() + seconds
    # It stays a zombie until its group is killed, so that its id is nobody else's.
    while time.monotonic() < end and not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
        time.sleep(_POLL_SECONDS)
    kill_group(pid)
    return os.waitpid(pid, 0)[1]


def kill_children() -> None:
    """Kill and reap every child of this process, and what becomes its child by that."""
    while _has_children():
        for pid in _list_children():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def has_ended(pid: int) -> bool:
    """Return whether a process has ended, reaped or not; never off Linux.

    Args:
        pid: Id of the process.
    """
    if sys.platform != "linux":
        return False
    found = _state_and_parent(pid)
    return found is None or found[0] == "Z"


def close_sockets_but(kept: int) -> None:
    """Close every inherited socket and pipe, except one and the standard streams.

    Files stay open: PROJ has its database open, and closes that number in each process that it finds itself
    forked into. Were it closed here, by then it would be the number of something else.

    Args:
        kept: File descriptor that stays open.
    """
    for number in _open_descriptors():
        if number != kept and not _is_file(number):
            with suppress(OSError):  # the number that the list itself was read by
                os.close(number)


def reopen_files() -> None:
    """Give this process its own position in every inherited file, which a fork shares between processes."""
    for number in _open_descriptors():
        if _is_file(number):
            with suppress(OSError):  # a file that may not be opened again stays shared
                position = os.lseek(number, 0, os.SEEK_CUR)
                flags = fcntl.fcntl(number, fcntl.F_GETFL) & _REOPENED_FLAGS
                reopened = os.open(_DESCRIPTORS / str(number), flags | os.O_CLOEXEC)
                os.lseek(reopened, position, os.SEEK_SET)
                os.dup2(reopened, number, inheritable=os.get_inheritable(number))
                os.close(reopened)


def _has_children() -> bool:
    """Return whether this process has children, at less cost than a list of them; zombies are reaped."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
        return True
    return False


def _list_children() -> list[int]:
    me = os.getpid()
    return [pid for pid in _list_processes() if (_state_and_parent(pid) or ("", 0))[1] == me]


def _list_processes() -> list[int]:
    if sys.platform != "linux":
        return []
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _state_and_parent(pid: int) -> tuple[str, int] | None:
    """Return the letter of a process's state and the id of its parent (proc(5), stat); None if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[1])


def _open_descriptors() -> Iterator[int]:
    """Yield the numbers of open files and sockets, except the standard streams."""
    numbers = [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
    yield from (number for number in numbers if number not in _STANDARD_STREAMS)


def _is_file(descriptor: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return False


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
