"""A connection on which a request does not go on ends, and half a request reaches nobody."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from local import http_protocol
from local.http_server import ClientGone, Receive, Scope, Send, make_http_server, open_listener, read_body
from tests.patience import LONG, SOON

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n"
LARGE = 10_000_000


class Application:
    """Answers with the length of a body.

    Attributes:
        bodies: The bodies of all requests that have come to their end.
        gone: Set when a client has gone before.
        may_read: Set while it may read a body.
    """

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.gone = threading.Event()
        self.may_read = threading.Event()
        self.may_read.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(self.may_read.wait)
        try:
            body = await read_body(receive)
        except ClientGone:
            self.gone.set()
            return
        self.bodies.append(body)
        headers = [(b"content-length", b"%d" % len(str(len(body))))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": str(len(body)).encode()})


class Server:
    """A running server."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.listener = open_listener(0)
        self.server = make_http_server(application)
        self.server.config.timeout_keep_alive = 1
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.server.serve(sockets=[self.listener])), daemon=True
        )
        self.thread.start()

    def connect(self) -> socket.socket:
        return socket.create_connection(self.listener.getsockname(), timeout=LONG)

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(LONG)
        self.listener.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(http_protocol, "BODY_SECONDS", 0.3)
    running = Server(Application())
    yield running
    running.stop()


def read_to_end(connection: socket.socket) -> bytes:
    """Return all that comes until the server hangs up; one that does not fails the test by its timeout."""
    received = b""
    while block := connection.recv(65_536):
        received += block
    return received


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Return status and body of one answer; the connection stays open."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.read()


STUCK = [
    pytest.param(b"", b"", id="says nothing"),
    pytest.param(b"GE", b"HTTP/1.1 408", id="in the first line"),
    pytest.param(GET[:-4], b"HTTP/1.1 408", id="in the headers"),
    pytest.param(POST, b"HTTP/1.1 408", id="before the body"),
    pytest.param(POST + b"half", b"HTTP/1.1 408", id="in the body"),
]


@pytest.mark.parametrize(("sent", "answer"), STUCK)
def test_connection_that_is_stuck_ends(server: Server, sent: bytes, answer: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(sent)
        received = read_to_end(connection)
    assert received.startswith(answer)
    assert bool(received) == bool(answer)
    assert server.application.bodies == []
    assert not sent.startswith(POST) or server.application.gone.wait(SOON)


@pytest.mark.parametrize("more", [b"", b"GET"])
def test_connection_ends_when_no_other_request_comes(server: Server, more: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(GET)
        assert read_answer(connection) == (200, b"0")
        connection.sendall(more)
        assert read_to_end(connection).startswith(b"HTTP/1.1 408" if more else b"")


def test_headers_have_their_time_in_all(server: Server) -> None:
    pause = threading.Event()
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nx: ")
        for _ in range(int(SOON / 0.05)):
            try:
                connection.sendall(b"x")
            except ConnectionError:
                break
            pause.wait(0.05)
        else:
            pytest.fail("a request may take any time")


def test_slow_body_is_read_to_its_end(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "BODY_SECONDS", 1.0)  # less than the body, and far more than a pause
    pause = threading.Event()
    with server.connect() as connection:
        connection.sendall(POST)
        for _ in range(10):
            connection.sendall(b"x")
            pause.wait(0.15)
        assert read_answer(connection) == (200, b"10")


def test_client_is_not_blamed_for_a_slow_application(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "BODY_SECONDS", 1.0)
    application, pause = server.application, threading.Event()
    application.may_read.clear()
    # Head and body in one piece: the server has more than it keeps at once, before it begins to wait.
    request = POST.replace(b"10", b"%d" % LARGE) + bytes(LARGE)
    with server.connect() as connection:
        sending = threading.Thread(target=connection.sendall, args=[request])
        sending.start()
        pause.wait(1.5)
        application.may_read.set()
        assert read_answer(connection) == (200, str(LARGE).encode())
        sending.join(LONG)


def test_client_has_its_time_from_when_the_application_reads_on(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "BODY_SECONDS", 2.0)
    application, pause, first = (
        server.application,
        threading.Event(),
        100_000,
    )  # it stops reading, and has read all of them
    application.may_read.clear()
    with server.connect() as connection:
        connection.sendall(POST.replace(b"10", b"%d" % LARGE) + bytes(first))
        pause.wait(1.5)
        application.may_read.set()
        pause.wait(1.0)
        connection.sendall(bytes(LARGE - first))
        assert read_answer(connection) == (200, str(LARGE).encode())


def test_client_that_hangs_up_leaves_no_request(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"half")
    assert server.application.gone.wait(SOON)
    assert server.application.bodies == []


def test_next_client_is_answered(server: Server) -> None:
    with server.connect() as stuck:
        stuck.sendall(POST)
        with server.connect() as connection:
            connection.sendall(GET)
            assert read_answer(connection) == (200, b"0")


@pytest.mark.parametrize("pieces", [[b"a", b"b"], [b"ab"], [b""]])
def test_body_is_joined(pieces: list[bytes]) -> None:
    messages = [
        {"type": "http.request", "body": piece, "more_body": number + 1 < len(pieces)}
        for number, piece in enumerate(pieces)
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    assert asyncio.run(read_body(receive)) == b"".join(pieces)
