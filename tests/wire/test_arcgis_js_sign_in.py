"""The sign-in of the Maps SDK for JavaScript, with the requests that it was seen to send; it is not run.

Its dialog posts name and password to the server's token service. With `OAuthInfo` a browser goes to the
sign-in page, and the application redeems the code. Both ask from another origin, the portal with credentials.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import urllib3

from tests.local_users import KnownUser
from tests.wire.conftest import SERVICES, Site

P = "/arcgis/sharing/rest"
APP = "http://localhost:5173"
BACK = f"{APP}/back"
SECURED = f"{SERVICES}/Conformance/Secured/GPServer"


def send(site: Site, method: str, path: str, fields: dict[str, str], **more: Any) -> urllib3.BaseHTTPResponse:
    headers = {"Origin": APP, "Referer": f"{APP}/", "Sec-Fetch-Site": "cross-site"}
    return site.send(method, path, fields, headers=headers, redirect=False, **more)


def ask(site: Site, method: str, path: str, **fields: str) -> Any:
    """Ask as a page elsewhere that may read the answer, with credentials below the portal."""
    answer = send(site, method, path, {"f": "json", **fields})
    allowed = answer.headers["access-control-allow-origin"]
    assert allowed == (APP if path.startswith("/arcgis/sharing") else "*")
    return orjson.loads(answer.data)


def test_dialog_signs_in_at_the_token_service_of_the_server(site: Site, ana: KnownUser) -> None:
    assert ask(site, "GET", SECURED)["error"]["code"] == 499
    info = ask(site, "GET", "/arcgis/rest/info")
    assert info["owningSystemUrl"] == f"{site.url}/arcgis"
    tokens = urlsplit(info["authInfo"]["tokenServicesUrl"]).path
    form = {"request": "getToken", "username": ana.name, "password": ana.password, "expiration": "60"}
    answer = ask(site, "POST", tokens, **form)
    assert answer["ssl"] is False, "else it would ask for everything by https"
    assert "CopyFile" in ask(site, "GET", SECURED, token=answer["token"])["tasks"]
    assert ask(site, "POST", tokens, **{**form, "password": "wrong"})["error"]["code"] == 400


def test_token_bound_to_the_page_counts_for_the_page_alone(site: Site, ana: KnownUser) -> None:
    form = {"request": "getToken", "client": "referer", "referer": APP}
    token = ask(site, "POST", f"{P}/generateToken", username=ana.name, password=ana.password, **form)["token"]
    assert "tasks" in ask(site, "GET", SECURED, token=token)
    elsewhere = site.send(
        "GET", SECURED, {"f": "json", "token": token}, headers={"Referer": "https://evil.example/"}
    )
    assert orjson.loads(elsewhere.data)["error"]["code"] == 498


def test_application_signs_in_with_a_code_and_pkce(site: Site, ana: KnownUser) -> None:
    assert "user" not in ask(site, "GET", f"{P}/portals/self"), "it asks before anybody has signed in"
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": "arcgisonline",
        "response_type": "code",
        "state": '{"id":"a b"}',
        "expiration": "20160",
        "redirect_uri": BACK,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = send(site, "GET", "/arcgis/sharing/oauth2/authorize", asked)
    found = re.search(r'name="oauth_state" value="([^"]+)"', page.data.decode())
    assert found is not None
    form = {"oauth_state": found[1], "username": ana.name, "password": ana.password}
    location = urlsplit(send(site, "POST", "/arcgis/sharing/oauth2/signin", form).headers["location"])
    query = parse_qs(location.query)
    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK
    assert query["state"] == [asked["state"]]
    granted = ask(
        site,
        "POST",
        f"{P}/oauth2/token",
        grant_type="authorization_code",
        code=query["code"][0],
        client_id="arcgisonline",
        redirect_uri=BACK,
        code_verifier=verifier,
    )
    token = granted["access_token"]
    assert ask(site, "GET", P, token=token)["currentVersion"]
    assert ask(site, "GET", f"{P}/portals/self", token=token)["user"]["username"] == ana.name
    server = f"{site.url}{SECURED}"
    exchanged = ask(site, "POST", f"{P}/generateToken", request="getToken", serverUrl=server, token=token)
    assert "CopyFile" in ask(site, "GET", SECURED, token=exchanged["token"])["tasks"]


@pytest.mark.parametrize(
    "path", [f"{P}/portals/self", f"{P}/generateToken", f"{P}/oauth2/token", f"{P}/nothing"]
)
def test_preflight_of_the_portal_allows_credentials(site: Site, path: str) -> None:
    headers = {"Origin": APP, "Access-Control-Request-Method": "POST"}
    answer = site.send("OPTIONS", path, headers=headers)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == APP
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in answer.headers["vary"]
