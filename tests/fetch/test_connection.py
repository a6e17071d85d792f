"""Servers that fall silent, and name servers that do: whatever is waited for, a cancel ends the waiting."""

from __future__ import annotations

import datetime
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gpserverless.errors import Cancelled, DeadlinePassed, InvalidValue, LeaseLost
from gpserverless.fetch import connection as fetch_connection
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.fetch.policy import Policy
from tests.fetch.silent_server import SilentServer, answer_part, drip, read_nothing, serve_script
from tests.patience import LONG, SOON

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
PIECES = 8


SILENCES = [
    pytest.param("http", answer_part(b""), id="before the headers"),
    pytest.param("http", answer_part(b"HTTP/1.1 200 OK\r\nContent-Le"), id="in the headers"),
    pytest.param("http", answer_part(HEADERS % 1000 + b"half of it"), id="in the body"),
    pytest.param("http", answer_part(b"HTTP/1.1 200 OK\r\n\r\nhalf of it"), id="in a body without length"),
    pytest.param(
        "http", answer_part(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"), id="in a chunk"
    ),
    pytest.param("https", answer_part(b""), id="in the handshake"),
    pytest.param("https", answer_part(b"\x16\x03\x03\x00\x7a\x02"), id="in the middle of the handshake"),
    pytest.param("http", drip(b""), id="dripping headers"),
    pytest.param("http", drip(HEADERS % 10**6), id="dripping body"),
]


def ends_when(server: SilentServer, problem: BaseException) -> Callable[[], None]:
    def check_cancelled() -> None:
        if server.silent is not None:
            raise problem

    return check_cancelled


@pytest.mark.parametrize(
    "problem", [Cancelled(), DeadlinePassed(), LeaseLost()], ids=lambda p: type(p).__name__
)
@pytest.mark.parametrize(("scheme", "script"), SILENCES)
def test_wait_for_a_silent_server_ends_with_the_run(
    scheme: str, script: Callable[[SilentServer, socket.socket], None], problem: BaseException
) -> None:
    with serve_script(script) as server, HttpFetcher(_policy(server), ends_when(server, problem)) as fetcher:
        with pytest.raises(type(problem)) as caught:
            fetcher.fetch(FetchRequest(f"{scheme}://{server.place}/"), io.BytesIO())
        assert server.silent is not None
        assert time.monotonic() - server.silent < SOON
        assert caught.value is problem
        assert server.gone.wait(SOON)
        assert not fetcher._connections


@pytest.mark.parametrize(("scheme", "script"), SILENCES)
def test_response_has_its_time_however_the_server_spends_it(
    scheme: str, script: Callable[[SilentServer, socket.socket], None]
) -> None:
    with serve_script(script) as server, HttpFetcher(_policy(server)) as fetcher:
        began = time.monotonic()
        with pytest.raises(InvalidValue, match="did not answer in time"):
            fetcher.fetch(FetchRequest(f"{scheme}://{server.place}/", seconds=0.3), io.BytesIO())
        assert time.monotonic() - began < SOON
        assert server.gone.wait(SOON)


def test_silent_server_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_connection, "SILENT_SECONDS", 0.1)

    def script(server: SilentServer, connection: socket.socket) -> None:
        connection.recv(65_536)
        if server.connections == 1:
            server.fall_silent(connection)
        connection.sendall(HEADERS % 4 + b"well")

    with serve_script(script) as server, HttpFetcher(_policy(server)) as fetcher:

        def pause(seconds: float) -> None:
            monkeypatch.setattr(fetch_connection, "SILENT_SECONDS", LONG)  # the second time it answers

        monkeypatch.setattr(fetcher, "pause", pause)
        sink = io.BytesIO()
        fetcher.fetch(FetchRequest(f"http://{server.place}/"), sink)
        assert sink.getvalue() == b"well"
        assert server.connections == 2


def test_cancel_ends_a_request_that_the_server_does_not_read() -> None:
    with (
        serve_script(read_nothing) as server,
        HttpFetcher(_policy(server), ends_when(server, Cancelled())) as fetcher,
    ):
        with pytest.raises(Cancelled):
            fetcher.fetch(
                FetchRequest(f"http://{server.place}/", form={"where": "x" * 16_000_000}), io.BytesIO()
            )
        assert server.silent is not None
        assert time.monotonic() - server.silent < SOON


