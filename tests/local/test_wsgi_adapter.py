"""The WSGI adapter: the request that moto gets, and the thread that answers it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from local.wsgi_adapter import LARGE_BYTES, WsgiAdapter

RECEIVE = "AmazonSQS.ReceiveMessage"


class Application:
    """Keeps its last request and the threads that it ran in."""

    def __init__(self) -> None:
        self.environ: WSGIEnvironment = {}
        self.body = b""
        self.threads: list[int] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        self.threads.append(threading.get_ident())
        start_response("201 Created", [("X-Own", "yes")])
        return [b"one", b"two"]


def ask(application: Application, *requests: tuple[bytes, str]) -> list[dict[str, Any]]:
    """Send requests of a body and a target through one adapter; return the messages of all answers."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask_all() -> None:
        adapter = WsgiAdapter(application)
        for body, target in requests:
            await adapter(scope(body, target), receiver(body), send)

    asyncio.run(ask_all())
    return sent


def scope(body: bytes, target: str) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "PUT",
        "path": "/bucket/a é",
        "raw_path": b"/bucket/a%20%C3%A9",
        "query_string": b"partNumber=1",
        "headers": [
            (b"content-type", b"text/csv"),
            (b"content-length", str(len(body)).encode()),
            (b"x-amz-target", target.encode()),
        ],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }


def receiver(body: bytes) -> Any:
    """Return a callable that gives a body in two parts."""
    half = len(body) // 2
    parts = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    return receive


def test_request_arrives_as_it_was_sent() -> None:
    application = Application()
    ask(application, (b"a,b\n1,2\n", ""))
    assert application.body == b"a,b\n1,2\n"
    assert application.environ["PATH_INFO"].encode("latin-1").decode() == "/bucket/a é"
    assert application.environ["RAW_URI"] == "/bucket/a%20%C3%A9"
    assert application.environ["QUERY_STRING"] == "partNumber=1"
    assert application.environ["CONTENT_TYPE"] == "text/csv"
    assert application.environ["CONTENT_LENGTH"] == "8"


def test_answer_is_passed_on() -> None:
    start, *parts = ask(Application(), (b"", ""))
    assert (start["status"], start["headers"]) == (201, [(b"x-own", b"yes")])
    assert b"".join(part["body"] for part in parts) == b"onetwo"


@pytest.mark.parametrize(
    ("body", "target", "in_turn"),
    [
        (b"", "DynamoDB_20120810.UpdateItem", True),
        (b"", "AmazonSQS.SendMessage", True),
        (b"", RECEIVE, False),
        (bytes(LARGE_BYTES), "", True),
        (bytes(LARGE_BYTES + 1), "", False),
    ],
    ids=["a write", "a message", "waiting for messages", "as large as can be", "larger"],
)
def test_only_a_call_that_waits_or_is_large_has_its_own_thread(
    body: bytes, target: str, in_turn: bool
) -> None:
    application = Application()
    ask(application, (b"", "DynamoDB_20120810.GetItem"), (body, target))
    first, second = application.threads
    assert (first == second) is in_turn
