"""The zygote: the process that children are forked from, warm like the function, and without its secrets.

The function itself soon holds credentials, in its environment and in its AWS clients. So at the cold start,
before there are any clients, it forks the zygote, which wipes its environment. From then on the zygote forks
one child after the other, kills what a child leaves, and tells how it ended. While a child runs a tool, the
next one waits. A child is a copy of the zygote, not of the function.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import logging
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.processes import (
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    close_sockets_but,
    fork,
    fork_without_handlers,
    kill_children,
    list_files,
    prctl,
    reap,
    reopen_files,
)

SECRETS = ("AWS_", "_HANDLER", "_X_AMZN")
"""Beginnings of environment variables that a tool must not see."""

Serve = Callable[[Pipe], None]
"""What a child does with its end of a pipe, until it returns or the child is killed."""

_FORK, _END = b"f", b"e"
_REQUEST, _NUMBER = struct.Struct("!cid"), struct.Struct("!i")


logger = logging.getLogger(__name__)


class ZygoteGone(ChildProcessError):
    """The zygote has been killed: this process can run no tool any more.

    It cannot fork another, because it holds credentials by now.
    """


class Zygote:
    """Forks children that are all alike, and ends them; it does one request after the other.

    Args:
        prepare: Done once before the first fork, so that no child has to.
        serve: The work of a child.
    """

    def __init__(self, prepare: Callable[[], None], serve: Serve) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._sent = self._received = 0
        self._answers: dict[int, int] = {}  # those that came before they were waited for
        # A child of the same user could otherwise read this process's environment from /proc.
        prctl(PR_SET_DUMPABLE, 0)
        self._pid = fork()
        if self._pid == 0:
            _do_and_exit(lambda: _be_zygote(theirs, prepare, serve))
        theirs.close()

    def request_child(self, descriptor: int) -> int:
        """Ask for a child, without waiting for it; return the number of the request.

        Args:
            descriptor: The file descriptor of the child's end of its pipe.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        return self._send(_REQUEST.pack(_FORK, 0, 0.0), [descriptor])

    def request_end(self, pid: int, seconds: float = 0.0) -> int:
        """Ask for the end of a child and of all that it has started; return the number of the request.

        Args:
            pid: Id of the child.
            seconds: How long it may take to end by itself before it is killed.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        return self._send(_REQUEST.pack(_END, pid, seconds))

    def wait(self, request: int) -> int:
        """Wait until a request is done, and return the new child's id, or how a child ended (`os.waitpid`).

        Args:
            request: Number of the request; each can be waited for once.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        while request not in self._answers:
            self._answers[self._received] = self._receive()
            self._received += 1
        return self._answers.pop(request)

    def close(self) -> None:
        """End the zygote and its children."""
        self._socket.close()
        os.waitpid(self._pid, 0)

    def _send(self, request: bytes, descriptors: Iterable[int] = ()) -> int:
        try:
            socket.send_fds(self._socket, [request], list(descriptors))
        except ConnectionError:
            raise ZygoteGone("the process that tools are forked from is gone") from None
        self._sent += 1
        return self._sent - 1

    def _receive(self) -> int:
        try:
            answer = self._socket.recv(_NUMBER.size)
        except ConnectionError:
            answer = b""
        if not answer:
            raise ZygoteGone("the process that tools are forked from is gone")
        return int(_NUMBER.unpack(answer)[0])


class _ForkServer:
    """The zygote's own side: its children.

    Args:
        serve: The work of a child.
        requests: The zygote's socket, which is closed in children.
    """

    def __init__(self, serve: Serve, requests: socket.socket) -> None:
        self._serve = serve
        self._requests = requests
        self._files = list_files()
        self._children: set[int] = set()

    def fork(self, descriptor: int) -> int:
        """Fork a child, and return its id."""
        pid = fork_without_handlers()
        if pid == 0:
            _do_and_exit(partial(self._become_child, descriptor))
        os.close(descriptor)
        self._children.add(pid)
        return pid

    def end(self, pid: int, seconds: float) -> int:
        """End a child and all that it has started; return its status."""
        status = reap(pid, seconds)
        self._children.remove(pid)
        # What it started in sessions of their own has become this process's by its end.
        kill_children(but=self._children)
        return status

    def close(self) -> None:
        """End every child."""
        for pid in [*self._children]:
            self.end(pid, 0.0)

    def _become_child(self, descriptor: int) -> None:
        self._requests.close()
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        reopen_files(self._files)
        self._serve(Pipe.from_descriptor(descriptor))


def _be_zygote(requests: socket.socket, prepare: Callable[[], None], serve: Serve) -> None:
    close_sockets_but(requests.fileno())
    _wipe_environment()
    _reset_signals()
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    prepare()
    gc.freeze()  # so that no child ever walks, and copies, what all share
    gc.enable()
    server = _ForkServer(serve, requests)
    with suppress(ConnectionError):  # the function has ended, and there are answers that it has not read
        _answer_requests(requests, server)
    server.close()


def _answer_requests(requests: socket.socket, server: _ForkServer) -> None:
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _REQUEST.size, 1)
        if not request:
            return
        kind, pid, seconds = _REQUEST.unpack(request)
        answer = server.fork(descriptors[0]) if kind == _FORK else server.end(pid, seconds)
        requests.send(_NUMBER.pack(answer))


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


def _do_and_exit(work: Callable[[], None]) -> None:
    """Do the work of a forked process, and exit."""
    code = 1
    try:
        work()
        code = 0
    except Exception:  # no other process would report it
        logger.exception("a process of the sandbox failed")
    finally:
        os._exit(code)
