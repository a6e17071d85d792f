"""Connections to the very addresses that were checked, which end when their time is over."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache

from gpserverless.fetch.policy import Target

CONNECT_SECONDS = 3.0


def connected(
    target: Target, addresses: Iterable[str], alive: Callable[[], None]
) -> http.client.HTTPConnection:
    """Return a connection to the first address that takes one.

    Args:
        target: What is to be asked.
        addresses: Its addresses, which have been checked.
        alive: Called before each; what it raises ends everything.

    Raises:
        OSError: None does.
    """
    problem: OSError | None = None
    for address in addresses:
        alive()
        try:
            return _connect(target, address)
        except OSError as failure:
            problem = failure
    raise problem or OSError("no address")


def cut_at(connection: http.client.HTTPConnection, deadline: float, silent_seconds: float) -> threading.Timer:
    """Cut a connection at a deadline, unless the timer is cancelled before.

    A socket's own timeout is not enough: it starts anew with every byte.

    Args:
        connection: The connection.
        deadline: When, by the monotonic clock.
        silent_seconds: Longest time without a byte.
    """
    sock = connection.sock
    sock.settimeout(min(max(deadline - time.monotonic(), 0) + 1, silent_seconds))

    def cut() -> None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already

    timer = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    return timer


def _connect(target: Target, address: str) -> http.client.HTTPConnection:
    """Connect to an address under the name that was asked for."""
    sock = socket.create_connection((address, target.port), CONNECT_SECONDS)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.scheme == "https":
            sock = _tls().wrap_socket(sock, server_hostname=target.host)
    except OSError:
        sock.close()
        raise
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.auto_open = 0  # it must never connect by itself: that would ask the name server again
    connection.sock = sock
    return connection


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
