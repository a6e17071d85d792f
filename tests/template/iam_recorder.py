"""An AWS in this process that refuses nobody, and notes the rights that each function uses."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

import urllib3
import uvicorn
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from local.http_server import make_http_server, new_event_loop, open_listener
from local.iam_middleware import read_iam_requests, read_signer
from local.moto_shortcuts import install_shortcuts
from local.policies import IamRequest
from local.wsgi_adapter import WsgiAdapter


class IamRecorder:
    """A WSGI application in front of moto's.

    Attributes:
        used: The rights that each signer has used.
        unknown: Calls that need a right that nobody here knows.
        refuses: Says whether a call is to be refused.
    """

    def __init__(self) -> None:
        self._application = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self.used: dict[str, list[IamRequest]] = defaultdict(list)
        self.unknown: list[str] = []
        self.refuses: Callable[[WSGIEnvironment], bool] = lambda environ: False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        signer = read_signer(environ)
        if signer:
            self._note(signer, environ)
        if self.refuses(environ):
            environ["wsgi.input"].read()
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>AccessDenied</Code></Error>"]
        return self._application(environ, start_response)

    def _note(self, signer: str, environ: WSGIEnvironment) -> None:
        requests = read_iam_requests(environ)
        with self._lock:
            self.used[signer] += [each for each in requests if each not in self.used[signer]]
            if not requests:
                self.unknown.append(f"{signer}: {environ['REQUEST_METHOD']} {environ.get('PATH_INFO')}")


@contextmanager
def serve_recorder() -> Iterator[tuple[IamRecorder, str]]:
    """Serve a recorder until the end of the block; yield it and its URL."""
    install_shortcuts()
    recorder, listener = IamRecorder(), open_listener(0)
    server = make_http_server(WsgiAdapter(recorder))
    thread = threading.Thread(target=_serve, args=[server, listener], daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield recorder, url
        urllib3.request("POST", f"{url}/moto-api/reset")
    finally:
        server.should_exit = True
        thread.join()


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(server.serve(sockets=[listener]))
