"""Users of the site over HTTP, and tokens of every kind: real ones, in the real table."""

from __future__ import annotations

from typing import Any

import urllib3

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.api_keys import ApiKeys
from gpserverless.access.binding import Binding
from gpserverless.access.passwords import Passwords
from gpserverless.access.sign_in import Login
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.tokens import Claims, Tokens, begin_sign_in
from gpserverless.access.user import User
from gpserverless.access.users import Users
from gpserverless.app.access import site_of
from gpserverless.caller import Role
from gpserverless.clock import SystemClock
from gpserverless.storage.access_table import DynamoAccessRows
from local.cloud import LocalCloud
from local.resources import make_client
from tests.wire.conftest import Site

TABLE = "gpserverless-local-AccessTable"
DAY = 24 * 3_600_000
PASSWORD = "correct horse battery staple"
ROLES = {
    "ann": Role.USER,
    "bob": Role.USER,
    "eve": Role.VIEWER,
    "pia": Role.PUBLISHER,
    "root": Role.ADMINISTRATOR,
    "ada": Role.USER,
}
"""The users and their roles; ada's token is revoked."""


def make_tokens(cloud: LocalCloud) -> dict[str, str]:
    """Return a token of every user, and such that count no more or never did."""
    rows, clock = DynamoAccessRows(make_client("dynamodb", cloud.endpoint), TABLE), SystemClock()
    site, now = site_of(f"{cloud.url}/arcgis", TABLE), SystemClock().now()
    users = {name: User(name, role, created=now - DAY) for name, role in ROLES.items()}
    for user in users.values():
        Users(rows).insert(user)
        Passwords(rows).set(user.name, PASSWORD)
    accounts = Accounts.of(rows, AccessRules(site), clock)
    tokens = {name: accounts.sign_in.issue(Login(name, PASSWORD, "127.0.0.1")).token for name in users}
    tokens["revoked"] = tokens.pop("ada")
    accounts.revocation.revoke(tokens["revoked"])
    ann, issuing = users["ann"], Tokens(SigningKeys(rows, clock), site, clock)
    sign_in = begin_sign_in(ann, now - DAY)
    tokens["expired"] = issuing.issue(ann, Claims(sign_in, now - 1_000)).token
    tokens["elsewhere"] = issuing.issue(ann, Claims(sign_in, now + DAY, Binding("ip", "198.51.100.1"))).token
    tokens["wrong"] = tokens["ann"][:-6] + "AAAAAA"
    tokens["key"] = ApiKeys(rows).add("ann", "of others", frozenset({"Samples"}), now, now + DAY)
    return tokens


class SignedInSite(Site):
    """The site as the owner of a token calls it, by the header of the ArcGIS API for Python."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(url)
        self.token = token
        if token:
            self.pool.headers = urllib3.HTTPHeaderDict({"X-Esri-Authorization": f"Bearer {token}"})

    def ask(self, method: str, path: str, fields: dict[str, Any]) -> urllib3.BaseHTTPResponse:
        """Return the answer itself, not that of the place to which it redirects."""
        multipart = any(isinstance(value, tuple) for value in fields.values())
        more = {"encode_multipart": multipart} if method == "POST" else {}
        return self.pool.request(method, self.url + path, fields=fields, redirect=False, **more)
