"""An issuer of OpenID Connect that knows one user."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gpserverless.errors import InvalidValue
from gpserverless.testing import VirtualClock

ISSUER = "https://login.example"
CLIENT = "this-site"


class FakeIssuer:
    """Gives a code for any sign-in, and an ID token for a code with its proof.

    Attributes:
        description: What it says about itself.
        claims: Claims of its ID tokens, over the usual ones; None leaves one out.
        asked: The URLs that were asked for.
    """

    def __init__(self, clock: VirtualClock, issuer: str = ISSUER) -> None:
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
