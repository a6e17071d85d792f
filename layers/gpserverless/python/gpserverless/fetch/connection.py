"""The line to a server: a connection on which every wait can be ended.

A blocking socket hears nothing of a cancel, and its timeout starts anew with every byte. Here all waiting is
done in short slices, and after each the patience is asked whether to go on. A read, a write and a handshake
that ran out of a slice may simply be tried again, on plain sockets and on those with TLS.
"""

from __future__ import annotations

import errno
import http.client
import io
import os
import selectors
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import BinaryIO, TypeVar

from gpserverless.cancellation import CHECK_SECONDS, Deadline
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue
from gpserverless.fetch.policy import Policy, Target

RESOLVE_SECONDS = 5.0
CONNECT_SECONDS = 3.0
"""Longest time for the connection to one address, and for the handshake on it."""

SILENT_SECONDS = 20.0
"""Longest time without a byte."""

T = TypeVar("T")


class Connection:
    """A connection; stands for the socket in `http.client`.

    Args:
        sock: The connected socket; the line's from here on.
        patience: How long everything that is done on the line may take, until another one is set.
    """

    def __init__(self, sock: socket.socket, patience: Deadline) -> None:
        sock.settimeout(CHECK_SECONDS)
        self._sock = sock
        self.patience = patience

    def http(self, target: Target) -> http.client.HTTPConnection:
        """Return what speaks HTTP on the line, for one request."""
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.auto_open = 0  # it must never connect by itself: that would ask the name server again
        connection.sock = self
        return connection

    def sendall(self, data: bytes) -> None:
        """Send some bytes."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._in_slices(partial(self._sock.send, rest)) :]

    def makefile(self, mode: str) -> BinaryIO:
        """Return a reader of what arrives; closing it leaves the line open."""
        return io.BufferedReader(_Reader(self))

    def receive_into(self, buffer: memoryview) -> int:
        """Fill a buffer with what has arrived, or wait for it; return how many bytes, 0 at the end."""
        return self._in_slices(partial(self._sock.recv_into, buffer))

    def shake_hands(self, host: str) -> None:
        """Go on with TLS.

        Args:
            host: Name that the server must prove to have.

        Raises:
            ssl.SSLError: It cannot.
        """
        secured = _tls().wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)
        self._sock = secured
        self._in_slices(secured.do_handshake)

    def close(self) -> None:
        """Do nothing: `http.client` closes while the answer is still to be read. Whoever called hangs up."""

    def hang_up(self) -> None:
        """Close the connection."""
        self._sock.close()

    def _in_slices(self, act: Callable[[], T]) -> T:
        """Do something that times out after a slice, again and again."""
        patience = self.patience.at_most(SILENT_SECONDS)
        while True:
            patience.check()
            with suppress(TimeoutError):
                return act()


class _Reader(io.RawIOBase):
    def __init__(self, line: Connection) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._line.receive_into(buffer)


def call(policy: Policy, target: Target, patience: Deadline) -> Connection:
    """Connect to a server, at the first of its addresses that answers.

    Raises:
        InvalidValue: It has no address that may be asked, or the name server is silent.
        OSError: Nobody answers at any of them, or not in time, or not who should.
    """
    problem: OSError | None = None
    for address in _addresses(policy, target, patience):
        patience.check()
        try:
            return _call(target, address, patience)
        except OSError as failure:
            problem = failure
    raise problem or OSError("no address")


def _addresses(policy: Policy, target: Target, patience: Deadline) -> list[str]:
    try:
        return patience.at_most(RESOLVE_SECONDS).wait_for(lambda _: policy.addresses(target))
    except TimeoutError:
        raise InvalidValue(f"the host {quoted(target.host)} could not be looked up in time") from None


def _call(target: Target, address: str, patience: Deadline) -> Connection:
    """Connect to the very address that was checked, under the name that was asked for."""
    sock = _connected(address, target.port, patience.at_most(CONNECT_SECONDS))
    line = Connection(sock, patience.at_most(CONNECT_SECONDS))
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.scheme == "https":
            line.shake_hands(target.host)
        line.patience = patience
    except BaseException:
        line.hang_up()
        raise
    return line


def _connected(address: str, port: int, patience: Deadline) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        problem = sock.connect_ex((address, port))
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            while problem == errno.EINPROGRESS:
                patience.check()
                if selector.select(CHECK_SECONDS):
                    problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            raise OSError(problem, os.strerror(problem))
    except BaseException:
        sock.close()
        raise
    return sock


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
