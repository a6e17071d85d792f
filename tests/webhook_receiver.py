"""A webhook on this machine, which records its calls and answers as a test wants it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Received = tuple[str, dict[str, str], bytes]


@dataclass
class WebhookReceiver:
    """The receiver while it runs.

    Attributes:
        url: Root URL.
        received: Path, headers in lower case and body of every call, in order.
        answers: Statuses of the next answers; 204 when there are none left.
        stop: Set when the server stops, so that endless answers end.
    """

    url: str
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def place(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")


@contextmanager
def serve_webhook() -> Iterator[WebhookReceiver]:
    """Serve until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    receiver = WebhookReceiver(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"receiver": receiver})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


_ENDLESS = {
    "/slow": b"",
    "/drip": b"HTTP/1.1 200 OK\r\nX-Long: ",
    "/endless": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
}


class _Handler(BaseHTTPRequestHandler):
    receiver: WebhookReceiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.receiver.received.append((self.path, {n.lower(): v for n, v in self.headers.items()}, body))
        if self.path in _ENDLESS:
            self._go_on(_ENDLESS[self.path])
            return
        status = self.receiver.answers.pop(0) if self.receiver.answers else 204
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def _go_on(self, start: bytes) -> None:
        """Begin an answer that has no end; every wait for more of it is short."""
        self.close_connection = True
        try:
            self.wfile.write(start)
            while not self.receiver.stop.wait(0.05):
                self.wfile.write(b"x" if start else b"")
        except OSError:
            return  # the caller has disconnected

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""
