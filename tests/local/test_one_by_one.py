"""A WSGI application behind a server of ASGI: what it is asked, what it answers, and in which thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from local.one_by_one import LARGE, Environ, OneByOne, StartResponse


class Application:
    """Keeps what it was asked, and answers with a status and headers of its own."""

    def __init__(self, status: str = "200 OK", **headers: str) -> None:
        self.status, self.headers = status, headers
        self.environ: Environ = {}
        self.body = b""
        self.thread: int | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        self.thread = threading.get_ident()
        start_response(self.status, list(self.headers.items()))
        return [b"one", b"two"]


def asked(application: Application, *parts: bytes, target: str = "") -> list[dict[str, Any]]:
    """Send one request in parts, and return the messages of its answer."""
    scope = {
        "method": "PUT",
        "raw_path": b"/bucket/a%20%C3%A9",
        "query_string": b"partNumber=1",
        "headers": [(b"content-type", b"text/csv"), (b"x-amz-target", target.encode())],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    waiting = [{"body": part, "more_body": n < len(parts) - 1} for n, part in enumerate(parts)]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(OneByOne(application)(scope, receive, send))
    return sent


def test_a_request_arrives_as_it_was_sent() -> None:
    application = Application()
    asked(application, b"a,b\n", b"1,2\n")
    assert application.body == b"a,b\n1,2\n"
    assert application.environ["PATH_INFO"].encode("latin-1").decode() == "/bucket/a é"
    assert application.environ["RAW_URI"] == "/bucket/a%20%C3%A9?partNumber=1"
    assert application.environ["CONTENT_TYPE"] == "text/csv"
    assert application.environ["CONTENT_LENGTH"] == "8"


@pytest.mark.parametrize(
    ("status", "headers", "length"),
    [
        ("200 OK", {}, [b"6"]),
        ("200 OK", {"Content-Length": "6"}, [b"6"]),
        ("204 No Content", {}, []),
        ("304 Not Modified", {}, []),
    ],
)
def test_an_answer_says_how_long_it_is(status: str, headers: dict[str, str], length: list[bytes]) -> None:
    start, body = asked(Application(status, **headers), b"")
    assert start["status"] == int(status[:3])
    assert [value for name, value in start["headers"] if name == b"content-length"] == length
    assert body["body"] == b"onetwo"


@pytest.mark.parametrize(
    ("body", "target", "apart"),
    [
        (b"", "DynamoDB_20120810.UpdateItem", False),
        (b"", "AmazonSQS.SendMessage", False),
        (b"", "AmazonSQS.ReceiveMessage", True),
        (bytes(LARGE), "", False),
        (bytes(LARGE + 1), "", True),
    ],
    ids=["a write", "a message", "waiting for messages", "as large as can be", "larger"],
)
def test_only_what_waits_or_is_large_has_a_thread_of_its_own(body: bytes, target: str, apart: bool) -> None:
    application = Application()
    asked(application, body, target=target)
    assert (application.thread != threading.get_ident()) is apart
