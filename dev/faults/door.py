"""A door in front of a local cloud's AWS, through which every call of its functions goes.

What a call meets there is real to its caller: a connection that is closed before the call was passed on, or
after it was applied; an answer that comes too late; an error of AWS's own; a message that is taken and
forgotten; or the end of the caller itself, whose process says its number in every call.
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
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3
from urllib3.exceptions import ProtocolError

from dev.faults.points import point_of
from dev.faults.processes import send

LATE_SECONDS = 2.5
"""Longer than a function waits for the table."""

STICKS_SECONDS = 4.0
"""How long the same call meets the same fault: longer than its library repeats it."""

_THROTTLED = {"__type": "ThrottlingException", "message": "Rate exceeded"}
_AWS_JSON = {"Content-Type": "application/x-amz-json-1.0"}
_HOP_BY_HOP = ("connection", "content-length", "date", "server", "transfer-encoding")


class Door:
    """An HTTP server on a free port of this machine.

    Attributes:
        url: Where it is.
        upstream: Where AWS is; calls wait until it is known.
        fired: How many faults there were, by their names.
    """

    def __init__(self, seed: int) -> None:
        self.fired: Counter[str] = Counter()
        self._chances: Mapping[str, float] = {}
        self._random = random.Random(seed)
        self._sticking: dict[bytes, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._known = threading.Event()
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=60)
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def lead_to(self, upstream: str) -> None:
        """Pass calls on to an AWS from now on."""
        self._upstream = upstream
        self._known.set()

    def upset(self, chances: Mapping[str, float]) -> None:
        """Let these faults happen from now on, with these probabilities: "succeed lost", "put down"."""
        with self._lock:
            self._chances, self._sticking = chances, {}

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def fault_of(self, point: str, path: str, body: bytes) -> str:
        """Return what happens to a call: the same as when it was made a moment ago, or by chance."""
        call = hashlib.sha256(path.encode() + b" " + body).digest()
        now = time.monotonic()
        with self._lock:
            fault, until = self._sticking.get(call, ("", 0.0))
            if now < until:
                return fault
            for name, chance in self._chances.items():
                where, _, kind = name.rpartition(" ")
                if where == point and self._random.random() < chance:
                    self.fired[name] += 1
                    self._sticking[call] = (kind, now + STICKS_SECONDS)
                    return kind
        return ""

    def pass_on(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        """Return AWS's answer to a call."""
        self._known.wait()
        passed = {name: value for name, value in headers.items() if name.lower() != "expect"}
        return self._http.request(
            method, self._upstream + path, body=body, headers=passed, redirect=False, decode_content=False
        )


class _Server(ThreadingHTTPServer):
    """The server behind a door."""

    daemon_threads = True

    def __init__(self, door: Door) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.door = door

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers who hang up, killed or out of patience, or of an AWS that has stopped."""
        if not isinstance(sys.exception(), (ConnectionError, ProtocolError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection of a function."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _call(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = self.server.door.fault_of(
            point_of(self.command, self.headers.get("x-amz-target", ""), body), self.path, body
        )
        meet = getattr(self, f"_meet_{fault}") if fault else self._pass_on
        meet(body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _call  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        self._answer(self._apply(body))

    def _apply(self, body: bytes) -> Any:
        return self.server.door.pass_on(self.command, self.path, dict(self.headers), body)

    def _meet_down(self, body: bytes) -> None:
        self.close_connection = True

    def _meet_lost(self, body: bytes) -> None:
        self._apply(body)
        self.close_connection = True

    def _meet_late(self, body: bytes) -> None:
        answer = self._apply(body)
        time.sleep(LATE_SECONDS)
        self._answer(answer)

    def _meet_again(self, body: bytes) -> None:
        self._apply(body)
        self._pass_on(body)

    def _meet_throttled(self, body: bytes) -> None:
        self._send(400, _AWS_JSON, json.dumps(_THROTTLED).encode())

    def _meet_swallowed(self, body: bytes) -> None:
        digest = hashlib.md5(json.loads(body)["MessageBody"].encode(), usedforsecurity=False).hexdigest()
        answer = {"MessageId": str(uuid.uuid4()), "MD5OfMessageBody": digest}
        self._send(200, _AWS_JSON, json.dumps(answer).encode())

    def _meet_death(self, body: bytes) -> None:
        caller = re.search(r" app/(\d+)", self.headers["user-agent"])
        if caller:
            send(int(caller[1]), signal.SIGKILL)
        self.close_connection = True

    def _meet_death_after(self, body: bytes) -> None:
        self._apply(body)
        self._meet_death(body)

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
        except OSError:  # the caller is gone: it was killed, or has given up
            self.close_connection = True
