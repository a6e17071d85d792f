"""A token for a password or for a token, in the form of every client; none in any other way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocols.sharing.conftest import PASSWORD, ROOT, WRONG, Portal

ADDRESSES = [
    "/tokens/generateToken",
    "/tokens",
    "/admin/generateToken",
    "/rest/generateToken",
    "/sharing/generateToken",
    "/sharing/rest/generateToken",
]

FORMS: dict[str, dict[str, str]] = {
    "ArcGIS API for Python": {"client": "referer", "referer": "http", "expiration": "60"},
    "ArcGIS REST JS": {"client": "referer", "referer": "@esri/arcgis-rest-js", "expiration": "20160"},
    "Maps SDK for JavaScript at a server": {"request": "getToken", "expiration": "60"},
    "Maps SDK for JavaScript at a portal": {
        "request": "getToken",
        "referer": "https://app.example.org",
        "expiration": "60",
    },
    "restapi": {"client": "requestip", "expiration": "60"},
    "nothing but name and password": {},
}
"""The fields that clients send beside name and password."""

EXCHANGES: dict[str, dict[str, str]] = {
    "ArcGIS REST JS": {"serverUrl": ROOT, "expiration": "20160"},
    "Maps SDK for JavaScript": {
        "request": "getToken",
        "serverUrl": f"{ROOT}/rest/services/Planning/Zones/GPServer",
    },
    "ArcGIS API for Python": {
        "request": "getToken",
        "serverURL": f"{ROOT}/rest/services",
        "expiration": "60",
        "referer": "http",
    },
}
"""The fields that clients send beside the token."""


def login(name: str = "ana", password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"username": name, "password": password, **more}


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("client", FORMS)
def test_form_of_every_client_is_answered_with_a_token(path: str, client: str, portal: Portal) -> None:
    answer = portal.post(path, login(**FORMS[client]))
    assert list(answer.json) == ["token", "expires", "ssl"]
    minutes = min(int(FORMS[client].get("expiration", "60")), 1440)
    assert answer.json["expires"] == portal.clock.now() + minutes * 60_000
    assert answer.json["ssl"] is True
    assert answer.headers["cache-control"] == "no-store"
    assert (
        portal.get("/sharing/rest/community/self", {"token": answer.json["token"]}).json["username"] == "ana"
    )


@pytest.mark.parametrize(
    "form", [{"USERNAME": "ana", "Password": PASSWORD}, {"userName": "ANA", "passWord": PASSWORD}]
)
def test_names_of_fields_and_users_have_any_letter_case(form: dict[str, str], portal: Portal) -> None:
    assert portal.post("/tokens/generateToken", form).json["token"]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", "wrong"),
        ("nobody", PASSWORD),
        ("ana", ""),
        ("", PASSWORD),
        ("", ""),
        ("ana\0x", PASSWORD),
        ('{"$ne":null}', '{"$ne":null}'),
        ("*)(uid=*))(|(uid=*", "x"),
        ("\u0430na", PASSWORD),
        ("ana", PASSWORD + "\0"),
        ("ana", "x" * 2_000),
    ],
)
def test_wrong_password_and_unknown_user_are_told_alike(name: str, password: str, portal: Portal) -> None:
    error = portal.post("/tokens/generateToken", login(name, password)).error
    assert error == {"code": 400, "message": "Unable to generate token.", "details": [WRONG]}


def test_form_without_fields_is_told_the_same(portal: Portal) -> None:
    assert portal.post("/tokens/generateToken").error["details"] == [WRONG]


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_token_is_given_to_another_method(path: str, method: str, portal: Portal) -> None:
    answer = portal.send(method, path, {"f": "json", **login()})
    assert (answer.error["code"], answer.error["message"]) == (405, "Method not allowed.")
    assert "token" not in answer.json


@pytest.mark.parametrize("name", ["username", "password", "PassWord", "token"])
def test_secret_in_the_query_is_refused_whatever_the_body_has(name: str, portal: Portal) -> None:
    answer = portal.send("POST", "/tokens/generateToken", {name: PASSWORD}, {"f": "json", **login()})
    assert "it is in the query of the URL" in answer.error["details"][0]
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("callback", ["found", "alert(1)//"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_answer_is_never_a_script(method: str, callback: str, portal: Portal) -> None:
    form = {"f": "json", "callback": callback, **login()}
    answer = portal.send(method, "/tokens/generateToken", form if method == "GET" else None, form)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.text.startswith("{")


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"client": "evil"}, "client"),
        ({"client": "referer"}, "referer"),
        ({"client": "ip", "ip": "999.1.1.1"}, "ip"),
        ({"expiration": "-1"}, "expiration"),
        ({"expiration": "abc"}, "expiration"),
    ],
)
def test_wrong_field_is_named(fields: dict[str, str], parameter: str, portal: Portal) -> None:
    error = portal.post("/tokens/generateToken", login(**fields)).error
    assert error["code"] == 400
    assert f"'{parameter}'" in error["details"][0]


def test_name_is_escaped_on_a_page(portal: Portal) -> None:
    name = '"><img src=x onerror=alert(1)>'
    answer = portal.send("POST", "/tokens/generateToken", form={"f": "html", **login(name, "x")})
    assert answer.status == 400
    assert "<img" not in answer.text


@pytest.mark.parametrize("client", EXCHANGES)
def test_token_is_exchanged_for_another_of_the_same_user(client: str, portal: Portal) -> None:
    token, ends = portal.token(expiration="30"), portal.clock.now() + 30 * 60_000
    portal.clock.sleep(60)
    answer = portal.post("/sharing/rest/generateToken", {"token": token, **EXCHANGES[client]})
    assert answer.json["expires"] == ends
    own = portal.get("/sharing/rest/community/self", {"token": answer.json["token"]})
    assert own.json["username"] == "ana"


@pytest.mark.parametrize(
    "server",
    [
        "https://evil.example/arcgis/rest/services",
        "https://gis.example.org.evil.example/arcgis",
        "http",
        "/arcgis",
    ],
)
def test_token_for_another_server_is_refused(server: str, portal: Portal) -> None:
    answer = portal.post("/sharing/rest/generateToken", {"token": portal.token(), "serverUrl": server})
    assert answer.error["message"] == "Invalid or missing input parameters."
    assert f"URLs below {ROOT}" in answer.error["details"][0]


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ."])
def test_token_that_does_not_count_is_not_exchanged(token: str, portal: Portal) -> None:
    assert portal.post("/sharing/rest/generateToken", {"token": token}).error["code"] == 498


def test_password_counts_and_not_a_token_beside_it(portal: Portal) -> None:
    form: dict[str, Any] = {**login(password="wrong"), "token": portal.token()}
    assert portal.post("/sharing/rest/generateToken", form).error["details"] == [WRONG]
    form = {**login(), "token": "x"}
    assert portal.post("/sharing/rest/generateToken", form).json["token"]


def test_log_tells_who_signed_in_and_no_secret(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="gpserverless")
    token = portal.token()
    portal.post("/sharing/rest/generateToken", {"token": token})
    portal.post("/sharing/rest/generateToken", login(password="wrong"))
    told = [
        (vars(record)["action"], vars(record)["caller"])
        for record in caplog.records
        if record.message == "audit"
    ]
    assert told == [("generateToken", "ana"), ("exchange", "ana")]
    shown = " ".join(str(vars(record)) for record in caplog.records)
    assert token not in shown
    assert PASSWORD not in shown
    assert "wrong" not in shown
