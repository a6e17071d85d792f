"""Another server on this machine, from which a tried-out stack fetches an input."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dev.predeploy.site import POINT

PATH = "/point.json"
"""Path of a file with one feature; every other path is unknown."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == PATH
        body = json.dumps(POINT).encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def serve_file() -> Iterator[str]:
    """Serve until the end of the block, and yield host and port, as `FetchPrivateHosts` names them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
