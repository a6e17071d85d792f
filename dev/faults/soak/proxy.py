"""A proxy before the AWS of a local cloud, which every call of its functions passes.

Its faults are real to the caller: a connection that is closed before the call was forwarded, or after it was
applied; an answer that comes too late; an error of AWS; a message that is accepted and forgotten; or the end
of the caller itself, whose process sends its id in every call.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3
from urllib3.exceptions import ProtocolError

from dev.faults.fault_kinds import FaultKind, parse_fault
from dev.faults.soak.call_names import name_call
from dev.faults.soak.processes import send_signal

LATE_SECONDS = 2.5
"""Longer than a function waits for the table."""

STICKS_SECONDS = 4.0
"""For so long a repeated call meets the same fault: longer than the client library repeats it."""

_THROTTLED = {"__type": "ThrottlingException", "message": "Rate exceeded"}
_AWS_JSON = {"Content-Type": "application/x-amz-json-1.0"}
_HOP_BY_HOP = ("connection", "content-length", "date", "server", "transfer-encoding")


class AwsProxy:
    """An HTTP server on a free port of this machine; calls wait until it knows the AWS.

    Args:
        seed: The seed of its chance.

    Attributes:
        url: Its URL.
        fired: Number of faults by name.
    """

    def __init__(self, seed: int) -> None:
        self.fired: Counter[str] = Counter()
        self._chances: list[tuple[str, FaultKind, float]] = []
        self._random = random.Random(seed)
        self._sticking: dict[bytes, tuple[FaultKind | None, float]] = {}
        self._lock = threading.Lock()
        self._known = threading.Event()
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=60)
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def forward_to(self, upstream: str) -> None:
        """Forward calls to the AWS at this URL from now on."""
        self._upstream = upstream
        self._known.set()

    def set_faults(self, chances: Mapping[str, float]) -> None:
        """Set the probability of each fault by its name, such as "succeed lost" or "put down"."""
        with self._lock:
            self._chances = [(*parse_fault(name), chance) for name, chance in chances.items()]
            self._sticking = {}

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def choose_fault(self, call: str, path: str, body: bytes) -> FaultKind | None:
        """Choose the fault of a call by chance; a repeated call meets the same fault for a while.

        Args:
            call: Its name; see `call_names`.
            path: Its path.
            body: Its body.
        """
        digest = hashlib.sha256(path.encode() + b" " + body).digest()
        now = time.monotonic()
        with self._lock:
            fault, until = self._sticking.get(digest, (None, 0.0))
            if now < until:
                return fault
            for where, kind, chance in self._chances:
                if where == call and self._random.random() < chance:
                    self.fired[f"{where} {kind}"] += 1
                    self._sticking[digest] = (kind, now + STICKS_SECONDS)
                    return kind
        return None

    def forward(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        """Return the answer of AWS to a call."""
        self._known.wait()
        passed = {name: value for name, value in headers.items() if name.lower() != "expect"}
        return self._http.request(
            method, self._upstream + path, body=body, headers=passed, redirect=False, decode_content=False
        )


class _Server(ThreadingHTTPServer):
    """The HTTP server of a proxy."""

    daemon_threads = True

    def __init__(self, proxy: AwsProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print no error when a caller hangs up, or the AWS has stopped."""
        if not isinstance(sys.exception(), (ConnectionError, ProtocolError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection of a function."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _call(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = self.server.proxy.choose_fault(
            name_call(self.command, self.headers.get("x-amz-target", ""), body), self.path, body
        )
        answer = _ANSWERS[fault] if fault else _Handler._forward
        answer(self, body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _call  # noqa: N815

    def _forward(self, body: bytes) -> None:
        self._answer(self._apply(body))

    def _apply(self, body: bytes) -> Any:
        return self.server.proxy.forward(self.command, self.path, dict(self.headers), body)

    def _close(self, body: bytes) -> None:
        self.close_connection = True

    def _lose_answer(self, body: bytes) -> None:
        self._apply(body)
        self.close_connection = True

    def _answer_late(self, body: bytes) -> None:
        answer = self._apply(body)
        time.sleep(LATE_SECONDS)
        self._answer(answer)

    def _apply_twice(self, body: bytes) -> None:
        self._apply(body)
        self._forward(body)

    def _throttle(self, body: bytes) -> None:
        self._send(400, _AWS_JSON, json.dumps(_THROTTLED).encode())

    def _swallow(self, body: bytes) -> None:
        digest = hashlib.md5(json.loads(body)["MessageBody"].encode(), usedforsecurity=False).hexdigest()
        answer = {"MessageId": str(uuid.uuid4()), "MD5OfMessageBody": digest}
        self._send(200, _AWS_JSON, json.dumps(answer).encode())

    def _kill_caller(self, body: bytes) -> None:
        caller = re.search(r" app/(\d+)", self.headers["user-agent"])
        if caller:
            send_signal(int(caller[1]), signal.SIGKILL)
        self.close_connection = True

    def _kill_caller_after(self, body: bytes) -> None:
        self._apply(body)
        self._kill_caller(body)

    def _answer(self, answer: Any) -> None:
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
        self._send(answer.status, kept, answer.data, answer.headers.get("content-length"))

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", (length if self.command == "HEAD" else None) or str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the caller was killed, or has given up
            self.close_connection = True


_ANSWERS: Mapping[FaultKind, Callable[[_Handler, bytes], None]] = {
    FaultKind.DOWN: _Handler._close,
    FaultKind.LOST: _Handler._lose_answer,
    FaultKind.LATE: _Handler._answer_late,
    FaultKind.AGAIN: _Handler._apply_twice,
    FaultKind.THROTTLED: _Handler._throttle,
    FaultKind.SWALLOWED: _Handler._swallow,
    FaultKind.DIES_BEFORE: _Handler._kill_caller,
    FaultKind.DIES_AFTER: _Handler._kill_caller_after,
}
