"""The HTTP server of the local cloud: uvicorn, which keeps connections and adds nothing to an answer."""

from __future__ import annotations

import asyncio
import math
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

from local.http_protocol import TimedProtocol

# The arguments of an ASGI application.
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_KEEP_ALIVE_SECONDS = 75  # as long as a browser keeps a connection


class ClientGone(Exception):
    """A client has hung up, or fallen silent, in the middle of a request."""


class BodyTooLarge(Exception):
    """A request has a body of too many bytes."""


async def read_body(receive: Receive, most_bytes: float = math.inf) -> bytes:
    """Return the body of a request.

    Args:
        receive: Receives its pieces.
        most_bytes: Most bytes that it may have.

    Raises:
        BodyTooLarge: It has more.
        ClientGone: It does not come to its end.
    """
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > most_bytes:
            raise BodyTooLarge
    return parts[0] if len(parts) == 1 else b"".join(parts)


def make_http_server(application: Any) -> uvicorn.Server:
    """Make the server of an ASGI application; it ignores headers of proxies.

    Args:
        application: Answers the requests.
    """
    return uvicorn.Server(
        uvicorn.Config(
            application,
            http=TimedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
    )


def open_listener(port: int) -> socket.socket:
    """Open a socket that listens on 127.0.0.1.

    Args:
        port: The port; 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    # Only with its protocol named does asyncio turn off Nagle's delay of 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    listener.listen(1024)
    return listener


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return the fastest event loop of the platform."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
