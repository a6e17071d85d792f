"""The sign-in of the ArcGIS API for Python, with the requests that it was seen to send; it is not run.

`GIS(url, username, password)` reads the sign-in page of OAuth with a regular expression, twice, posts its
form, and takes the token from where it is sent to. If that fails it asks for a code that a page shows.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

from tests.local_users import KnownUser
from tests.wire.conftest import SERVICES, Site

P = "/arcgis/sharing/rest"
OOB = "urn:ietf:wg:oauth:2.0:oob"
WRONG = "Invalid username or password."


class PythonClient:
    """What `GIS` sends, and the words that it looks for.

    Args:
        site: The site.
        user: Name and password that the user gives.
        origin: Scheme, host and port as the client sees the site: a portal's is made https.
    """

    def __init__(self, site: Site, user: KnownUser, origin: str = "") -> None:
        self.site = site
        self.user = user
        self.origin = origin or site.url.replace("http://", "https://")
        self.sent = 0
        self.token = ""

    def send(self, method: str, path: str, fields: dict[str, str] | None = None) -> Any:
        self.sent += 1
        bearer = {"X-Esri-Authorization": f"Bearer {self.token}"} if self.token else {}
        headers = {"User-Agent": "Geosaurus/2.4.4", "Referer": "http", "Accept": "*/*", **bearer}
        return self.site.send(method, path, fields, headers=headers, redirect=False)

    def ask(self, method: str, path: str, **fields: str) -> dict[str, Any]:
        answer = self.send(method, path, {"f": "json", **fields})
        assert answer.status == 200
        read: dict[str, Any] = orjson.loads(answer.data)
        return read

    def probe(self) -> None:
        """Find out which kind of site it is."""
        for path in ("/arcgis/info", "/arcgis/rest/info", f"{P}/info", SERVICES):
            self.send("GET", path, {"f": "json"})
        assert self.ask("GET", f"{P}/info")["authInfo"]["isTokenBasedSecurity"]

    def read_page(self, response_type: str, redirect_uri: str) -> dict[str, Any]:
        """Read the data block of the sign-in page; the first reading only looks for a refused address."""
        asked = {
            "response_type": response_type,
            "client_id": "pythonapi",
            "redirect_uri": redirect_uri,
            "state": "S1",
            "expiration": "600",
            "allow_verification": "false",
            "style": "dark",
            "locale": "en-US",
        }
        first = self.send("GET", f"{P}/oauth2/authorize", asked)
        if "Invalid redirect_uri" in first.data.decode():
            return {}
        return data_block(self.send("GET", f"{P}/oauth2/authorize", {**asked, "state": "S2"}).data)

    def post_form(self, state: str) -> Any:
        form = {
            "oauth_state": state,
            "username": self.user.name,
            "password": self.user.password,
            "expiration": "600",
        }
        return self.send("POST", "/arcgis/sharing/oauth2/signin", form)

    def sign_in(self) -> None:
        """Sign in by the implicit flow."""
        self.probe()
        page = self.read_page("token", self.origin)
        answer = self.post_form(page["oauth_state"])
        if answer.status == 200:
            raise PermissionError(*data_block(answer.data)["messages"])
        assert answer.status == 302
        location = urlsplit(answer.headers["location"])
        assert f"{location.scheme}://{location.netloc}" == self.origin
        fragment = dict(parse_qsl(location.fragment))
        assert fragment["state"] == "S2"
        self.token = fragment["access_token"]

    def sign_in_by_code(self) -> None:
        """Sign in by a code that a page shows, as it does where the implicit flow does not lead on."""
        page = self.read_page("code", OOB)
        shown = self.post_form(page["oauth_state"]).data.decode()
        found = re.search(r"<title>SUCCESS code=(.*?)</title>", shown)
        assert found is not None
        assert data_block(shown.encode()) == {}
        form = {
            "grant_type": "authorization_code",
            "code": found[1],
            "client_id": "pythonapi",
            "redirect_uri": OOB,
            "expiration": "600",
        }
        granted = orjson.loads(self.send("POST", f"{P}/oauth2/token", form).data)
        assert granted["username"] == self.user.name
        assert granted["refresh_token"]
        self.token = granted["access_token"]

    def get_to_know(self) -> dict[str, Any]:
        """Ask for the portal and its user, as every `GIS` does when it has a token."""
        self.ask("GET", f"{P}/info")
        portal = self.ask("GET", f"{P}/portals/self")
        name = portal["user"]["username"]
        user = self.ask("GET", f"{P}/community/users/{name}")
        assert self.ask("POST", f"{P}/portals/self/roles")["roles"] == []
        self.ask("GET", f"{P}/portals/self")
        assert self.ask("GET", P)["currentVersion"] == "2025.1"
        return user


def data_block(page: bytes) -> dict[str, Any]:
    """Return the first `{…}` that stands on one line, as the client finds it."""
    line = next(found for line in page.decode().splitlines() if (found := re.search(r"\{.*\}", line)))
    read: dict[str, Any] = orjson.loads(line[0])
    return read


def test_gis_signs_in_with_name_and_password(site: Site, ana: KnownUser) -> None:
    client = PythonClient(site, ana)
    client.sign_in()
    user = client.get_to_know()
    assert (user["username"], user["fullName"]) == ("ana", "Ana Lima")
    assert isinstance(user["privileges"], list)
    assert client.sent == 14


def test_gis_behind_a_relay_gets_a_code(site: Site, ana: KnownUser) -> None:
    client = PythonClient(site, ana, origin="https://gis.example.org")
    assert client.read_page("token", client.origin) == {}, "its address is none of the site"
    client.sign_in_by_code()
    assert client.get_to_know()["username"] == "ana"


def test_wrong_password_is_told_in_the_words_that_reach_the_user(site: Site, ana: KnownUser) -> None:
    client = PythonClient(site, KnownUser(ana.name, "wrong"))
    with pytest.raises(PermissionError, match=WRONG):
        client.sign_in()


def test_gis_with_generate_token_signs_in(site: Site, ana: KnownUser) -> None:
    """`GIS(url, username, password, use_gen_token=True)`, and `Server` of `arcgis.gis.server`."""
    client = PythonClient(site, ana)
    form = {
        "username": ana.name,
        "password": ana.password,
        "client": "referer",
        "referer": "http",
        "expiration": "60",
    }
    for path in ("/arcgis/tokens/generateToken", "/arcgis/admin/generateToken"):
        client.token = client.ask("POST", path, **form)["token"]
        assert client.get_to_know()["username"] == "ana"
    wrong = client.ask("POST", "/arcgis/tokens/generateToken", **{**form, "password": "wrong"})
    assert wrong["error"]["details"] == [WRONG]


def test_gis_with_a_token_that_does_not_count_has_no_user(site: Site) -> None:
    client = PythonClient(site, KnownUser("", ""))
    client.token = "bad"
    error = client.ask("GET", f"{P}/portals/self")["error"]
    assert (error["code"], error["message"]) == (498, "Invalid token.")
    client.token = ""
    assert "user" not in client.ask("GET", f"{P}/portals/self"), "it asks again without a token"


def test_token_is_exchanged_for_the_server(site: Site, ana: KnownUser) -> None:
    client = PythonClient(site, ana)
    client.sign_in()
    server = f"{client.origin}/arcgis/rest/services"
    form = {
        "request": "getToken",
        "serverURL": server,
        "token": client.token,
        "expiration": "60",
        "referer": "http",
    }
    answer = client.ask("POST", f"{P}/generateToken", **form)
    assert answer["token"]
    refused = client.ask("POST", f"{P}/generateToken", **{**form, "serverURL": "https://evil.example/arcgis"})
    assert "serverUrl" in refused["error"]["details"][0]
