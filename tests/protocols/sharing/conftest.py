"""A portal in one process: the handlers of both functions, over a table in memory and a clock that is set."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from argon2 import Parameters
from argon2.low_level import Type

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.oidc.issuer import IssuerSettings
from gpserverless.access.passwords import Passwords
from gpserverless.access.user import User
from gpserverless.access.users import Users
from gpserverless.app.sign_in import SignInFunction, SignInSettings
from gpserverless.caller import Role
from gpserverless.http.dispatch import Dispatcher
from gpserverless.protocols.sharing.admission import PortalAdmission
from gpserverless.protocols.sharing.portal import PortalHandlers
from gpserverless.protocols.sharing.routes import SIGN_IN, find_portal_route, find_route_of_portal
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.fake_issuer import CLIENT, FakeIssuer

ROOT = "https://gis.example.org/arcgis"
PASSWORD = "correct horse battery staple"
WRONG = "Invalid username or password."
APP, BACK = "planning", "https://app.example.org/back"
CHEAP = Parameters(Type.ID, 19, 16, 32, 1, 64, 1)
"""The cost of the hashes in these tests: as little as can be."""


@dataclass(frozen=True)
class Answer:
    """An answer of the portal.

    Attributes:
        status: HTTP status.
        headers: Headers by name in small letters.
        text: The body.
    """

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def error(self) -> dict[str, Any]:
        """The error of an envelope, which came with HTTP 200."""
        assert self.status == 200, self.text
        assert list(self.json) == ["error"], self.text
        found: dict[str, Any] = self.json["error"]
        return found

    @property
    def location(self) -> str:
        """Where the browser goes."""
        assert self.status in (302, 303), self.text
        return self.headers["location"]

    @property
    def fragment(self) -> dict[str, str]:
        """The values behind "#" of where the browser goes."""
        return dict(parse_qsl(urlsplit(self.location).fragment))

    @property
    def data(self) -> dict[str, Any]:
        """The data block as the ArcGIS API for Python finds it: the first line with braces."""
        first = next(found for line in self.text.splitlines() if (found := re.search(r"\{.*\}", line)))
        read: dict[str, Any] = json.loads(first[0])
        return read


@dataclass
class Portal:
    """The portal.

    Attributes:
        rows: The table of access.
        clock: The time.
        root: Public URL of the site.
        issuer: Another issuer whose users may sign in.
    """

    rows: InMemoryAccessRows = field(default_factory=InMemoryAccessRows)
    clock: VirtualClock = field(default_factory=VirtualClock)
    root: str = ROOT
    issuer: FakeIssuer | None = None

    def __post_init__(self) -> None:
        redirects = {APP: frozenset({BACK})}
        settings = SignInSettings(self.root, "access", 1440, redirects)
        issuer = IssuerSettings(self.issuer.issuer, CLIENT) if self.issuer else None
        rules = AccessRules(self.root, redirects=redirects, issuer=issuer)
        fetch_json = self.issuer.fetch_json if self.issuer else None
        passwords = Passwords(self.rows, CHEAP)
        accounts = Accounts.of(self.rows, rules, self.clock, passwords, fetch_json)
        self.sign_in = SignInFunction(settings, accounts, self.clock)
        admit = PortalAdmission(accounts.identify).admit
        self.directory = Dispatcher(self.root, find_route_of_portal, admit, lambda **_: nullcontext())
        self.handlers = PortalHandlers(lambda name: Users(self.rows).find(name.lower())).routes

    def add(self, name: str, role: Role = Role.USER, password: str = PASSWORD, **more: Any) -> None:
        """Add a user."""
        user = User(name, role, created=self.clock.now(), **more)
        assert Users(self.rows).insert(user)
        Passwords(self.rows, CHEAP).set(user.key, password)

    def send(self, method: str, path: str, query: Any = None, form: Any = None, **headers: str) -> Answer:
        """Send a request to the function that the gateway would give it to."""
        http = {"method": method, "path": f"/arcgis{path}", "sourceIp": "192.0.2.7"}
        context = {"http": http, "domainName": "api.example.com", "stage": "$default"}
        event = {
            "version": "2.0",
            "rawPath": http["path"],
            "rawQueryString": urlencode(query or {}, doseq=True),
            "headers": {name.replace("_", "-"): value for name, value in headers.items() if name != "cookie"},
            "cookies": [headers["cookie"]] if "cookie" in headers else [],
            "requestContext": context,
        }
        if form is not None:
            event["body"] = urlencode(form)
            event["headers"] = {"content-type": "application/x-www-form-urlencoded", **event["headers"]}
        route = find_portal_route(tuple(path.strip("/").split("/")))
        if route is not None and route.key in SIGN_IN and path == f"/{route.path}":
            payload = self.sign_in.handle(event)
        else:
            payload = self.directory.answer(event, self.handlers)
        headers = {name.lower(): value for name, value in payload["headers"].items()}
        return Answer(payload["statusCode"], headers, payload["body"])

    def get(self, path: str, query: Any = None, **headers: str) -> Answer:
        """Ask for JSON."""
        return self.send("GET", path, {"f": "json", **(query or {})}, **headers)

    def post(self, path: str, form: Any = None, **headers: str) -> Answer:
        """Post a form that asks for JSON."""
        return self.send("POST", path, form={"f": "json", **(form or {})}, **headers)

    def token(self, name: str = "ana", **more: str) -> str:
        """Return a token of a user."""
        form = {"username": name, "password": PASSWORD, "client": "requestip", **more}
        found: str = self.post("/tokens/generateToken", form).json["token"]
        return found


@pytest.fixture
def portal() -> Portal:
    """Return a portal with a user of every role."""
    made = Portal()
    made.add("ana", full_name="Ana Lima", email="ana@example.org", groups=frozenset({"planners", "water"}))
    made.add("Vic", Role.VIEWER)
    made.add("pam", Role.PUBLISHER)
    made.add("root", Role.ADMINISTRATOR)
    return made
