"""API Gateway as an ASGI application."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import orjson

from local.environment import FunctionFailed
from local.events import HttpRequest, HttpResponse, build_http_event, parse_http_response
from local.http_server import BodyTooLarge, ClientGone, Receive, Scope, Send, read_body
from local.routes import RouteMatch
from local.terminal import Terminal

# docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, and Lambda's payload limit.
MOST_HEADER_BYTES = 10_240
MOST_BODY_BYTES = 10_000_000
MOST_PAYLOAD_BYTES = 6 * 1024 * 1024
GATEWAY_SECONDS = 30.0

_REFUSAL_HEADERS = (("content-type", "application/json"), ("access-control-allow-origin", "*"))
_GATEWAY_HEADERS = frozenset({b"x-forwarded-port", b"x-forwarded-proto"})  # never the caller's word


class Backend(Protocol):
    """The functions behind the gateway."""

    def match(self, method: str, path: str) -> RouteMatch | None:
        """Return the route for a request, if there is one."""

    async def invoke(self, function: str, payload: bytes) -> bytes:
        """Run a function."""


class GatewayError(Exception):
    """An answer of the gateway itself.

    Args:
        status: The HTTP status.
        message: The text of its JSON body.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = HttpResponse(status, _REFUSAL_HEADERS, orjson.dumps({"message": message}))


class Gateway:
    """An HTTP API in front of functions.

    Args:
        backend: The routes and the functions.
        host: `host:port` of the server.
        terminal: Prints every request.
    """

    def __init__(self, backend: Backend, host: str, terminal: Terminal) -> None:
        self._backend = backend
        self._host = host
        self._terminal = terminal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        function = ""
        try:
            request = await self._read_request(scope, path, query, receive)
            match = self._backend.match(request.method, request.decoded_path)
            if match is None:
                raise GatewayError(404, "Not Found")
            function = match.route.function
            response = await self._invoke(function, request, match)
        except ClientGone:
            return  # half a request is none
        except GatewayError as error:
            response = error.response
        await _send(send, response)
        self._terminal.write_request(
            method=scope["method"],
            url=f"{path}?{query}" if query else path,
            status=response.status,
            seconds=time.perf_counter() - began,
            size=len(response.body),
            function=function,
        )

    async def _read_request(self, scope: Scope, path: str, query: str, receive: Receive) -> HttpRequest:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name not in _GATEWAY_HEADERS
        )
        line = len(scope["method"]) + len(path) + len(query)
        if line + sum(len(name) + len(value) for name, value in headers) > MOST_HEADER_BYTES:
            raise GatewayError(431, "Request Header Fields Too Large")
        try:
            body = await read_body(receive, MOST_BODY_BYTES)
        except BodyTooLarge:
            raise self._refuse_size("body", MOST_BODY_BYTES) from None
        source_ip = scope["client"][0] if scope["client"] else "127.0.0.1"
        forwarded = (
            ("x-forwarded-for", source_ip),
            ("x-forwarded-port", self._host.rpartition(":")[2]),
            ("x-forwarded-proto", "http"),
        )
        return HttpRequest(scope["method"], path, query, headers + forwarded, body, source_ip, self._host)

    def _refuse_size(self, what: str, most: int) -> GatewayError:
        """Return the refusal of API Gateway, which says no more than this; the developer is told the rest."""
        text = f"its {what} has more than {most:,} bytes, which a form of 4.7 MB or a file of 4 MB has"
        self._terminal.write_failure("A request is too large:", f"{text}: docs/how-to/inputs-by-reference.md")
        return GatewayError(413, "Request Entity Too Large")

    async def _invoke(self, function: str, request: HttpRequest, match: RouteMatch) -> HttpResponse:
        payload = orjson.dumps(build_http_event(request, match))
        if len(payload) > MOST_PAYLOAD_BYTES:
            raise self._refuse_size("event", MOST_PAYLOAD_BYTES)
        invocation = asyncio.ensure_future(self._backend.invoke(function, payload))
        try:
            # A function is not stopped when the gateway gives up on it.
            answer = await asyncio.wait_for(asyncio.shield(invocation), GATEWAY_SECONDS)
            if len(answer) > MOST_PAYLOAD_BYTES:
                self._terminal.write_failure(function, f"answered {len(answer):,} bytes, more than 6 MB")
                raise GatewayError(500, "Internal Server Error")
            return parse_http_response(answer)
        except TimeoutError:
            invocation.add_done_callback(lambda late: late.cancelled() or late.exception())
            raise GatewayError(503, "Service Unavailable") from None
        except FunctionFailed:
            raise GatewayError(500, "Internal Server Error") from None
        except ValueError as error:
            self._terminal.write_failure(function, f"answered what API Gateway cannot read: {error}")
            raise GatewayError(500, "Internal Server Error") from None


async def _send(send: Send, response: HttpResponse) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    if response.status not in {204, 304}:
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
