"""The process that children are forked from: warm like the function, and without its secrets.

The function itself soon holds credentials, in its environment and in its AWS clients. So at the cold start,
before there are any clients, it forks the zygote, which wipes its environment and from then on does nothing
but fork a child when asked, and say how one ended. A child is a copy of the zygote, not of the function.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import stat
import struct
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from gpserverless.sandbox.pipe import Pipe

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): the signal a process gets when its parent dies; whether others of its user may look into it;
whether what its descendants leave behind becomes its own."""

SECRETS = ("AWS_", "_HANDLER", "_X_AMZN")
"""Beginnings of environment variables that a tool must not see."""

PATIENCE_SECONDS = 1.0
"""How long a child that has hung up may take to end before it is killed."""

_DESCRIPTORS = Path("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")
_FORK, _ENDED = b"f", b"e"
_NUMBER = struct.Struct("!i")


class ZygoteGone(ChildProcessError):
    """The zygote has been killed: this process can run no tool any more.

    It cannot fork another, because it holds credentials by now.
    """


class Zygote:
    """Forks children that are all alike.

    Args:
        warm_up: Done once before the first fork, so that no child has to.
        serve: What a child does with its end of a pipe, until it returns or the child is killed.
    """

    def __init__(self, warm_up: Callable[[], None], serve: Callable[[Pipe], None]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # A child of the same user could otherwise read this process's environment from /proc.
        _prctl(PR_SET_DUMPABLE, 0)
        self._pid = _fork()
        if self._pid == 0:
            _leave(lambda: _fork_on_request(theirs, warm_up, serve), theirs.fileno())
        theirs.close()

    def spawn(self, theirs: int) -> int:
        """Fork a child with the file descriptor `theirs` as its end of a pipe, and return its process id.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        return self._asked(_FORK, [theirs])

    def ended(self, pid: int) -> int:
        """Return how a child that has hung up ended, as `os.wait` says it; one that lingers is killed.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        return self._asked(_ENDED + _NUMBER.pack(pid))

    def _asked(self, request: bytes, descriptors: Iterable[int] = ()) -> int:
        try:
            socket.send_fds(self._socket, [request], list(descriptors))
            answer = self._socket.recv(_NUMBER.size)
        except ConnectionError:
            answer = b""
        if not answer:
            raise ZygoteGone("the process that tools are forked from is gone")
        return int(_NUMBER.unpack(answer)[0])

    def close(self) -> None:
        """End the zygote."""
        self._socket.close()
        os.waitpid(self._pid, 0)


def kill_group(pid: int) -> None:
    """Kill a child and whatever it started."""
    for kill in (os.killpg, os.kill):  # it may not have made its own group yet
        try:
            kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def has_died(pid: int) -> bool:
    """Return whether a process has ended, waited for or not; never off Linux."""
    if sys.platform != "linux":
        return False
    found = _state_and_parent(pid)
    return found is None or found[0] == "Z"


def may_look_at_itself(look: Callable[[], None]) -> None:
    """Do something that needs files of this process in /proc, which are root's while it is not dumpable."""
    _prctl(PR_SET_DUMPABLE, 1)
    look()
    _prctl(PR_SET_DUMPABLE, 0)


def _fork_on_request(
    requests: socket.socket, warm_up: Callable[[], None], serve: Callable[[Pipe], None]
) -> None:
    _wipe_environment()
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    warm_up()
    gc.freeze()  # so that no child ever walks, and copies, what all share
    gc.enable()
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 16, 1)
        if not message:
            return
        if message[:1] == _FORK:
            pid = _fork()
            if pid == 0:
                _leave(partial(_become_child, descriptors[0], serve), descriptors[0])
            os.close(descriptors[0])
            requests.send(_NUMBER.pack(pid))
        else:
            requests.send(_NUMBER.pack(_status_of(_NUMBER.unpack(message[1:])[0])))


def _become_child(descriptor: int, serve: Callable[[Pipe], None]) -> None:
    os.setsid()
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)  # so that it sees, after a run, whatever that has left running
    serve(Pipe.of(descriptor))


def _status_of(pid: int) -> int:
    status = _waited_for(pid)
    _kill_orphans()
    return status


def _kill_orphans() -> None:
    """Kill what a child has started in sessions of its own: with its end they have become children of this.

    There is one child at a time, and it is gone.
    """
    me = os.getpid()
    while orphans := [pid for pid in _processes() if (_state_and_parent(pid) or ("", 0))[1] == me]:
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _processes() -> list[int]:
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


def _waited_for(pid: int) -> int:
    patience_ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience_ends:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            kill_group(pid)
            return status
        time.sleep(0.005)
    kill_group(pid)
    return os.waitpid(pid, 0)[1]


def _wipe_environment() -> None:
    """Remove the secrets from the environment, and the block that /proc shows of how the process began."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    os.environ.clear()
    if sys.platform == "linux":
        # Fields 50 and 51 of proc(5)'s stat: where the block begins and ends.
        fields = Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()
        begin, end = int(fields[47]), int(fields[48])
        ctypes.memset(begin, 0, end - begin)
    os.environ.update(kept)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _fork() -> int:
    with warnings.catch_warnings():
        # Threads of the numerical libraries are idle and have their own fork handlers.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _leave(work: Callable[[], None], descriptor: int) -> None:
    """Do the work of a forked process, with one file descriptor beside the standard ones, and end it."""
    code = 1
    try:
        _close_all_but(descriptor)
        work()
        code = 0
    finally:
        os._exit(code)


def _close_all_but(descriptor: int) -> None:
    """Close every socket and pipe that was inherited, but one.

    Files stay open: PROJ has its database open, and closes that number in each process that it finds itself
    forked into. Were it closed here, by then it would be the number of something else.
    """
    for entry in list(_DESCRIPTORS.iterdir()):
        number = int(entry.name)
        if number > 2 and number != descriptor and not _is_file(number):
            with suppress(OSError):  # the number that the list itself was read by
                os.close(number)


def _is_file(descriptor: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _libc().prctl(option, value, 0, 0, 0)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
