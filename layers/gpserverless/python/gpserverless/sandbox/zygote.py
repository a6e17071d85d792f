"""The zygote: the process that children are forked from, warm like the function, and without its secrets.

The function itself soon holds credentials, in its environment and in its AWS clients. So at the cold start,
before there are any clients, it forks the zygote, which wipes its environment. From then on the zygote forks
one child after the other, kills the processes that the last one left, and tells how that ended. A child is a
copy of the zygote, not of the function.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.processes import (
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    close_sockets_but,
    fork,
    kill_children,
    prctl,
    reap,
    reopen_files,
)

SECRETS = ("AWS_", "_HANDLER", "_X_AMZN")
"""Beginnings of environment variables that a tool must not see."""

EXIT_SECONDS = 1.0
"""How long a child whose pipe is closed may take to end before it is killed."""

Serve = Callable[[Pipe], None]
"""What a child does with its end of a pipe, until it returns or the child is killed."""

_FORK, _REAP, _KILL = b"f", b"r", b"k"
_NUMBER = struct.Struct("!i")


class ZygoteGone(ChildProcessError):
    """The zygote has been killed: this process can run no tool any more.

    It cannot fork another, because it holds credentials by now.
    """


class Zygote:
    """Forks children that are all alike, one at a time.

    Args:
        warm_up: Done once before the first fork, so that no child has to.
        serve: The work of a child.
    """

    def __init__(self, warm_up: Callable[[], None], serve: Serve) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # A child of the same user could otherwise read this process's environment from /proc.
        prctl(PR_SET_DUMPABLE, 0)
        self._pid = fork()
        if self._pid == 0:
            _do_and_exit(lambda: _answer_requests(theirs, warm_up, serve), theirs.fileno())
        theirs.close()

    def request_child(self, descriptor: int) -> None:
        """Ask for a child, without waiting for it; what is left of the one before is killed first.

        Args:
            descriptor: The file descriptor of the child's end of its pipe.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        self._send(_FORK, [descriptor])

    def receive_child(self) -> int:
        """Wait for the child that was asked for, and return its process id.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        return self._receive()

    def reap_child(self, *, kill: bool = False) -> int:
        """Wait until the child and all that it started have ended; return how, as `os.waitpid` says it.

        Args:
            kill: Whether to kill it now. If not, it has a second to end by itself.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        self._send(_KILL if kill else _REAP)
        return self._receive()

    def close(self) -> None:
        """End the zygote and its child."""
        self._socket.close()
        os.waitpid(self._pid, 0)

    def _send(self, request: bytes, descriptors: Iterable[int] = ()) -> None:
        try:
            socket.send_fds(self._socket, [request], list(descriptors))
        except ConnectionError:
            raise ZygoteGone("the process that tools are forked from is gone") from None

    def _receive(self) -> int:
        try:
            answer = self._socket.recv(_NUMBER.size)
        except ConnectionError:
            answer = b""
        if not answer:
            raise ZygoteGone("the process that tools are forked from is gone")
        return int(_NUMBER.unpack(answer)[0])


class _ForkServer:
    """The zygote's own side: its one child.

    Args:
        serve: The work of a child.
    """

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._child: int | None = None

    def fork(self, descriptor: int) -> int:
        """Fork a child, after the last one and all that it started have ended."""
        self.reap(0.0)
        self._child = fork()
        if self._child == 0:
            _do_and_exit(partial(_become_child, descriptor, self._serve), descriptor)
        os.close(descriptor)
        return self._child

    def reap(self, seconds: float) -> int:
        """End the child and all that it started; return its status, or 0 if there is none."""
        status = 0 if self._child is None else reap(self._child, seconds)
        self._child = None
        # What it started in sessions of their own has become this process's by its end.
        kill_children()
        return status


def _answer_requests(requests: socket.socket, warm_up: Callable[[], None], serve: Serve) -> None:
    _wipe_environment()
    _reset_signals()
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    warm_up()
    gc.freeze()  # so that no child ever walks, and copies, what all share
    gc.enable()
    server = _ForkServer(serve)
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, 16, 1)
        if request == _FORK:
            answer = server.fork(descriptors[0])
        elif request in (_REAP, _KILL):
            answer = server.reap(EXIT_SECONDS if request == _REAP else 0.0)
        else:
            server.reap(0.0)
            return
        requests.send(_NUMBER.pack(answer))


def _become_child(descriptor: int, serve: Serve) -> None:
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    reopen_files()
    serve(Pipe.from_descriptor(descriptor))


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


def _reset_signals() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A handler of the process that was forked, such as an event loop's, would be called for each child here.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The signal that a child died of is its run's error. A dump would be in the log without the run's ids.
    faulthandler.disable()


def _do_and_exit(work: Callable[[], None], descriptor: int) -> None:
    """Do the work of a forked process, with one file descriptor beside the standard streams, and exit."""
    code = 1
    try:
        close_sockets_but(descriptor)
        work()
        code = 0
    finally:
        os._exit(code)
