"""The gateway answers by itself the requests that never reach a function on AWS either."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from local import gateway
from local.environment import FunctionFailed
from local.gateway import MOST_BODY_BYTES, MOST_HEADER_BYTES, MOST_PAYLOAD_BYTES, Gateway
from local.routes import GatewayRoute, RouteMatch
from local.terminal import Terminal
from tests.local.stack import Running

INTERNAL_ERROR = {"message": "Internal Server Error"}


class Backend:
    """A backend with one function."""

    def __init__(self, invoke: Callable[[], Awaitable[bytes]]) -> None:
        self._invoke = invoke

    def match(self, method: str, path: str) -> RouteMatch:
        return RouteMatch(GatewayRoute("$default", "TestFunction"), {})

    async def invoke(self, function: str, payload: bytes) -> bytes:
        return await self._invoke()


def status_of(
    invoke: Callable[[], Awaitable[bytes]], query: str = "", printed: io.StringIO | None = None
) -> int:
    """Return the status of a GET whose function does `invoke`."""
    sent: list[Any] = []
    scope = {
        "method": "GET",
        "raw_path": b"/x",
        "query_string": query.encode(),
        "headers": [],
        "client": None,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    gateway = Gateway(Backend(invoke), "127.0.0.1:8000", Terminal(printed))
    asyncio.run(gateway(scope, receive, send))
    status: int = sent[0]["status"]
    return status


def test_gateway_answers_503_when_a_function_takes_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 0.02)

    async def hang() -> bytes:
        await asyncio.Event().wait()
        return b""

    assert status_of(hang) == 503


def test_gateway_answers_500_when_a_function_fails() -> None:
    async def fail() -> bytes:
        raise FunctionFailed(b"{}")

    assert status_of(fail) == 500


def test_gateway_prints_requests_without_tokens() -> None:
    printed = io.StringIO()

    async def answer() -> bytes:
        return b"{}"

    assert status_of(answer, "f=json&token=secret&agstoken=secret", printed) == 200
    line = printed.getvalue()
    assert "GET  /x?f=json&token=…&agstoken=…  200 " in line
    assert "2 B  TestFunction" in line
    assert "secret" not in line


def test_gateway_answers_404_to_an_unknown_path(running: Running) -> None:
    answer = running.ask("/elsewhere")
    assert (answer.status, answer.json()) == (404, {"message": "Not Found"})


@pytest.mark.parametrize(
    ("length", "status"),
    [(MOST_HEADER_BYTES - 500, 200), (MOST_HEADER_BYTES, 431)],
    ids=["long", "too long"],
)
def test_gateway_limits_request_line_and_headers(running: Running, length: int, status: int) -> None:
    assert running.ask(f"/echo/x?do=word&points={'1' * length}").status == status


@pytest.mark.parametrize(
    ("content_type", "length", "status"),
    [
        ("text/plain", MOST_PAYLOAD_BYTES - 4000, 200),
        ("text/plain", MOST_PAYLOAD_BYTES, 413),
        ("application/octet-stream", MOST_PAYLOAD_BYTES * 3 // 4 - 4000, 200),
        ("application/octet-stream", MOST_PAYLOAD_BYTES * 3 // 4, 413),
        ("text/plain", MOST_BODY_BYTES + 1, 413),
    ],
    ids=["6 MB", "over 6 MB", "4.5 MB in base64", "over 4.5 MB in base64", "over 10 MB"],
)
def test_gateway_limits_bodies(running: Running, content_type: str, length: int, status: int) -> None:
    answer = running.ask(
        "/echo/x?do=word", method="POST", body=b"x" * length, headers={"Content-Type": content_type}
    )
    assert answer.status == status
    if status == 413:
        assert answer.headers["access-control-allow-origin"] == "*"


def test_gateway_answers_500_to_more_than_6_mb(running: Running) -> None:
    answer = running.ask("/echo/x?do=large")
    assert (answer.status, answer.json()) == (500, INTERNAL_ERROR)
    assert "more than 6 MB" in running.printed.getvalue()
