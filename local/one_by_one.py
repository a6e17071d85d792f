"""A WSGI application behind a server of ASGI, which keeps connections: opening one costs more than a call.

Calls are answered one after the other in the server's own thread, as all that runs here is Python; so each is
atomic too, as it is at AWS. Only what waits, or is large, has a thread of its own.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from local.http_server import Receive, Scope, Send

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LARGE = 1_000_000
"""Bytes of a body from which on a call has a thread of its own."""

_WAITING = "AmazonSQS.ReceiveMessage"


class OneByOne:
    """An ASGI application made of a WSGI one.

    Args:
        application: Answers the calls.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        body = await _body(receive)
        environ = _environ(scope, body)
        if environ.get("HTTP_X_AMZ_TARGET") == _WAITING or len(body) > LARGE:
            status, headers, answer = await asyncio.to_thread(self._answer, environ)
        else:
            status, headers, answer = self._answer(environ)
        if not any(name == b"content-length" for name, _ in headers) and status not in (204, 304):
            headers.append((b"content-length", str(len(answer)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, environ: Environ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            begun.append((status, headers))

        answer = b"".join(self._application(environ, start_response))
        status, headers = begun[-1]
        named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return int(status.partition(" ")[0]), named, answer


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _environ(scope: Scope, body: bytes) -> Environ:
    """Return a request as WSGI has it (PEP 3333)."""
    raw, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": f"{raw}?{query}" if query else raw,
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": scope["client"][0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value.decode("latin-1")
        elif key != "CONTENT_LENGTH":
            environ[f"HTTP_{key}"] = value.decode("latin-1")
    return environ
