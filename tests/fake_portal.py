"""A portal on this machine that is strict about forms, keeps items, and fails as a test wants it."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

USER, PASSWORD, API_TOKEN = "gis", "correct & horse", "an-api-token"
REST = "/portal/sharing/rest"
_ITEMS = re.compile(rf"{REST}/content/users/{USER}/(addItem|items/([0-9a-f]{{32}})/(update|delete))")
_SEARCH = re.compile(rf'owner:"{USER}" AND typekeywords:"([A-Za-z0-9-]+)"')
_SIGN_IN = {"username", "password", "client", "referer", "expiration", "f"}
_PROPERTIES = {"type", "title", "url", "tags", "snippet", "description", "typeKeywords"}
_GONE = "Item does not exist or is inaccessible."

Form = dict[str, str]
Fault = Callable[["_Handler"], None]


@dataclass
class FakePortal:
    """The portal while it runs.

    Attributes:
        place: Host and port.
        items: The items by id, as their forms made them.
        tokens: Tokens that count, each from the page that it was given to.
        asked: The path behind `sharing/rest` of every request, in order.
        faults: What the next requests to a path are answered with, by its last word.
        stop: Set when the server stops, so that endless answers end.
    """

    place: str
    items: dict[str, Form] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=lambda: {API_TOKEN: ""})
    asked: list[str] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """URL of the portal."""
        return f"http://{self.place}/portal"

    def answer(self, path: str, form: Form, referer: str) -> dict[str, Any]:
        """Return the answer to a form; one that is not as it must be is an error."""
        if path == f"{REST}/generateToken":
            return self._give_token(form)
        bound_to = self.tokens.get(form.pop("token", ""))
        if bound_to is None or bound_to not in ("", referer):
            return _refuse(498, "Invalid token.")
        if form.pop("f", "") != "json":
            return _refuse(400, "f")
        if path == f"{REST}/search":
            return self._search(form)
        match = _ITEMS.fullmatch(path)
        if match is None:
            return _refuse(404, "no such resource")
        return self._change(match[1] if match[2] is None else match[3], match[2] or "", form)

    def _give_token(self, form: Form) -> dict[str, Any]:
        if form.keys() != _SIGN_IN or form["client"] != "referer" or not form["expiration"].isdigit():
            return _refuse(400, "Unable to generate token.")
        if (form["username"], form["password"]) != (USER, PASSWORD):
            return _refuse(400, f"Invalid username or password: {form['password']}")
        token = secrets.token_hex(8)
        self.tokens[token] = form["referer"]
        return {"token": token, "expires": 1_795_988_792_809, "ssl": True}

    def _search(self, form: Form) -> dict[str, Any]:
        match = _SEARCH.fullmatch(form.get("q", ""))
        if form.keys() != {"q", "start", "num"} or match is None:
            return _refuse(400, "search")
        found = [
            {"id": key, "typeKeywords": words}
            for key, each in self.items.items()
            if match[1] in (words := each["typeKeywords"].split(","))
        ]
        return {"total": len(found), "start": 1, "num": len(found), "nextStart": -1, "results": found}

    def _change(self, verb: str, item_id: str, form: Form) -> dict[str, Any]:
        if verb == "addItem":
            if form.keys() != _PROPERTIES or not all(form[name] for name in ("type", "title", "url", "tags")):
                return _refuse(400, "addItem")
            item_id = secrets.token_hex(16)
            self.items[item_id] = form
            return {"success": True, "id": item_id, "folder": None}
        if item_id not in self.items:
            return {"error": {"code": 400, "messageCode": "CONT_0001", "message": _GONE, "details": []}}
        if not form.keys() <= (set() if verb == "delete" else _PROPERTIES):
            return _refuse(400, verb)
        if verb == "delete":
            del self.items[item_id]
            return {"success": True, "itemId": item_id}
        self.items[item_id] |= form
        return {"success": True, "id": item_id}


def _refuse(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": []}}


@contextmanager
def serve_portal() -> Iterator[FakePortal]:
    """Serve until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    portal = FakePortal(f"127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"portal": portal})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        portal.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    portal: FakePortal
    form: Form

    def do_GET(self) -> None:
        self.portal.asked.append(f"GET {self.path}")
        self.send(405, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        assert self.headers["content-type"] == "application/x-www-form-urlencoded"
        assert "?" not in self.path
        self.form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        word = self.path.rpartition("/")[2]
        self.portal.asked.append(self.path.removeprefix(f"{REST}/"))
        if faults := self.portal.faults.get(word):
            faults.pop(0)(self)
            return
        answer = self.portal.answer(self.path, dict(self.form), self.headers.get("referer", ""))
        self.send(200, json.dumps(answer).encode())

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""
