"""The Lambda Runtime API, as one environment's process sees it.

Four calls of docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html: next, response, error and
init/error. Written on httptools rather than on a framework: two of them make up every invocation,
so they are the overhead of the local cloud.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol, cast

import httptools

_PREFIX = b"/2018-06-01/runtime/"
_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
_UNKNOWN = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Runtime(Protocol):
    """Takes the calls of one process."""

    def accept_next(self, connection: RuntimeConnection) -> None:
        """Take a call of next: the process waits for an invocation on `connection`."""

    def accept_response(self, request_id: str, payload: bytes) -> None:
        """Take an answer of the handler."""

    def accept_error(self, request_id: str, payload: bytes) -> None:
        """Take an error of the handler, or of the start, which has no request."""


class RuntimeConnection(asyncio.Protocol):
    """One connection of the process to its Runtime API.

    Args:
        runtime: Takes the calls.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Read on; the parser calls the `on_…` methods."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.abort()

    def on_url(self, url: bytes) -> None:
        """Take the path of a request."""
        self._url, self._body = url, []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Let a client that asks first send its body."""
        if name.lower() == b"expect" and value.lower() == b"100-continue":
            self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Answer a request that has been read to its end."""
        call = self._url.removeprefix(_PREFIX).decode().split("/")
        if call == ["invocation", "next"]:
            self._runtime.accept_next(self)
            return
        payload = b"".join(self._body)
        match call:
            case ["invocation", request_id, "response"]:
                self._transport.write(_ACCEPTED)
                self._runtime.accept_response(request_id, payload)
            case ["invocation", request_id, "error"]:
                self._transport.write(_ACCEPTED)
                self._runtime.accept_error(request_id, payload)
            case ["init", "error"]:
                self._transport.write(_ACCEPTED)
                self._runtime.accept_error("", payload)
            case _:
                self._transport.write(_UNKNOWN)

    def send(self, headers: Mapping[str, str], payload: bytes) -> None:
        """Hand an invocation to the process that waits on this connection."""
        every = {"Content-Type": "application/json", "Content-Length": str(len(payload)), **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in every.items())
        self._transport.write(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + payload)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()
