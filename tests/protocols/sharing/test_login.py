"""The sign-in of browsers: a form, a cookie, the way back to the page, and the way out."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest

from gpserverless.caller import Role
from tests.protocols.sharing.conftest import PASSWORD, WRONG, Answer, Portal

PAGE = "/arcgis/rest/services/Planning/Zones/GPServer?f=html"
CATALOGUE = "/arcgis/rest/services"


def log_in(portal: Portal, password: str = PASSWORD, next_page: str = PAGE, **headers: str) -> Answer:
    form = {"username": "ana", "password": password, "next": next_page}
    return portal.send("POST", "/rest/login", form=form, **headers)


def cookie(answer: Answer) -> Morsel[str]:
    return SimpleCookie(answer.headers["set-cookie"])["agstoken"]


def test_form_leads_back_to_the_page_that_was_asked_for(portal: Portal) -> None:
    shown = portal.send("GET", "/rest/login", {"next": PAGE})
    assert shown.status == 200
    assert '<form method="post" action="/arcgis/rest/login">' in shown.text
    assert f'name="next" value="{PAGE}"' in shown.text
    assert "text/plain" not in shown.text, "no program reads this page"


def test_sign_in_sets_a_cookie_that_no_script_reads(portal: Portal) -> None:
    answer = log_in(portal)
    assert (answer.status, answer.location) == (303, PAGE)
    found = cookie(answer)
    assert (found["path"], found["max-age"], found["samesite"]) == ("/arcgis", "3600", "Lax")
    assert found["httponly"]
    assert found["secure"]
    assert found["domain"] == "", "for this host alone"
    assert portal.get("/sharing/rest/community/self", {"token": found.value}).json["username"] == "ana"


@pytest.mark.parametrize(
    ("root", "secure"),
    [
        ("https://gis.example.org/arcgis", True),
        ("http://gis.example.org/arcgis", True),
        ("https://127.0.0.1:8443/arcgis", True),
        ("http://127.0.0.1:8000/arcgis", False),
        ("http://localhost:8000/arcgis", False),
    ],
)
def test_cookie_travels_by_tls_alone_except_on_this_machine(root: str, secure: bool) -> None:
    portal = Portal(root=root)
    portal.add("ana", Role.USER)
    assert bool(cookie(log_in(portal))["secure"]) is secure


def test_wrong_password_shows_the_form_again(portal: Portal) -> None:
    again = log_in(portal, "wrong")
    assert again.status == 200
    assert f'role="alert">{WRONG}<' in again.text
    assert f'name="next" value="{PAGE}"' in again.text
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        '/arcgis/"><b>x',
    ],
)
def test_way_back_is_never_to_another_site(place: str, portal: Portal) -> None:
    assert "evil" not in portal.send("GET", "/rest/login", {"next": place}).text
    answer = log_in(portal, next_page=place)
    assert answer.location.startswith("/arcgis/")
    assert "evil" not in answer.location


def test_place_is_escaped_on_the_page(portal: Portal) -> None:
    assert "<b>x" not in portal.send("GET", "/rest/login", {"next": '/arcgis/"><b>x'}).text


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ({"sec_fetch_site": "same-origin", "origin": "https://gis.example.org"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "https://relay.example"}, True),
        ({"origin": "https://gis.example.org"}, True),
        ({}, True),
        ({"sec_fetch_site": "cross-site", "origin": "https://evil.example"}, False),
        ({"sec_fetch_site": "same-site", "origin": "https://evil.example.org"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
    ],
)
def test_page_of_another_site_signs_nobody_in(
    headers: dict[str, str], admitted: bool, portal: Portal
) -> None:
    answer = log_in(portal, **headers)
    assert answer.status == (303 if admitted else 403)
    assert ("set-cookie" in answer.headers) is admitted


@pytest.mark.parametrize("name", ["username", "password"])
def test_secret_in_the_query_is_refused(name: str, portal: Portal) -> None:
    answer = portal.send("POST", "/rest/login", {name: PASSWORD}, {"username": "ana", "password": PASSWORD})
    assert answer.status == 400
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sign_out_takes_the_cookie_back_and_ends_its_token(method: str, portal: Portal) -> None:
    token = cookie(log_in(portal)).value
    answer = portal.send(method, "/rest/logout", cookie=f"agstoken={token}")
    assert answer.status == 200
    assert "You have signed out" in answer.text
    found = cookie(answer)
    assert (found.value, found["max-age"], found["path"]) == ("", "0", "/arcgis")
    assert portal.get("/sharing/rest/community/self", {"token": token}).error["code"] == 498


def test_sign_out_without_a_cookie_is_no_error(portal: Portal) -> None:
    assert portal.send("GET", "/rest/logout").status == 200


def test_page_of_another_site_ends_no_token(portal: Portal) -> None:
    token = cookie(log_in(portal)).value
    portal.send("POST", "/rest/logout", form={}, cookie=f"agstoken={token}", sec_fetch_site="cross-site")
    assert portal.get("/sharing/rest/community/self", {"token": token}).json["username"] == "ana"
