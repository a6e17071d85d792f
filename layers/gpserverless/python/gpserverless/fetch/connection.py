"""Connections to servers on which a cancel ends every wait.

A blocking socket does not notice a cancel, and its timeout starts anew with every byte. So every wait is cut
into short slices, and the deadline is checked after each. A read, a write and a handshake that time out after
a slice may be tried again, on plain sockets and on those with TLS.
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
from gpserverless.errors import InvalidValue
from gpserverless.fetch.policy import Policy, UrlParts
from gpserverless.values.quotation import quoted

RESOLVE_SECONDS = 5.0
CONNECT_SECONDS = 3.0
"""Most seconds for the connection to one address, and for the handshake on it."""

SILENT_SECONDS = 20.0
"""Most seconds without a byte."""

T = TypeVar("T")


class Connection:
    """A connection that stands for the socket in `http.client`.

    Args:
        sock: The connected socket; the connection closes it.
        deadline: Deadline of every wait, until another one is set.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        sock.settimeout(CHECK_SECONDS)
        self._sock = sock
        self.deadline = deadline

    def http(self, target: UrlParts) -> http.client.HTTPConnection:
        """Return a connection of `http.client` for one request to a target.

        Args:
            target: Parts of the URL.
        """
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.auto_open = 0  # it must never connect by itself: that would ask the name server again
        connection.sock = self
        return connection

    def sendall(self, data: bytes) -> None:
        """Send some bytes.

        Args:
            data: The bytes.
        """
        rest = memoryview(data)
        while rest:
            rest = rest[self._wait_in_slices(partial(self._sock.send, rest)) :]

    def makefile(self, mode: str) -> BinaryIO:
        """Return a reader of the received bytes; to close it leaves the connection open.

        Args:
            mode: Mode of the reader: "rb".
        """
        return io.BufferedReader(_Reader(self))

    def receive_into(self, buffer: memoryview) -> int:
        """Receive bytes into a buffer, and return their number: 0 at the end.

        Args:
            buffer: A writable buffer.
        """
        return self._wait_in_slices(partial(self._sock.recv_into, buffer))

    def shake_hands(self, host: str) -> None:
        """Begin TLS.

        Args:
            host: Name that the certificate of the server must have.

        Raises:
            ssl.SSLError: The certificate is not valid.
        """
        secured = _tls_context().wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)
        self._sock = secured
        self._wait_in_slices(secured.do_handshake)

    def close(self) -> None:
        """Do nothing: `http.client` calls it while the answer is still to be read."""

    def disconnect(self) -> None:
        """Close the connection."""
        self._sock.close()

    def _wait_in_slices(self, act: Callable[[], T]) -> T:
        """Call a function that times out after each slice, until it returns."""
        deadline = self.deadline.at_most(SILENT_SECONDS)
        while True:
            deadline.check()
            with suppress(TimeoutError):
                return act()


class _Reader(io.RawIOBase):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._connection.receive_into(buffer)


def connect(policy: Policy, target: UrlParts, deadline: Deadline) -> Connection:
    """Connect to a server, at the first of its addresses that answers.

    Args:
        policy: Addresses that may be asked.
        target: The server.
        deadline: Deadline of the connection, and of every wait on it afterwards.

    Raises:
        InvalidValue: The server has no address that may be asked, or the name server is silent.
        OSError: No address answers, or not in time, or its certificate is not valid.
    """
    problem: OSError | None = None
    for address in _resolve(policy, target, deadline):
        deadline.check()
        try:
            return _connect_to(target, address, deadline)
        except OSError as failure:
            problem = failure
    raise problem or OSError("no address")


def _resolve(policy: Policy, target: UrlParts, deadline: Deadline) -> list[str]:
    try:
        return deadline.at_most(RESOLVE_SECONDS).wait_for(lambda _: policy.resolve(target))
    except TimeoutError:
        raise InvalidValue(f"the host {quoted(target.host)} could not be looked up in time") from None


def _connect_to(target: UrlParts, address: str, deadline: Deadline) -> Connection:
    """Connect to the very address that was checked, with the host's name for TLS."""
    sock = _open_socket(address, target.port, deadline.at_most(CONNECT_SECONDS))
    connection = Connection(sock, deadline.at_most(CONNECT_SECONDS))
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.scheme == "https":
            connection.shake_hands(target.host)
        connection.deadline = deadline
    except BaseException:
        connection.disconnect()
        raise
    return connection


def _open_socket(address: str, port: int, deadline: Deadline) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        problem = sock.connect_ex((address, port))
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            while problem == errno.EINPROGRESS:
                deadline.check()
                if selector.select(CHECK_SECONDS):
                    problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            raise OSError(problem, os.strerror(problem))
    except BaseException:
        sock.close()
        raise
    return sock


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()
