"""The requests to another issuer, over real HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.oauth.authorize import AuthorizeRequest
from gpserverless.access.oidc.issuer import IssuerSettings
from gpserverless.app.issuer import make_fetch_json
from gpserverless.errors import InvalidSignIn, InvalidValue
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.fake_issuer import CLIENT, FakeIssuer

ROOT = "https://site.test/arcgis"
CALLBACK = f"{ROOT}/sharing/oauth2/outside"
REQUEST = AuthorizeRequest("pythonapi", "https://site.test", "token")


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """A fake issuer behind a server on this machine."""

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
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    fake = FakeIssuer(VirtualClock(), f"http://127.0.0.1:{server.server_port}")
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def accounts(issuer: FakeIssuer) -> Accounts:
    rules = AccessRules(ROOT, issuer=IssuerSettings(issuer.issuer, CLIENT))
    fetch_json = make_fetch_json(issuer.issuer)
    return Accounts.of(InMemoryAccessRows(), rules, VirtualClock(), fetch_json=fetch_json)


def test_user_signs_in(accounts: Accounts, issuer: FakeIssuer) -> None:
    assert accounts.outside is not None
    state, code = issuer.sign_in(accounts.outside.locate(accounts.oauth.begin(REQUEST, ROOT), CALLBACK))
    assert accounts.outside.finish(state, code, CALLBACK).name == "Eve"
    with pytest.raises(InvalidSignIn):
        accounts.outside.finish(state, code, CALLBACK)


def test_answer_that_is_no_json(accounts: Accounts, issuer: FakeIssuer) -> None:
    issuer.description = "html"
    assert accounts.outside is not None
    with pytest.raises(InvalidSignIn):
        accounts.outside.locate(accounts.oauth.begin(REQUEST, ROOT), CALLBACK)
