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
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): the signal a process gets when its parent dies; whether others of its user may look into it;
whether it becomes the parent of what its descendants leave behind."""

_POLL_SECONDS = 0.002
_DESCRIPTORS = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
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


def fork_without_handlers() -> int:
    """Fork this process, which has one thread, without the fork handlers of its C libraries.

    The handlers are there for locks that other threads may hold. PROJ's closes its database besides, and the
    first look into it in each child would then take longer than a small run. A child may go on with the
    database: it is only read, no statement is open, and `reopen_files` gives the child its own file.
    """
    if not _has_fork_without_handlers() or len(_list_names("/proc/self/task")) > 1:
        return fork()
    ctypes.pythonapi.PyOS_BeforeFork()
    pid: int = ctypes.pythonapi._Fork()
    after = ctypes.pythonapi.PyOS_AfterFork_Parent if pid else ctypes.pythonapi.PyOS_AfterFork_Child
    after()
    return pid


def read_quickly(path: str) -> bytes:
    """Read a small file of /proc past the buffers of Python, since a caller waits for it.

    Args:
        path: The file.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 65536)
    finally:
        os.close(descriptor)


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


def kill_children(but: Collection[int] = ()) -> None:
    """Kill and reap the children of this process, and what becomes its child by that.

    Args:
        but: Ids of children that live on; they have no children of their own.
    """
    while others := [pid for pid in _list_children() if pid not in but]:
        for pid in others:
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

    Files stay open: PROJ has its database open, and libraries close such a number in a process that they find
    themselves forked into. Were it closed here, by then it would be the number of something else.

    Args:
        kept: File descriptor that stays open.
    """
    for number in _list_descriptors():
        if number != kept and not _is_file(number):
            with suppress(OSError):  # the number that the list itself was read by
                os.close(number)


def list_files() -> tuple[int, ...]:
    """Return the descriptors of all open files; sockets, pipes and the standard streams are none."""
    return tuple(number for number in _list_descriptors() if _is_file(number))


def reopen_files(numbers: Iterable[int]) -> None:
    """Give this process its own position in inherited files, which a fork shares between processes.

    Args:
        numbers: The descriptors of the files.
    """
    for number in numbers:
        with suppress(OSError):  # a file that may not be opened again stays shared
            position = os.lseek(number, 0, os.SEEK_CUR)
            flags = fcntl.fcntl(number, fcntl.F_GETFL) & _REOPENED_FLAGS
            reopened = os.open(f"{_DESCRIPTORS}/{number}", flags | os.O_CLOEXEC)
            os.lseek(reopened, position, os.SEEK_SET)
            os.dup2(reopened, number, inheritable=os.get_inheritable(number))
            os.close(reopened)


def _list_children() -> list[int]:
    """Return the ids of this process's children, zombies too; its main thread is the parent of all."""
    me = os.getpid()
    try:
        return [int(pid) for pid in read_quickly(f"/proc/self/task/{me}/children").split()]
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN, or another system
        return [pid for pid in _list_processes() if (_state_and_parent(pid) or ("", 0))[1] == me]


def _list_processes() -> list[int]:
    return [int(name) for name in _list_names("/proc") if name.isdigit()] if sys.platform == "linux" else []


def _list_names(folder: str) -> list[str]:
    return [path.name for path in Path(folder).iterdir()]


def _state_and_parent(pid: int) -> tuple[str, int] | None:
    """Return the letter of a process's state and the id of its parent (proc(5), stat); None if it is gone."""
    try:
        fields = read_quickly(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except OSError:
        return None
    return fields[0].decode(), int(fields[1])


def _list_descriptors() -> list[int]:
    """Return the numbers of open files and sockets, except the standard streams."""
    return [number for number in map(int, _list_names(_DESCRIPTORS)) if number not in _STANDARD_STREAMS]


def _is_file(descriptor: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return False


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


@cache
def _has_fork_without_handlers() -> bool:
    """Return whether the C library forks without handlers: POSIX.1-2024, glibc 2.34, musl 1.2.2."""
    return sys.platform == "linux" and hasattr(ctypes.pythonapi, "_Fork")
