"""Another server, over real HTTP on loopback, that serves features and misbehaves on demand."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.odd_layers import REFUSED, WHOLE

TOKEN = "far-side-token"
PAGE = 1_000
FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"},
    {"name": "name", "type": "esriFieldTypeString", "alias": "name", "length": 40},
]
SERVICES = "/arcgis/rest/services"
LAYER = f"{SERVICES}/Cities/FeatureServer/0"
"""Layer that pages; `?count=` says how many features it has, 2,500 without it."""

WITHOUT_PAGING = f"{SERVICES}/Old/MapServer/3"
SECURED = f"{SERVICES}/Secured/FeatureServer/0"
BUSY = f"{SERVICES}/Busy/FeatureServer/0"
TABLE = f"{SERVICES}/Owners/FeatureServer/1"
ODD = f"{SERVICES}/odd"
"""Root of the layers of `odd_layers`: `{ODD}/<name>/FeatureServer/0`."""

SAYING = "/saying"
"""Path whose error repeats the request, with all secrets in it."""

IMAGES = f"{SERVICES}/Dem/ImageServer"

_COUNTING = {"returnCountOnly", "returnIdsOnly"}

Form = dict[str, str]


class FakeFeatureServer:
    """The server while it runs.

    Attributes:
        url: Root URL.
        place: Host and port, as the settings name them.
        seen: Path, form and headers of every request, in order.
        busy: Answers to the next requests to the busy layer: status, headers and body.
        left: Set when a client has hung up on an answer that never ends.
        stop: Set when the server stops, so that endless answers end.
    """

    def __init__(self, port: int) -> None:
        self.place = f"127.0.0.1:{port}"
        self.url = f"http://{self.place}"
        self.seen: list[tuple[str, Form, dict[str, str]]] = []
        self.busy: list[tuple[int, dict[str, str], Any]] = []
        self.left = threading.Event()
        self.stop = threading.Event()

    def queries(self) -> list[Form]:
        """Return the forms of the queries for features."""
        forms = [form for path, form, _ in self.seen if path.endswith("/query")]
        return [form for form in forms if _COUNTING.isdisjoint(form)]


@contextmanager
def fake_feature_server() -> Iterator[FakeFeatureServer]:
    """Serve until the end of the block."""
    handler = type("Handler", (_Handler,), {})  # its own class: several servers may run at a time
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    far = handler.server_state = FakeFeatureServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield far
    finally:
        far.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def feature(number: int) -> str:
    """Return the JSON of a feature with its number in everything."""
    return (
        f'{{"attributes":{{"OBJECTID":{number},"name":"City {number}"}},'
        f'"geometry":{{"x":{number % 360 - 180},"y":{number % 180 - 90}}}}}'
    )


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about clients that have disconnected; a test notices a wrong answer itself."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_state: FakeFeatureServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        form = dict(parse_qsl(parts.query, keep_blank_values=True))
        length = int(self.headers.get("content-length", 0))
        form |= dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        self.server_state.seen.append((parts.path, form, {n.lower(): v for n, v in self.headers.items()}))
        for start, answer in _ANSWERS:
            if parts.path.startswith(start):
                answer(self, parts.path, form)
                return
        self.send(404, b"not here", "text/plain")

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""

    def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        try:
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client has disconnected
            self.close_connection = True

    def json(self, document: Any) -> None:
        self.send(200, json.dumps(document).encode())


def _describe(**more: Any) -> dict[str, Any]:
    return {
        "type": "Feature Layer",
        "geometryType": "esriGeometryPoint",
        "objectIdField": "OBJECTID",
        "maxRecordCount": PAGE,
        "fields": FIELDS,
        **more,
    }


def _page(handler: _Handler, numbers: range, exceeded: bool) -> None:
    header = {
        "objectIdFieldName": "OBJECTID",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326, "latestWkid": 4326},
        "fields": FIELDS,
        "exceededTransferLimit": exceeded,
    }
    text = json.dumps(header)[:-1] + ',"features":[' + ",".join(map(feature, numbers)) + "]}"
    handler.send(200, gzip.compress(text.encode(), 1), content_encoding="gzip")


def _layer(handler: _Handler, path: str, form: Form) -> None:
    if not path.endswith("/query"):
        paging = {"supportsPagination": True, "supportsOrderBy": True}
        handler.json(_describe(advancedQueryCapabilities=paging))
        return
    if "broken" in form.get("where", ""):
        handler.json({"error": {"code": 400, "message": "Cannot perform query.", "details": ["'broken'"]}})
        return
    count = int(form.get("count", 2_500)) if "1=1" in form["where"] else 3
    if form.get("returnCountOnly") == "true":
        handler.json({"count": count})
        return
    first = int(form.get("resultOffset", 0))
    end = min(count, first + min(PAGE, int(form.get("resultRecordCount", PAGE))))
    _page(handler, range(first + 1, end + 1), end < count)


def _without_paging(handler: _Handler, path: str, form: Form) -> None:
    if not path.endswith("/query"):
        handler.json(_describe(type="Feature Layer", maxRecordCount=400))
    elif form.get("returnCountOnly") == "true":
        handler.json({"count": 900})
    elif form.get("returnIdsOnly") == "true":
        handler.json({"objectIdFieldName": "OBJECTID", "objectIds": list(range(900, 0, -1))})
    else:
        numbers = [int(n) for n in form["objectIds"].split(",")]
        assert len(numbers) <= 400
        _page(handler, range(numbers[0], numbers[-1] + 1), False)


def _secured(handler: _Handler, path: str, form: Form) -> None:
    if handler.headers.get("x-esri-authorization") != f"Bearer {TOKEN}":
        handler.json({"error": {"code": 499, "message": "Token Required", "details": []}})
    else:
        _layer(handler, path, form)


def _busy(handler: _Handler, path: str, form: Form) -> None:
    if handler.server_state.busy:
        status, headers, document = handler.server_state.busy.pop(0)
        handler.send(status, json.dumps(document).encode(), **headers)
    else:
        _layer(handler, path, form)


def _table(handler: _Handler, path: str, form: Form) -> None:
    if not path.endswith("/query"):
        handler.json({"type": "Table", "fields": FIELDS, "supportsPagination": True, "maxRecordCount": 10})
        return
    assert form["returnGeometry"] == "false"
    if form.get("returnCountOnly") == "true":
        handler.json({"count": 1})
        return
    handler.json({"fields": FIELDS, "features": [{"attributes": {"OBJECTID": 1, "name": "Ann"}}]})


def _odd(handler: _Handler, path: str, form: Form) -> None:
    name = path.removeprefix(f"{ODD}/").partition("/")[0]
    layer = WHOLE[name] if name in WHOLE else REFUSED[name][0]
    handler.json(layer.answer(path, form, max(0, len(handler.server_state.queries()) - 1)))


def _images(handler: _Handler, path: str, form: Form) -> None:
    if path.endswith("/exportImage"):
        handler.send(200, b"II*\0" + form["size"].encode(), "image/tiff")
        return
    side = 9_000 if path.startswith("/large") else 1_000
    extent = {"xmin": 0, "ymin": 0, "xmax": side, "ymax": 500, "spatialReference": {"wkid": 2056}}
    handler.json({"extent": extent, "pixelSizeX": 1, "pixelSizeY": 1, "maxImageWidth": 4100})


def _file(handler: _Handler, path: str, form: Form) -> None:
    if path.endswith(".json"):
        handler.send(200, b'{"geometryType":"esriGeometryPoint","features":[%s]}' % feature(1).encode())
    elif "named" in form:
        handler.send(200, b"named", "text/csv", content_disposition=f'attachment; filename="{form["named"]}"')
    else:
        handler.send(200, b"a file", "application/octet-stream")


def _redirect(handler: _Handler, path: str, form: Form) -> None:
    handler.send(int(form.get("status", 302)), b"", location=form["to"])


def _slow(handler: _Handler, path: str, form: Form) -> None:
    """Send a byte now and then: every wait is short, and the answer never ends."""
    pieces = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" if "body" in form else b""
    try:
        handler.wfile.write(pieces)
        while not handler.server_state.stop.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()
    except OSError:
        handler.server_state.left.set()
        handler.close_connection = True


def _silent(handler: _Handler, path: str, form: Form) -> None:
    """Begin an answer if the form says so, and never continue."""
    if "body" in form:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it")
    handler.server_state.stop.wait()


def _endless(handler: _Handler, path: str, form: Form) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    try:
        while not handler.server_state.stop.is_set():
            handler.wfile.write(b" " * 65_536)
    except OSError:
        handler.close_connection = True


def _bomb(handler: _Handler, path: str, form: Form) -> None:
    handler.send(200, gzip.compress(bytes(100_000_000), 1), content_encoding="gzip")


def _truncated(handler: _Handler, path: str, form: Form) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it")
    handler.close_connection = True


def _bytes(handler: _Handler, path: str, form: Form) -> None:
    """Send as many bytes as the name of the file says."""
    handler.send(200, bytes(int(path.rpartition("/")[2].partition(".")[0])), "text/plain")


def _error(handler: _Handler, path: str, form: Form) -> None:
    handler.json({"error": {"code": 498, "message": "Invalid Token"}})


def _saying(handler: _Handler, path: str, form: Form) -> None:
    told = handler.headers.get("x-esri-authorization")
    handler.json({"error": {"code": 498, "message": f"Refused: {handler.path} with {told}"}})


def _page_of_text(handler: _Handler, path: str, form: Form) -> None:
    handler.send(200, b"<html>sign in</html>", "text/html")


_ANSWERS: list[tuple[str, Callable[[_Handler, str, Form], None]]] = [
    (LAYER, _layer),
    (WITHOUT_PAGING, _without_paging),
    (SECURED, _secured),
    (BUSY, _busy),
    (TABLE, _table),
    (ODD, _odd),
    (IMAGES, _images),
    (f"/large{IMAGES}", _images),
    (f"{SERVICES}/Page/FeatureServer/0", _page_of_text),
    ("/files/", _file),
    ("/redirect", _redirect),
    ("/slow", _slow),
    ("/silent", _silent),
    ("/endless", _endless),
    ("/bomb", _bomb),
    ("/truncated", _truncated),
    ("/bytes/", _bytes),
    ("/error", _error),
    ("/page", _page_of_text),
    (SAYING, _saying),
]
