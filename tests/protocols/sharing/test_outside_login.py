"""The sign-in at another issuer: a link on the page, the way there, and back to where it began."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from gpserverless.testing import VirtualClock
from tests.access.fake_issuer import FakeIssuer
from tests.protocols.sharing.conftest import ROOT, Answer, Portal
from tests.protocols.sharing.test_oauth import PKCE, PYTHON, page, redeem

LOGIN, OUTSIDE, CALLBACK = "/rest/login", "/rest/login/outside", "/rest/login/callback"
PAGE = "/arcgis/rest/services/Planning?f=html"
FAILED = "Your organisation did not sign you in"


@pytest.fixture
def portal() -> Portal:
    clock = VirtualClock()
    return Portal(clock=clock, issuer=FakeIssuer(clock))


def issuer_of(portal: Portal) -> FakeIssuer:
    assert portal.issuer is not None
    return portal.issuer


def link(shown: Answer) -> str:
    """Return the path below the site of the link to the issuer."""
    found = re.search(r'href="/arcgis(/rest/login/outside[^"]*)"', shown.text)
    assert found is not None
    return unescape(found[1])


def leave(portal: Portal, path: str) -> Answer:
    bare, _, query = path.partition("?")
    return portal.send("GET", bare, parse_qs(query))


def cookie_of(answer: Answer, name: str = "agsoutside") -> str:
    return f"{name}={SimpleCookie(answer.headers['set-cookie'])[name].value}"


def come_back(portal: Portal, away: Answer, cookie: str | None = None, **changes: str) -> Answer:
    state, code = issuer_of(portal).sign_in(away.location)
    brought = {"state": state, "code": code, **changes}
    return portal.send("GET", CALLBACK, brought, cookie=cookie_of(away) if cookie is None else cookie)


def test_pages_have_no_link_without_an_issuer() -> None:
    alone = Portal()
    assert "organisation" not in page(alone, PYTHON).text
    assert "organisation" not in alone.send("GET", LOGIN).text
    assert alone.send("GET", OUTSIDE).status == 404
    assert alone.send("GET", CALLBACK).status == 404


def test_browser_is_sent_to_the_issuer_with_a_challenge(portal: Portal) -> None:
    away = leave(portal, link(portal.send("GET", LOGIN, {"next": PAGE})))
    assert away.status == 302
    query = parse_qs(urlsplit(away.location).query)
    assert query["redirect_uri"] == [f"{ROOT}{CALLBACK}"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["nonce"]
    cookie = SimpleCookie(away.headers["set-cookie"])["agsoutside"]
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == ("/arcgis/rest/login", "Lax", "600")
    assert cookie["httponly"]
    assert cookie["secure"]


def test_browser_comes_back_to_the_page_with_the_cookie(portal: Portal) -> None:
    back = come_back(portal, leave(portal, link(portal.send("GET", LOGIN, {"next": PAGE}))))
    assert (back.status, back.location) == (303, PAGE)
    token = cookie_of(back, "agstoken").partition("=")[2]
    assert portal.get("/sharing/rest/community/self", {"token": token}).json["username"] == "Eve"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", ""])
def test_way_back_is_never_to_another_site(place: str, portal: Portal) -> None:
    back = come_back(portal, leave(portal, f"{OUTSIDE}?{urlencode({'next': place})}"))
    assert back.location == "/arcgis/rest/services"


def test_application_gets_its_code(portal: Portal) -> None:
    back = come_back(portal, leave(portal, link(page(portal, PKCE))))
    assert back.status == 302
    query = parse_qs(urlsplit(back.location).query)
    assert back.location.startswith("https://app.example.org/back?code=")
    assert query["state"] == [PKCE["state"]]
    assert redeem(portal, query["code"][0]).json["username"] == "Eve"
    assert "agstoken" not in back.headers.get("set-cookie", ""), "the browser itself is not signed in"


def test_application_gets_its_token(portal: Portal) -> None:
    back = come_back(portal, leave(portal, link(page(portal, PYTHON))))
    assert back.fragment["username"] == "Eve"
    assert back.fragment["state"] == "S1"


FOREIGN: dict[str, Callable[[Portal, Answer], str]] = {
    "without a cookie": lambda portal, away: "",
    "with that of another way": lambda portal, away: cookie_of(leave(portal, OUTSIDE)),
    "with one of its own": lambda portal, away: "agsoutside=browser.0123",
    "with the state itself": lambda portal, away: f"agsoutside=browser.{away.location}",
}


@pytest.mark.parametrize("browser", FOREIGN)
def test_link_of_somebody_else_signs_nobody_in(browser: str, portal: Portal) -> None:
    away = leave(portal, OUTSIDE)
    back = come_back(portal, away, FOREIGN[browser](portal, away))
    assert back.status == 400
    assert FAILED in back.text
    assert "set-cookie" not in back.headers


@pytest.mark.parametrize("changes", [{"code": ""}, {"code": "x"}, {"state": ""}, {"state": "x"}])
def test_what_the_issuer_has_not_said_signs_nobody_in(changes: dict[str, str], portal: Portal) -> None:
    back = come_back(portal, leave(portal, OUTSIDE), **changes)
    assert back.status == 400
    assert "set-cookie" not in back.headers


def test_refusal_of_the_issuer_is_told_on_a_page(portal: Portal) -> None:
    away = leave(portal, OUTSIDE)
    state, _ = issuer_of(portal).sign_in(away.location)
    told = {"error": "access_denied", "error_description": "<b>no", "state": state}
    back = portal.send("GET", CALLBACK, told, cookie=cookie_of(away))
    assert back.status == 400
    assert FAILED in back.text
    assert "<b>no" not in back.text


@pytest.mark.parametrize(
    "claims", [{"nonce": "x"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}]
)
def test_token_for_another_sign_in_signs_nobody_in(claims: dict[str, object], portal: Portal) -> None:
    issuer_of(portal).claims = claims
    back = come_back(portal, leave(portal, OUTSIDE))
    assert back.status == 400
    assert FAILED in back.text


def test_way_back_counts_for_ten_minutes(portal: Portal) -> None:
    away = leave(portal, OUTSIDE)
    portal.clock.sleep(601)
    assert come_back(portal, away).status == 400


def test_cookie_of_a_browser_does_not_open_the_way_of_an_application(portal: Portal) -> None:
    """Its state has the application's text in the place of a page."""
    away = leave(portal, link(page(portal, PKCE)))
    browser = cookie_of(away).replace("application.", "browser.")
    back = come_back(portal, away, browser)
    assert back.status == 400
    assert "set-cookie" not in back.headers


@pytest.mark.parametrize("state", ["x", "a.b.c"])
def test_state_of_nobody_leads_nowhere(state: str, portal: Portal) -> None:
    answer = portal.send("GET", OUTSIDE, {"oauth_state": state})
    assert answer.status == 400
    assert "location" not in answer.headers


def test_issuer_that_cannot_be_asked_is_told_on_a_page(portal: Portal) -> None:
    issuer_of(portal).description = {"issuer": "https://evil.example"}
    answer = portal.send("GET", OUTSIDE)
    assert answer.status == 400
    assert FAILED in answer.text
