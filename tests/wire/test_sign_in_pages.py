"""The sign-in of browsers over HTTP: to the page, with a cookie back, and out again."""

from __future__ import annotations

import re
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import urllib3

from tests.access.fake_issuer import FakeIssuer
from tests.local_users import KnownUser
from tests.wire.conftest import SERVICES, Site

SECURED = f"{SERVICES}/Conformance/Secured/GPServer"
LOGIN, LOGOUT = "/arcgis/rest/login", "/arcgis/rest/logout"


def browse(
    site: Site, method: str, path: str, fields: Any = None, cookie: str = ""
) -> urllib3.BaseHTTPResponse:
    headers = {"Sec-Fetch-Site": "same-origin", **({"Cookie": f"agstoken={cookie}"} if cookie else {})}
    return site.send(method, path, fields, headers=headers, redirect=False)


def sign_in(site: Site, user: KnownUser, next_page: str) -> urllib3.BaseHTTPResponse:
    form = {"username": user.name, "password": user.password, "next": next_page}
    return browse(site, "POST", LOGIN, form)


def cookie_of(answer: urllib3.BaseHTTPResponse) -> str:
    return SimpleCookie(answer.headers["set-cookie"])["agstoken"].value


def test_page_without_a_token_leads_to_the_sign_in_and_back(site: Site, ana: KnownUser) -> None:
    away = browse(site, "GET", SECURED)
    assert away.status == 302
    page = browse(site, "GET", away.headers["location"].removeprefix(site.url))
    assert page.status == 200
    found = re.search(r'name="next" value="([^"]+)"', page.data.decode())
    assert found is not None
    back = sign_in(site, ana, found[1])
    assert (back.status, back.headers["location"]) == (303, SECURED)
    shown = browse(site, "GET", SECURED, cookie=cookie_of(back))
    assert shown.status == 200
    assert b"CopyFile" in shown.data


def test_cookie_ends_with_the_sign_out(site: Site, ana: KnownUser) -> None:
    token = cookie_of(sign_in(site, ana, ""))
    out = browse(site, "GET", LOGOUT, cookie=token)
    assert cookie_of(out) == ""
    renewed = site.post("/arcgis/tokens/generateToken", {"token": token})
    assert renewed["error"]["code"] == 498


@pytest.mark.parametrize("path", ["/arcgis/sharing/rest/portals/self", "/arcgis/sharing/rest/community/self"])
def test_cookie_is_not_read_below_sharing(site: Site, ana: KnownUser, path: str) -> None:
    token = cookie_of(sign_in(site, ana, ""))
    answer = orjson.loads(browse(site, "GET", path, {"f": "json"}, cookie=token).data)
    assert "username" not in answer
    assert "user" not in answer


def test_portal_never_leads_to_the_sign_in(site: Site) -> None:
    """The cookie would not be read there, and the browser would go round in a circle."""
    assert browse(site, "GET", "/arcgis/sharing/rest/community/self").status == 401


def test_style_of_the_pages_is_served_and_kept(site: Site) -> None:
    page = browse(site, "GET", LOGIN).data.decode()
    found = re.search(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert found is not None
    style = browse(site, "GET", found[1])
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]


def test_user_of_another_issuer_signs_in_there(
    site: Site, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer, "claims", {"preferred_username": "nadia"})  # no test's own user
    page = browse(site, "GET", f"{LOGIN}?next={SECURED}").data.decode()
    found = re.search(r'href="([^"]+)">Sign in with your organisation', page)
    assert found is not None
    away = browse(site, "GET", unescape(found[1]))
    assert away.status == 302
    state, code = issuer.sign_in(away.headers["location"])
    held = SimpleCookie(away.headers["set-cookie"])["agsoutside"].value
    headers = {"Cookie": f"agsoutside={held}", "Sec-Fetch-Site": "cross-site"}
    brought = {"state": state, "code": code}
    back = site.send("GET", f"{LOGIN}/callback", brought, headers=headers, redirect=False)
    assert (back.status, back.headers["location"]) == (303, SECURED)
    shown = browse(site, "GET", SECURED, cookie=cookie_of(back))
    assert b"CopyFile" in shown.data


@pytest.mark.parametrize("host", ["evil.example", "evil.example:443"])
def test_host_that_a_caller_names_is_used_for_nothing(site: Site, host: str) -> None:
    own = urlsplit(site.url).netloc
    page = site.send("GET", LOGIN, headers={"Host": host, "X-Forwarded-Host": host})
    assert b"evil" not in page.data
    assert own.encode() in page.data
    asked = {"client_id": "pythonapi", "response_type": "token", "redirect_uri": f"https://{host}"}
    refused = site.send("GET", "/arcgis/sharing/rest/oauth2/authorize", asked, headers={"Host": host})
    assert refused.status == 400
    assert b"Invalid redirect_uri" in refused.data
