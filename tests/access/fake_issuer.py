"""An issuer of OpenID Connect that knows one user."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from gpserverless.clock import Clock
from gpserverless.errors import InvalidValue

ISSUER = "https://login.example"
CLIENT = "this-site"


class FakeIssuer:
    """Gives a code for any sign-in, and an ID token for a code with its proof.

    Attributes:
        description: What it says about itself.
        claims: Claims of its ID tokens, over the usual ones; None leaves one out.
        asked: The URLs that were asked for.
    """

    def __init__(self, clock: Clock, issuer: str = ISSUER) -> None:
        self.issuer = issuer
        self.description: Any = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
        }
        self.claims: dict[str, Any] = {}
        self.secret = ""
        self.asked: list[str] = []
        self._clock = clock
        self._codes: dict[str, dict[str, str]] = {}

    def sign_in(self, location: str) -> tuple[str, str]:
        """Sign the user in where a browser was sent to, and return state and code that it brings back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert location.startswith(f"{self.issuer}/authorize?")
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert query["scope"].split()[0] == "openid"
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return query["state"], code

    def fetch_json(self, url: str, form: Mapping[str, str] | None) -> Any:
        """Answer a request."""
        self.asked.append(url)
        if form is None:
            assert url == f"{self.issuer}/.well-known/openid-configuration"
            return self.description
        assert url == f"{self.issuer}/token"
        query = self._codes.pop(form["code"], None)
        if query is None or not self._is_proved(query, form):
            raise InvalidValue("the server answers with 400")
        return {"access_token": "x", "token_type": "Bearer", "id_token": self._write(query["nonce"])}

    def _is_proved(self, query: Mapping[str, str], form: Mapping[str, str]) -> bool:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        return (
            base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == query["code_challenge"]
            and form["redirect_uri"] == query["redirect_uri"]
            and form["client_id"] == CLIENT
            and form["grant_type"] == "authorization_code"
            and form.get("client_secret", "") == self.secret
        )

    def _write(self, nonce: str) -> str:
        now = self._clock.now() // 1_000
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": "248", "iat": now, "exp": now + 60, "nonce": nonce}
        claims = {**usual, "preferred_username": "Eve", **self.claims}
        kept = {name: value for name, value in claims.items() if value is not None}
        parts = ({"alg": "RS256", "kid": "1"}, kept)
        return ".".join([*(_encode(json.dumps(part).encode()) for part in parts), _encode(b"signature")])


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextmanager
def serve_issuer(clock: Clock) -> Iterator[FakeIssuer]:
    """Serve a fake issuer on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self.answer(dict(parse_qsl(self.rfile.read(length).decode())))

        def answer(self, form: dict[str, str] | None) -> None:
            try:
                status, content = 200, fake.fetch_json(f"{fake.issuer}{self.path}", form)
            except InvalidValue:
                status, content = 400, {"error": "invalid_grant"}
            body = b"<html>" if content == "html" else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeIssuer(clock, f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
