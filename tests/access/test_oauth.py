"""OAuth 2: who may be sent where, and what a code, a state and a refresh token are good for."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gpserverless.access.oauth.authorize import OUT_OF_BAND, Approval, AuthorizeRequest
from gpserverless.access.oauth.grants import CodeGrant, GrantedTokens, RefreshGrant
from gpserverless.access.sign_in import Login
from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidParameter, InvalidRedirect, InvalidSignIn, InvalidToken, OAuthError
from gpserverless.testing import VirtualClock
from tests.access.rig import HOME, MINUTE, PASSWORD, REDIRECT, ROOT, Rig

VERIFIER = "a" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
ORIGIN = "https://site.test"
LOGIN = Login("ana", PASSWORD, HOME)

APP = AuthorizeRequest("app", REDIRECT, "code", "their state", **PKCE)
PYTHON = AuthorizeRequest("pythonapi", ORIGIN, "token", "S", "600")
PYTHON_CODE = AuthorizeRequest("pythonapi", OUT_OF_BAND, "code", "S")


def approve(rig: Rig, request: AuthorizeRequest, login: Login = LOGIN) -> Approval:
    return rig.accounts.oauth.sign_in(rig.accounts.oauth.begin(request, ROOT), login)


def grant_of(approval: Approval, **given: str) -> CodeGrant:
    request = approval.request
    made = CodeGrant(approval.code, request.client_id, request.redirect_uri, VERIFIER)
    return replace(made, **given)


def redeem(rig: Rig, request: AuthorizeRequest = APP) -> GrantedTokens:
    return rig.accounts.oauth.redeem(grant_of(approve(rig, request)))


REDIRECTS = [
    # client, address, whether a browser may be sent there
    ("pythonapi", ORIGIN, True),
    ("pythonapi", f"{ORIGIN}/", True),
    ("pythonapi", f"{ORIGIN}:443", True),
    ("arcgisonline", ORIGIN, True),
    ("pythonapi", f"{ORIGIN}:444", False),
    ("pythonapi", "http://site.test", False),
    ("pythonapi", f"{ORIGIN}/arcgis/rest/directories/x.html", False),  # which redirects to a tool's file
    ("pythonapi", f"{ORIGIN}/?next=https://evil.test", False),
    ("pythonapi", f"{ORIGIN}#x", False),
    ("pythonapi", f"{ORIGIN}.evil.test", False),
    ("pythonapi", f"{ORIGIN}@evil.test", False),
    ("pythonapi", "https://evil.test", False),
    ("pythonapi", "https://evil.test\\@site.test", False),
    ("pythonapi", "//site.test", False),
    ("pythonapi", "javascript:alert(1)//site.test", False),
    ("pythonapi", f"{ORIGIN}\n", False),
    ("pythonapi", f" {ORIGIN}", False),
    ("pythonapi", "", False),
    ("pythonapi", "http://127.0.0.1:51234/back", True),
    ("pythonapi", "http://localhost:8080", True),
    ("pythonapi", "http://[::1]:9000/", True),
    ("arcgisonline", "http://localhost:8080/x?y=1", True),
    ("pythonapi", "http://localhost:8080/#x", False),
    ("pythonapi", "http://localhost.evil.test", False),
    ("pythonapi", "http://127.0.0.1.evil.test", False),
    ("pythonapi", "http://localhost@evil.test", False),
    ("pythonapi", OUT_OF_BAND, True),
    ("arcgisonline", OUT_OF_BAND, False),
    ("app", REDIRECT, True),
    ("app", f"{REDIRECT}/", False),
    ("app", f"{REDIRECT}?x=1", False),
    ("app", REDIRECT.upper(), False),
    ("app", f"{REDIRECT}/../evil", False),
    ("app", ORIGIN, False),
    ("app", OUT_OF_BAND, False),
    ("app", "http://localhost:8080", False),
    ("unknown", REDIRECT, False),
    ("", ORIGIN, False),
    ("\ud800", "\ud800", False),
]


@pytest.mark.parametrize(("client", "address", "allowed"), REDIRECTS)
def test_browser_is_sent_to_known_places_alone(client: str, address: str, allowed: bool, rig: Rig) -> None:
    request = AuthorizeRequest(client, address, "code", **PKCE)
    if allowed:
        assert rig.accounts.oauth.read_state(rig.accounts.oauth.begin(request, ROOT)) == request
        return
    with pytest.raises(InvalidRedirect, match="Invalid redirect_uri"):  # the words that arcgis looks for
        rig.accounts.oauth.begin(request, ROOT)


REFUSED: list[tuple[AuthorizeRequest, dict[str, str], str]] = [
    (APP, {"response_type": "token"}, "unauthorized_client"),
    (APP, {"response_type": "id_token"}, "unsupported_response_type"),
    (APP, {"response_type": ""}, "unsupported_response_type"),
    (APP, {"code_challenge": ""}, "invalid_request"),
    (APP, {"code_challenge_method": "plain"}, "invalid_request"),
    (APP, {"code_challenge_method": ""}, "invalid_request"),
    (APP, {"code_challenge": CHALLENGE[1:]}, "invalid_request"),
    (APP, {"code_challenge": CHALLENGE + "="}, "invalid_request"),
    (APP, {"state": "x" * 4_096}, "invalid_request"),
    (PYTHON_CODE, {"redirect_uri": "http://127.0.0.1:1/"}, "invalid_request"),
    (PYTHON_CODE, {"code_challenge": "x", "code_challenge_method": "S256"}, "invalid_request"),
    (PYTHON_CODE, {"client_id": "arcgisonline", "redirect_uri": ORIGIN}, "invalid_request"),
]


@pytest.mark.parametrize(("request_", "changed", "code"), REFUSED)
def test_wrong_request_is_refused(
    request_: AuthorizeRequest, changed: dict[str, str], code: str, rig: Rig
) -> None:
    rig.accounts.oauth.begin(request_, ROOT)
    with pytest.raises(OAuthError) as refused:
        rig.accounts.oauth.begin(replace(request_, **changed), ROOT)
    assert refused.value.code == code


def test_wrong_expiration_is_refused_before_the_page(rig: Rig) -> None:
    with pytest.raises(InvalidParameter):
        rig.accounts.oauth.begin(replace(APP, expiration="-1"), ROOT)


class TestState:
    def test_counts_for_ten_minutes(self, rig: Rig, clock: VirtualClock) -> None:
        state = rig.accounts.oauth.begin(APP, ROOT)
        clock.sleep(10 * MINUTE - 1)
        assert rig.accounts.oauth.read_state(state) == APP
        clock.sleep(1)
        with pytest.raises(OAuthError):
            rig.accounts.oauth.sign_in(state, LOGIN)

    def test_cannot_be_made_by_others(self, rig: Rig) -> None:
        state = rig.accounts.oauth.begin(APP, ROOT)
        for other in ("", "x", state[:-2], rig.sign_in().token, redeem(rig).refresh_token):
            with pytest.raises(OAuthError):
                rig.accounts.oauth.read_state(other)

    def test_is_no_token(self, rig: Rig) -> None:
        with pytest.raises(InvalidToken):
            rig.identify(rig.accounts.oauth.begin(APP, ROOT))

    def test_needs_no_row(self, rig: Rig) -> None:
        rig.sign_in()
        before = dict(rig.rows.rows)
        rig.accounts.oauth.begin(APP, ROOT)
        assert rig.rows.rows == before

    def test_wrong_password_leaves_it_as_it_is(self, rig: Rig) -> None:
        state = rig.accounts.oauth.begin(APP, ROOT)
        with pytest.raises(InvalidSignIn):
            rig.accounts.oauth.sign_in(state, Login("ana", "wrong", HOME))
        assert rig.accounts.oauth.sign_in(state, LOGIN).code


def fields_of(part: str) -> dict[str, Any]:
    return {name: values[0] for name, values in parse_qs(part).items()}


def test_arcgis_gets_its_token_behind_the_address(rig: Rig, clock: VirtualClock) -> None:
    approval = approve(rig, PYTHON)
    location = urlsplit(approval.location(clock.now()))
    fields = fields_of(location.fragment)
    assert (location.scheme, location.netloc, location.query) == ("https", "site.test", "")
    token = fields.pop("access_token")
    assert fields == {"expires_in": "36000", "username": "Ana", "ssl": "true", "state": "S"}
    assert rig.identify(token) == Caller("ana", Role.PUBLISHER, frozenset({"planners"}))


@pytest.mark.parametrize(("address", "mark"), [(REDIRECT, "?"), ("http://localhost:1/x?y=1", "&")])
def test_application_gets_its_code_in_the_query(
    address: str, mark: str, rig: Rig, clock: VirtualClock
) -> None:
    client = "app" if address == REDIRECT else "arcgisonline"
    approval = approve(rig, replace(APP, client_id=client, redirect_uri=address))
    location = approval.location(clock.now())
    assert location.startswith(f"{address}{mark}code=")
    fields = fields_of(urlsplit(location).query)
    assert (fields["code"], fields["state"]) == (approval.code, "their state")
    assert not approval.is_out_of_band


def test_state_of_the_application_cannot_add_fields(rig: Rig, clock: VirtualClock) -> None:
    approval = approve(rig, replace(APP, state="a&code=evil#\r\nSet-Cookie: x"))
    location = approval.location(clock.now())
    assert fields_of(urlsplit(location).query)["state"] == "a&code=evil#\r\nSet-Cookie: x"
    assert location.isprintable()


def test_code_and_tokens_are_not_printed(rig: Rig) -> None:
    approval = approve(rig, APP)
    assert approval.code not in repr(approval)
    granted = rig.accounts.oauth.redeem(grant_of(approval))
    assert granted.refresh_token not in repr(granted)
    assert granted.access.token not in repr(granted)


class TestCode:
    def test_is_worth_a_token_and_a_refresh_token(self, rig: Rig, clock: VirtualClock) -> None:
        granted = redeem(rig)
        assert rig.identify(granted.access.token) == Caller("ana", Role.PUBLISHER, frozenset({"planners"}))
        assert granted.access.expires == clock.now() + 60 * MINUTE * 1_000
        assert granted.refresh_expires == clock.now() + 20_160 * MINUTE * 1_000

    def test_of_the_python_api_needs_no_challenge(self, rig: Rig) -> None:
        approval = approve(rig, PYTHON_CODE)
        assert approval.is_out_of_band
        assert rig.accounts.oauth.redeem(grant_of(approval, code_verifier="")).access

    @pytest.mark.parametrize(
        ("asked", "given", "minutes"), [("", "", 60), ("5", "", 5), ("5", "20160", 1440), ("", "7", 7)]
    )
    def test_gives_a_token_for_as_long_as_asked(
        self, asked: str, given: str, minutes: int, rig: Rig, clock: VirtualClock
    ) -> None:
        approval = approve(rig, replace(APP, expiration=asked))
        granted = rig.accounts.oauth.redeem(grant_of(approval, expiration=given))
        assert granted.access.expires == clock.now() + minutes * MINUTE * 1_000

    def test_is_used_once(self, rig: Rig) -> None:
        grant = grant_of(approve(rig, APP))
        rig.accounts.oauth.redeem(grant)
        with pytest.raises(OAuthError):
            rig.accounts.oauth.redeem(grant)

    def test_counts_for_five_minutes(self, rig: Rig, clock: VirtualClock) -> None:
        early, late = grant_of(approve(rig, APP)), grant_of(approve(rig, APP))
        clock.sleep(5 * MINUTE - 1)
        rig.accounts.oauth.redeem(early)
        clock.sleep(1)
        with pytest.raises(OAuthError):
            rig.accounts.oauth.redeem(late)

    @pytest.mark.parametrize(
        "stolen",
        [
            {"code_verifier": ""},
            {"code_verifier": "b" * 43},
            {"code_verifier": CHALLENGE},
            {"code_verifier": VERIFIER + "a" * 100},
            {"client_id": "pythonapi"},
            {"redirect_uri": ORIGIN},
            {"redirect_uri": ""},
        ],
    )
    def test_that_was_stolen_is_worth_nothing_and_used_up(self, stolen: dict[str, str], rig: Rig) -> None:
        approval = approve(rig, APP)
        for grant in (grant_of(approval, **stolen), grant_of(approval)):
            with pytest.raises(OAuthError) as refused:
                rig.accounts.oauth.redeem(grant)
            assert refused.value.code == "invalid_grant"

    @pytest.mark.parametrize("code", ["", "x", "x" * 1_000_000, "\ud800", "ü"])
    def test_that_is_none_is_worth_nothing(self, code: str, rig: Rig) -> None:
        with pytest.raises(OAuthError):
            rig.accounts.oauth.redeem(CodeGrant(code, "app", REDIRECT, VERIFIER))

    def test_is_stored_nowhere(self, rig: Rig) -> None:
        approval = approve(rig, APP)
        assert approval.code not in str(rig.rows.rows)

    def test_of_a_user_who_is_out_by_now_is_worth_nothing(self, rig: Rig) -> None:
        grant = grant_of(approve(rig, APP))
        rig.administration.disable("ana")
        with pytest.raises(OAuthError):
            rig.accounts.oauth.redeem(grant)

    def test_of_before_a_new_password_is_worth_nothing(self, rig: Rig, clock: VirtualClock) -> None:
        grant = grant_of(approve(rig, APP))
        clock.time += 1
        rig.administration.set_password("ana", "another horse")
        with pytest.raises(OAuthError):
            rig.accounts.oauth.redeem(grant)

    def test_with_a_wrong_expiration_is_not_used_up(self, rig: Rig) -> None:
        grant = grant_of(approve(rig, APP))
        with pytest.raises(InvalidParameter):
            rig.accounts.oauth.redeem(replace(grant, expiration="soon"))
        assert rig.accounts.oauth.redeem(grant)


class TestRefreshToken:
    def refresh(self, rig: Rig, token: str, client: str = "app", expiration: str = "") -> GrantedTokens:
        return rig.accounts.oauth.refresh(RefreshGrant(token, client, expiration))

    def test_gives_tokens_for_two_weeks(self, rig: Rig, clock: VirtualClock) -> None:
        token = redeem(rig).refresh_token
        for _ in range(13):
            clock.sleep(1440 * MINUTE)
            granted = self.refresh(rig, token)
            rig.identify(granted.access.token)
            assert granted.refresh_token == token
        clock.sleep(1440 * MINUTE - 60)
        assert self.refresh(rig, token, expiration="1440").access.expires == clock.now() + 60_000
        clock.sleep(60)
        with pytest.raises(OAuthError):
            self.refresh(rig, token)

    def test_is_no_token(self, rig: Rig) -> None:
        with pytest.raises(InvalidToken):
            rig.identify(redeem(rig).refresh_token)

    def test_token_is_no_refresh_token(self, rig: Rig) -> None:
        with pytest.raises(OAuthError):
            self.refresh(rig, redeem(rig).access.token)

    def test_is_for_its_application(self, rig: Rig) -> None:
        with pytest.raises(OAuthError):
            self.refresh(rig, redeem(rig).refresh_token, "pythonapi")

    @pytest.mark.parametrize("revoked", ["access", "refresh"])
    def test_ends_with_its_sign_in(self, revoked: str, rig: Rig, clock: VirtualClock) -> None:
        granted, other = redeem(rig), redeem(rig)
        token = granted.access.token if revoked == "access" else granted.refresh_token
        rig.accounts.revocation.revoke(token)
        clock.sleep(MINUTE)
        with pytest.raises(OAuthError):
            self.refresh(rig, granted.refresh_token)
        with pytest.raises(InvalidToken):
            rig.identify(granted.access.token)
        self.refresh(rig, other.refresh_token)

    def test_ends_with_the_password(self, rig: Rig, clock: VirtualClock) -> None:
        granted = redeem(rig)
        clock.time += 1
        rig.administration.set_password("ana", "another horse")
        with pytest.raises(OAuthError):
            self.refresh(rig, granted.refresh_token)

    def test_gives_no_higher_role(self, rig: Rig) -> None:
        token = redeem(rig).refresh_token
        rig.administration.change("ana", {"role": Role.ADMINISTRATOR})
        caller = rig.identify(self.refresh(rig, token).access.token)
        assert isinstance(caller, Caller)
        assert caller.role is Role.PUBLISHER
