"""Connections that end when a request on them does not go on, as those of AWS do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""Most seconds from the beginning of a connection or a request to the last header."""

BODY_SECONDS = 30.0
"""Most seconds between two pieces of a body."""

_TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class _Flow(FlowControl):
    """The flow of a connection, which tells when the application reads on."""

    def __init__(self, transport: asyncio.Transport, on_resume: Callable[[], None]) -> None:
        super().__init__(transport)
        self._on_resume = on_resume

    def resume_reading(self) -> None:
        """Read on."""
        if self.read_paused:
            self._on_resume()
        super().resume_reading()


class TimedProtocol(HttpToolsProtocol):
    """One connection of the HTTP server; the server itself ends those that are idle between two requests."""

    _timer: asyncio.TimerHandle | None = None
    _part: Literal["", "head", "body"] = ""
    """The part of a request that is waited for; none between two requests."""

    def connection_made(self, transport: Any) -> None:
        """Wait for a first request."""
        super().connection_made(transport)
        self.flow = _Flow(transport, self._wait_again)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the headers of a request."""
        super().on_message_begin()
        self._part = "head"
        self._wait(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        """Wait for the body of a request."""
        super().on_headers_complete()
        self._part = "body"
        self._wait(BODY_SECONDS)

    def on_body(self, body: bytes) -> None:
        """Wait for the next piece of a body."""
        super().on_body(body)
        self._wait(BODY_SECONDS)

    def on_message_complete(self) -> None:
        """Wait for nothing: it is the server's turn."""
        super().on_message_complete()
        self._part = ""
        self._stop()

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._end, seconds)

    def _wait_again(self) -> None:
        """Give the client its whole time from when the application reads on."""
        if self._part == "body":
            self._wait(BODY_SECONDS)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self, seconds: float) -> None:
        if self.flow.read_paused:  # it is the application that does not go on
            self._wait(seconds)
            return
        if self._may_answer() and not self.transport.is_closing():
            self.transport.write(_TIMED_OUT)
        self.transport.close()

    def _may_answer(self) -> bool:
        """Return whether there is half a request, and no answer of this or the one before under way."""
        if self._part == "head":
            return self.cycle is None or self.cycle.response_complete
        return self._part == "body" and not self.cycle.response_started