def test_cancel_ends_a_connection_attempt() -> None:
    began = time.monotonic()

    def check_cancelled() -> None:
        if time.monotonic() > began + 0.3:
            raise Cancelled

    with ExitStack() as opened:
        full = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # these fill the queue; the kernel lets whoever comes after them wait
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        place = f"127.0.0.1:{full.getsockname()[1]}"
        fetcher = opened.enter_context(HttpFetcher(Policy(private=frozenset({place})), check_cancelled))
        with pytest.raises(Cancelled):
            fetcher.fetch(FetchRequest(f"http://{place}/"), io.BytesIO())
    assert time.monotonic() - began < SOON


@pytest.fixture
def silent_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    stop = threading.Event()

    def getaddrinfo(*arguments: Any, **more: Any) -> list[Any]:
        stop.wait(LONG)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    stop.set()


@pytest.mark.usefixtures("silent_name_server")
def test_cancel_ends_the_resolving_of_a_name() -> None:
    looks: list[float] = []

    def check_cancelled() -> None:
        looks.append(time.monotonic())
        if len(looks) > 2:
            raise Cancelled

    with HttpFetcher(Policy(("*",)), check_cancelled) as fetcher, pytest.raises(Cancelled):
        fetcher.fetch(FetchRequest("https://example.org/"), io.BytesIO())
    assert looks[-1] - looks[0] < SOON


@pytest.mark.usefixtures("silent_name_server")
def test_name_server_has_a_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_connection, "RESOLVE_SECONDS", 0.1)
    with (
        HttpFetcher(Policy(("*",))) as fetcher,
        pytest.raises(InvalidValue, match="could not be looked up in time"),
    ):
        fetcher.fetch(FetchRequest("https://example.org/"), io.BytesIO())


def slow(server: SilentServer, connection: socket.socket) -> None:
    """Answer requests piece by piece, each of which takes longer than a slice of waiting."""
    while request := connection.recv(65_536):
        header, _, body = request.partition(b"\r\n\r\n")
        fields = dict(row.split(b": ", 1) for row in header.lower().split(b"\r\n")[1:])
        length = int(fields.get(b"content-length", 0))
        if length:
            server.wait()
        while len(body) < length:
            body += connection.recv(1_000_000)
        answer = (b"%d" % length).rjust(PIECES * 4)
        message = HEADERS % len(answer) + answer
        size = -(-len(message) // PIECES)
        for start in range(0, len(message), size):
            server.wait()
            connection.sendall(message[start : start + size])


@pytest.mark.parametrize("length", [0, 4_000_000])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_slow_server_is_waited_for_and_its_connection_kept(
    scheme: str, length: int, tls: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_connection, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(fetch_connection, "_tls_context", lambda: tls[1])

    def secured(server: SilentServer, connection: socket.socket) -> None:
        server.wait()
        with tls[0].wrap_socket(connection, server_side=True) as wrapped:
            slow(server, wrapped)

    with (
        serve_script(slow if scheme == "http" else secured) as server,
        HttpFetcher(_policy(server)) as fetcher,
    ):
        for _ in range(2):
            sink = io.BytesIO()
            form = {"x": "y" * length} if length else None
            fetcher.fetch(FetchRequest(f"{scheme}://{server.place}/", form=form), sink)
            assert int(sink.getvalue()) == (length + 2 if length else 0)
        assert server.connections == 1


def test_server_without_a_valid_certificate_is_refused(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    def secured(server: SilentServer, connection: socket.socket) -> None:
        tls[0].wrap_socket(connection, server_side=True).close()

    with (
        serve_script(secured) as server,
        HttpFetcher(_policy(server)) as fetcher,
        pytest.raises(InvalidValue) as caught,
    ):
        fetcher.fetch(FetchRequest(f"https://{server.place}/"), io.BytesIO())
    assert caught.value.problem == "the server at '127.0.0.1' could not prove who it is"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a server at 127.0.0.1 and of a client that trusts it."""
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    _write_certificate(pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


def _write_certificate(pem: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


def _policy(server: SilentServer) -> Policy:
    return Policy(private=frozenset({server.place}))
