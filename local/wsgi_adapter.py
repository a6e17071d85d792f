"""moto's WSGI application behind the ASGI server of the local cloud, which keeps connections.

Opening a connection costs more than a call. a2wsgi translates. One thread takes the calls in turn, because a
conditional write is atomic at AWS, and moto is not safe for threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from a2wsgi import WSGIMiddleware

from local.http_server import ClientGone, Receive, Scope, Send, read_body

LARGE_BYTES = 1_000_000
"""Larger bodies do not wait in the line of the small calls."""

_MOST_BESIDE = 64
_RECEIVE_MESSAGE = b"AmazonSQS.ReceiveMessage"


class WsgiAdapter:
    """An ASGI application that answers with a WSGI application.

    One thread answers calls in turn. Large calls and calls that wait for messages have their own threads.

    Args:
        application: The WSGI application.
    """

    def __init__(self, application: WSGIApplication) -> None:
        translated: Any = _add_raw_uri(application)
        self._in_turn: Any = WSGIMiddleware(translated, workers=1)
        self._beside: Any = WSGIMiddleware(translated, workers=_MOST_BESIDE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        headers = dict(scope["headers"])
        waits = headers.get(b"x-amz-target") == _RECEIVE_MESSAGE
        try:
            body = await read_body(receive)  # no thread waits for a client, and half a body is none
        except ClientGone:
            return

        async def receive_all() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        answer = self._beside if waits or len(body) > LARGE_BYTES else self._in_turn
        await answer(scope, receive_all, send)


def _add_raw_uri(application: WSGIApplication) -> WSGIApplication:
    """Add the path as it was sent, from which moto reads keys of S3; a2wsgi leaves it out."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        scope = cast(Scope, environ["asgi.scope"])
        environ["RAW_URI"] = scope["raw_path"].decode("latin-1")
        return application(environ, start_response)

    return answer
