"""HTTP as the local cloud serves it, on uvicorn: connections are kept, and nothing is added to an answer."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

# What an ASGI application is called with.
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_KEEP_ALIVE_SECONDS = 75  # as long as a browser keeps a connection


def http_server(application: Any) -> uvicorn.Server:
    """Return a server of an ASGI application.

    Args:
        application: Answers the requests; what a caller says of a proxy does not change what it is told.
    """
    return uvicorn.Server(
        uvicorn.Config(
            application,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
    )


def listening(port: int) -> socket.socket:
    """Return a socket that listens on this machine's own address.

    Args:
        port: The port; 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    # With its protocol named, since asyncio takes the delay off TCP only then: 40 ms an answer.
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
