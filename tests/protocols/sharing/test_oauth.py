"""The sign-in page of applications, as people and the ArcGIS API for Python read it; codes, PKCE, refresh.

The requests of the ArcGIS API for Python are those that it was seen to send; it is never run here.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.protocols.sharing.conftest import APP, BACK, PASSWORD, WRONG, Answer, Portal

AUTHORIZE = ["/sharing/rest/oauth2/authorize", "/sharing/oauth2/authorize"]
SIGN_IN = ["/sharing/oauth2/signin", "/sharing/rest/oauth2/signin"]
OOB = "urn:ietf:wg:oauth:2.0:oob"
OWN = "https://gis.example.org"
PYTHON = {
    "client_id": "pythonapi",
    "response_type": "token",
    "redirect_uri": OWN,
    "state": "S1",
    "expiration": "600",
    "allow_verification": "false",
    "style": "dark",
    "locale": "en-US",
}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PKCE = {
    "client_id": APP,
    "response_type": "code",
    "redirect_uri": BACK,
    "state": "a b&c",
    "expiration": "20160",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def page(portal: Portal, asked: dict[str, str], path: str = AUTHORIZE[0]) -> Answer:
    return portal.send("GET", path, asked)


def submit(
    portal: Portal, state: str, password: str = PASSWORD, path: str = SIGN_IN[0], **headers: str
) -> Answer:
    form = {"oauth_state": state, "username": "ana", "password": password, "expiration": "600"}
    return portal.send("POST", path, form=form, **headers)


def code_of(portal: Portal, asked: dict[str, str] = PKCE) -> str:
    answer = submit(portal, page(portal, asked).data["oauth_state"])
    found: str = parse_qs(urlsplit(answer.location).query)["code"][0]
    return found


def redeem(portal: Portal, code: str, /, **changes: str) -> Answer:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": APP,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return portal.send("POST", "/sharing/rest/oauth2/token", form=form)


class TestPage:
    @pytest.mark.parametrize("path", AUTHORIZE)
    def test_first_line_with_braces_is_the_data_block(self, path: str, portal: Portal) -> None:
        shown = page(portal, PYTHON, path)
        assert (shown.status, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert list(shown.data) == ["oauth_state"]
        assert '<script type="text/plain">' in shown.text, "a data block, which no policy stops"

    def test_form_is_for_people(self, portal: Portal) -> None:
        text = page(portal, PYTHON).text
        assert '<form method="post" action="/arcgis/sharing/oauth2/signin">' in text
        assert '<label for="username">' in text
        assert '<label for="password">' in text
        assert 'autocomplete="current-password"' in text
        assert "the ArcGIS API for Python" in text
        assert 'lang="en"' in text

    def test_nothing_of_the_request_is_shown_but_in_the_signed_state(self, portal: Portal) -> None:
        asked = {
            **PYTHON,
            "state": "</script><b>x",
            "locale": "<b>x",
            "redirect_uri": "http://localhost:7777/cb9001",
        }
        text = page(portal, asked).text
        assert "<b>x" not in text
        assert "cb9001" not in text

    def test_browser_may_go_on_to_the_application_and_nowhere_else(self, portal: Portal) -> None:
        policy = page(portal, PKCE).headers["content-security-policy"]
        assert "form-action 'self' https://app.example.org;" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy, "default-src is none"

    @pytest.mark.parametrize(
        "change",
        [
            {"redirect_uri": "https://evil.example/"},
            {"redirect_uri": "https://gis.example.org.evil.example"},
            {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": ""},
            {"client_id": "unknown"},
            {"client_id": ""},
            {"client_id": APP},
        ],
    )
    def test_unknown_application_or_address_is_told_on_a_page(
        self, change: dict[str, str], portal: Portal
    ) -> None:
        shown = page(portal, {**PYTHON, **change})
        assert shown.status == 400
        assert "location" not in shown.headers
        assert "Invalid redirect_uri" in shown.text, "the ArcGIS API for Python looks for these words"
        assert "evil" not in shown.text

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"response_type": "id_token"}, "response_type"),
            ({"response_type": "token"}, "response_type=code"),
            ({"code_challenge": ""}, "code_challenge is needed"),
            ({"code_challenge_method": "plain"}, "S256"),
            ({"expiration": "soon"}, "expiration"),
        ],
    )
    def test_wrong_request_is_told_on_a_page_too(
        self, change: dict[str, str], words: str, portal: Portal
    ) -> None:
        shown = page(portal, {**PKCE, **change})
        assert shown.status == 400
        assert "location" not in shown.headers
        assert words in shown.text

    @pytest.mark.parametrize("state", ["", "x", "a.b.c"])
    def test_state_of_nobody_is_told_on_a_page(self, state: str, portal: Portal) -> None:
        shown = submit(portal, state)
        assert shown.status == 400
        assert "location" not in shown.headers

    def test_page_is_good_for_ten_minutes(self, portal: Portal) -> None:
        state = page(portal, PYTHON).data["oauth_state"]
        portal.clock.sleep(601)
        assert submit(portal, state).status == 400


class TestImplicitFlow:
    @pytest.mark.parametrize("path", SIGN_IN)
    def test_token_is_in_the_fragment(self, path: str, portal: Portal) -> None:
        page(portal, PYTHON)
        state = page(portal, {**PYTHON, "state": "S2"}).data["oauth_state"]
        answer = submit(portal, state, path=path)
        assert answer.status == 302
        assert answer.location.startswith(f"{OWN}#")
        values = answer.fragment
        assert (values["username"], values["state"], values["ssl"]) == ("ana", "S2", "true")
        assert values["expires_in"] == "36000"
        assert (
            portal.get("/sharing/rest/community/self", {"token": values["access_token"]}).json["username"]
            == "ana"
        )

    def test_loopback_address_of_any_port_is_allowed(self, portal: Portal) -> None:
        asked = {**PYTHON, "redirect_uri": "https://127.0.0.1:8443"}
        answer = submit(portal, page(portal, asked).data["oauth_state"])
        assert answer.location.startswith("https://127.0.0.1:8443#access_token=")

    def test_wrong_password_shows_the_page_again(self, portal: Portal) -> None:
        state = page(portal, PYTHON).data["oauth_state"]
        again = submit(portal, state, "wrong")
        assert again.status == 200
        assert again.data["messages"] == [WRONG]
        assert again.text.count(f'role="alert">{WRONG}<') == 1
        assert submit(portal, again.data["oauth_state"]).status == 302


class TestCodeFlow:
    def test_python_falls_back_to_a_code_that_the_page_shows(self, portal: Portal) -> None:
        asked = {**PYTHON, "response_type": "code", "redirect_uri": OOB}
        shown = submit(portal, page(portal, asked).data["oauth_state"])
        assert shown.status == 200
        code = shown.text.partition("<title>SUCCESS code=")[2].partition("</title>")[0]
        assert code
        assert shown.data == {}, "without a data block the client ends with an error of its own"
        answer = redeem(
            portal, code, client_id="pythonapi", redirect_uri=OOB, code_verifier="", expiration="600"
        )
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert {**answer.json, "access_token": "", "refresh_token": ""} == {
            "access_token": "",
            "expires_in": 36_000,
            "username": "ana",
            "ssl": True,
            "refresh_token": "",
            "refresh_token_expires_in": 14 * 86_400,
        }

    def test_code_goes_to_the_address_of_the_application(self, portal: Portal) -> None:
        answer = submit(portal, page(portal, PKCE).data["oauth_state"])
        assert answer.status == 302
        query = parse_qs(urlsplit(answer.location).query)
        assert answer.location.startswith(f"{BACK}?code=")
        assert query["state"] == ["a b&c"]
        token = redeem(portal, query["code"][0]).json["access_token"]
        assert portal.get("/sharing/rest/portals/self", {"token": token}).json["user"]["username"] == "ana"

    def test_code_counts_once(self, portal: Portal) -> None:
        code = code_of(portal)
        assert "access_token" in redeem(portal, code).json
        assert redeem(portal, code).error["error"] == "invalid_grant"

    def test_code_counts_for_five_minutes(self, portal: Portal) -> None:
        code = code_of(portal)
        portal.clock.sleep(301)
        assert redeem(portal, code).error["error"] == "invalid_grant"

    @pytest.mark.parametrize(
        "change",
        [
            {"code_verifier": "x" * 43},
            {"code_verifier": ""},
            {"client_id": "other"},
            {"redirect_uri": "https://app.example.org/other"},
            {"code": "x"},
            {"code": ""},
        ],
    )
    def test_code_counts_for_its_application_alone(self, change: dict[str, str], portal: Portal) -> None:
        error = redeem(portal, code_of(portal), **change).error
        assert (error["code"], error["error"]) == (400, "invalid_grant")
        assert error["error_description"] == error["message"]

    def test_refresh_token_gives_further_tokens(self, portal: Portal) -> None:
        granted = redeem(portal, code_of(portal)).json
        portal.clock.sleep(3600)
        form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], "client_id": APP}
        again = portal.send("POST", "/sharing/rest/oauth2/token", form=form).json
        assert again["access_token"] != granted["access_token"]
        assert (
            portal.get("/sharing/rest/community/self", {"token": again["access_token"]}).json["username"]
            == "ana"
        )

    @pytest.mark.parametrize("kind", ["", "password", "client_credentials", "<b>x"])
    def test_other_grants_are_refused(self, kind: str, portal: Portal) -> None:
        error = redeem(portal, "x", grant_type=kind).error
        assert error["error"] == "unsupported_grant_type"
        assert "<b>" not in str(error)

    def test_answer_is_json_unless_a_page_is_asked_for(self, portal: Portal) -> None:
        code = code_of(portal)
        assert redeem(portal, code, f="pjson").text.startswith('{\n  "access_token"')
        assert redeem(portal, code, f="html").status == 200


class TestSecretsInBodies:
    @pytest.mark.parametrize("path", [*SIGN_IN, "/sharing/rest/oauth2/token", "/sharing/oauth2/revokeToken"])
    def test_other_methods_are_refused(self, path: str, portal: Portal) -> None:
        assert portal.get(path, {"username": "ana", "password": PASSWORD}).error["code"] == 405

    @pytest.mark.parametrize("name", ["password", "code", "refresh_token", "auth_token", "code_verifier"])
    @pytest.mark.parametrize(
        "path", [SIGN_IN[0], "/sharing/rest/oauth2/token", "/sharing/oauth2/revokeToken"]
    )
    def test_secret_in_the_query_is_refused(self, path: str, name: str, portal: Portal) -> None:
        answer = portal.send("POST", path, {"f": "json", name: "s3cret"}, {"f": "json"})
        assert answer.error["code"] == 400
        assert "s3cret" not in answer.text


class TestRevokeToken:
    def test_token_ends(self, portal: Portal) -> None:
        token = portal.token()
        revoked = portal.post("/sharing/rest/oauth2/revokeToken", {"auth_token": token, "client_id": "x"})
        assert revoked.json == {"success": True}
        assert portal.get("/sharing/rest/community/self", {"token": token}).error["code"] == 498

    def test_token_of_nobody_is_no_error(self, portal: Portal) -> None:
        assert portal.post("/sharing/oauth2/revokeToken", {"auth_token": "x"}).json == {"success": True}


def test_refresh_ends_with_the_token_of_its_sign_in(portal: Portal) -> None:
    granted: dict[str, Any] = redeem(portal, code_of(portal)).json
    portal.post(
        "/sharing/rest/oauth2/revokeToken", {"auth_token": granted["refresh_token"], "client_id": APP}
    )
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], "client_id": APP}
    assert portal.send("POST", "/sharing/rest/oauth2/token", form=form).error["error"] == "invalid_grant"
