"""Servers that fall silent in the middle of an answer, by a script."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.patience import LONG


class SilentServer:
    """A server of one connection after the other, which follows a script with each.

    Attributes:
        place: Host and port.
        connections: How many it has had.
        silent: When it fell silent, on the monotonic clock; None before.
        gone: Set when a client has hung up, before or after the server fell silent.
    """

    def __init__(self, script: Callable[[SilentServer, socket.socket], None]) -> None:
        self.script = script
        self.connections = 0
        self.silent: float | None = None
        self.gone = threading.Event()
        self.stop = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.place = f"127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self) -> None:
        """Accept connections until there is no more listening."""
        with suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    connection.settimeout(LONG)
                    self.script(self, connection)
                self.gone.set()

    def wait(self) -> bool:
        """Wait 30 ms; return whether the test is over."""
        return self.stop.wait(0.03)

    def fall_silent(self, connection: socket.socket) -> None:
        """Send nothing more, and wait until the other side hangs up."""
        self.silent = time.monotonic()
        with suppress(ConnectionError):
            while connection.recv(65_536):
                pass


@contextmanager
def serve_script(script: Callable[[SilentServer, socket.socket], None]) -> Iterator[SilentServer]:
    """Serve by a script until the end of the block."""
    server = SilentServer(script)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.listening.shutdown(socket.SHUT_RDWR)
        server.listening.close()
        thread.join(10)


def answer_part(answer: bytes) -> Callable[[SilentServer, socket.socket], None]:
    """Return the script of a server that reads a request, answers a part, and falls silent."""

    def script(server: SilentServer, connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)
        server.fall_silent(connection)

    return script


def drip(answer: bytes) -> Callable[[SilentServer, socket.socket], None]:
    """Return the script of a server that goes on and on, a byte at a time."""

    def script(server: SilentServer, connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)
        server.silent = time.monotonic()
        while not server.wait():
            connection.sendall(b"x")

    return script


def read_nothing(server: SilentServer, connection: socket.socket) -> None:
    """Read nothing, so that a client which sends much is stuck."""
    server.silent = time.monotonic()
    server.stop.wait(LONG)
