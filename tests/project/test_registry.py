"""The registry is asked whether a name is free; what it does not say is unknown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gpserverless.project.registry import Availability, ask_registry

STATUSES = {"/simple/rivers/": 200, "/simple/big-rivers/": 404, "/simple/lakes/": 503}


class _Registry(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(STATUSES[self.path])
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/simple"
        monkeypatch.setenv("UV_DEFAULT_INDEX", url)
        yield url
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("name", "availability"),
    [
        ("rivers", Availability.TAKEN),
        ("big_rivers", Availability.FREE),
        ("lakes", Availability.UNKNOWN),
    ],
)
@pytest.mark.usefixtures("registry")
def test_answer_of_the_registry(name: str, availability: Availability) -> None:
    assert ask_registry(name) is availability


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/simple", "file:///etc", "nonsense"])
def test_registry_that_does_not_answer_knows_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", url)
    assert ask_registry("rivers") is Availability.UNKNOWN
