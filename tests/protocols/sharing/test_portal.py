"""The portal before and after a sign-in: the keys that clients read, and who is shown to whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocols.sharing.conftest import PASSWORD, ROOT, Portal

P = "/sharing/rest"


def test_info_leads_to_the_token_service(portal: Portal) -> None:
    expected = {
        "owningSystemUrl": ROOT,
        "authInfo": {
            "tokenServicesUrl": f"{ROOT}/sharing/rest/generateToken",
            "isTokenBasedSecurity": True,
        },
    }
    for path in (f"{P}/info", "/sharing/info", "/info"):
        assert portal.get(path).json == expected
        assert portal.post(path).json == expected, "ArcGIS REST JS posts"


def test_root_has_its_version_as_a_text(portal: Portal) -> None:
    assert portal.get(P).json == {"currentVersion": "2025.1"}


def test_portal_tells_anybody_how_to_sign_in(portal: Portal) -> None:
    found = portal.get(f"{P}/portals/self").json
    assert "user" not in found
    assert found["portalName"]
    assert (found["isPortal"], found["supportsOAuth"], found["allSSL"]) == (True, True, True)
    assert found["helperServices"] == {}
    assert found["currentVersion"] == "2025.1"


def test_portal_knows_its_caller(portal: Portal) -> None:
    user = portal.get(f"{P}/portals/self", {"token": portal.token()}).json["user"]
    assert user["username"] == "ana"
    assert user["fullName"] == "Ana Lima"
    assert user["email"] == "ana@example.org"
    assert [group["title"] for group in user["groups"]] == ["planners", "water"]
    assert "roleId" not in user, "the ArcGIS API for Python would ask for its name"


@pytest.mark.parametrize(
    "headers",
    [{"x_esri_authorization": "Bearer {}"}, {"authorization": "Bearer {}"}],
    ids=["Esri's", "the usual"],
)
def test_token_comes_in_headers_too(headers: dict[str, str], portal: Portal) -> None:
    sent = {name: value.format(portal.token()) for name, value in headers.items()}
    assert portal.get(f"{P}/portals/self", **sent).json["user"]["username"] == "ana"


@pytest.mark.parametrize("path", [f"{P}/portals/self", f"{P}/community/self", f"{P}/community/users/ana"])
def test_token_that_does_not_count_is_told(path: str, portal: Portal) -> None:
    error = portal.get(path, {"token": "x"}).error
    assert (error["code"], error["message"]) == (498, "Invalid token.")


def test_cookie_is_not_read_below_sharing(portal: Portal) -> None:
    """Answers there may be read by pages elsewhere, with credentials."""
    cookie = f"agstoken={portal.token()}"
    assert "user" not in portal.get(f"{P}/portals/self", cookie=cookie).json
    assert portal.get(f"{P}/community/self", cookie=cookie).error["code"] == 499


def test_portal_has_one_id(portal: Portal) -> None:
    found = portal.get(f"{P}/portals/self").json["id"]
    assert len(found) == 16
    assert portal.get(f"{P}/portals/{found}").json["id"] == found
    assert portal.get(f"{P}/portals/0123456789ABCDEF").error["code"] == 404
    assert portal.get(f"{P}/portals/0123456789ABCDEF/roles").error["code"] == 404


def test_there_are_no_roles_beside_the_built_in_ones(portal: Portal) -> None:
    assert portal.post(f"{P}/portals/self/roles").json["roles"] == []


ROLES = [
    ("Vic", "org_user", [], False),
    ("ana", "org_user", ["premium:user:spatialanalysis"], False),
    ("pam", "org_publisher", ["portal:user:createItem", "portal:publisher:publishFeatures"], False),
    ("root", "org_admin", ["portal:user:createItem", "portal:admin:updateItems"], True),
]


@pytest.mark.parametrize(("name", "role", "privileges", "administers"), ROLES)
def test_role_has_the_privileges_that_clients_look_for(
    name: str, role: str, privileges: list[str], administers: bool, portal: Portal
) -> None:
    user = portal.get(f"{P}/community/self", {"token": portal.token(name)}).json
    assert user["role"] == role
    assert set(privileges) <= set(user["privileges"])
    assert any(":admin:" in privilege for privilege in user["privileges"]) is administers


def answer_about(portal: Portal, name: str, asks: str) -> dict[str, Any]:
    found: dict[str, Any] = portal.get(f"{P}/community/users/{name}", {"token": portal.token(asks)}).json
    return found


@pytest.mark.parametrize(
    ("asks", "name", "seen"),
    [
        ("ana", "ana", True),
        ("ana", "ANA", True),
        ("vic", "Vic", True),
        ("root", "ana", True),
        ("root", "nobody", False),
        ("ana", "root", False),
        ("pam", "ana", False),
        ("ana", "nobody", False),
    ],
)
def test_user_is_seen_by_itself_and_by_administrators(
    asks: str, name: str, seen: bool, portal: Portal
) -> None:
    found = answer_about(portal, name, asks)
    if seen:
        assert found["username"].lower() == name.lower()
    else:
        assert found["error"]["code"] == 404


def test_foreign_user_is_answered_like_a_missing_one(portal: Portal) -> None:
    assert answer_about(portal, "root", "ana") == answer_about(portal, "nobody", "ana")


@pytest.mark.parametrize("path", [f"{P}/community/self", f"{P}/community/users/ana"])
def test_users_are_for_callers_who_have_signed_in(path: str, portal: Portal) -> None:
    assert portal.get(path).error["code"] == 499


@pytest.mark.parametrize("path", ["search", "content/items/0123", "community/users/ana/tasks", "portals"])
def test_resource_that_is_not_there_says_so(path: str, portal: Portal) -> None:
    error = portal.get(f"{P}/{path}", {"token": portal.token()}).error
    assert error["code"] == 404
    assert "This portal has no such resource" in error["details"][0]


@pytest.mark.parametrize(
    ("path", "reads"),
    [("/info", 0), (f"{P}/info", 0), (P, 0), (f"{P}/portals/self", 0), (f"{P}/portals/self/roles", 0)],
)
def test_question_before_a_sign_in_costs_nothing(path: str, reads: int, portal: Portal) -> None:
    portal.rows.reads.clear()
    portal.get(path)
    assert len(portal.rows.reads) == reads


@pytest.mark.parametrize("path", [f"{P}/portals/self", f"{P}/community/self", f"{P}/community/users/ana"])
def test_question_after_a_sign_in_costs_one_read(path: str, portal: Portal) -> None:
    token = portal.token()
    portal.get(f"{P}/portals/self", {"token": token})
    portal.rows.reads.clear()
    portal.get(path, {"token": token})
    assert portal.rows.reads == ["USER#ana"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/tokens/GENERATETOKEN", "/tokens/generateToken"),
        ("/Sharing/REST/generatetoken", "/sharing/rest/generateToken"),
        ("/sharing/rest/generateToken/", "/sharing/rest/generateToken"),
        ("/sharing//oauth2/SignIn", "/sharing/oauth2/signin"),
    ],
)
def test_other_spelling_of_the_sign_in_is_led_there_with_its_body(
    path: str, place: str, portal: Portal
) -> None:
    answer = portal.send("POST", path, form={"username": "ana", "password": PASSWORD})
    assert answer.status == 307
    assert answer.headers["location"] == f"{ROOT}{place}"
