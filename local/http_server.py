"""The HTTP server of the local cloud: uvicorn, which keeps connections and adds nothing to an answer."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

# The arguments of an ASGI application.
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_KEEP_ALIVE_SECONDS = 75  # as long as a browser keeps a connection


def make_http_server(application: Any) -> uvicorn.Server:
    """Make the server of an ASGI application; it ignores headers of proxies.

    Args:
        application: Answers the requests.
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
