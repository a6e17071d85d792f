"""The sign-in at another issuer: what it tells counts if it is for us, and no name is taken over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gpserverless.access.accounts import Accounts
from gpserverless.access.oauth.authorize import AuthorizeRequest
from gpserverless.access.oidc.issuer import IssuerSettings
from gpserverless.access.oidc.outside_sign_in import OutsideSignIn
from gpserverless.access.user import User
from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidSignIn, OAuthError
from gpserverless.testing import VirtualClock
from tests.access.fake_issuer import CLIENT, ISSUER, FakeIssuer
from tests.access.rig import MINUTE, REDIRECT, ROOT, RULES, Rig
from tests.access.test_oauth import APP

CALLBACK = f"{ROOT}/sharing/oauth2/outside"
SETTINGS = IssuerSettings(ISSUER, CLIENT)


@pytest.fixture
def issuer(clock: VirtualClock) -> FakeIssuer:
    return FakeIssuer(clock)


def make_accounts(rig: Rig, issuer: FakeIssuer, settings: IssuerSettings = SETTINGS) -> Accounts:
    rules = replace(RULES, issuer=settings)
    return Accounts.of(rig.rows, rules, rig.clock, fetch_json=issuer.fetch_json)


@pytest.fixture
def accounts(rig: Rig, issuer: FakeIssuer) -> Accounts:
    return make_accounts(rig, issuer)


def outside_of(accounts: Accounts) -> OutsideSignIn:
    assert accounts.outside is not None
    return accounts.outside


def sign_in(accounts: Accounts, issuer: FakeIssuer, request: AuthorizeRequest = APP) -> User:
    """Go to the issuer and back, as a browser does."""
    outside = outside_of(accounts)
    state, code = issuer.sign_in(outside.locate(accounts.oauth.begin(request, ROOT), CALLBACK))
    return outside.finish(state, code, CALLBACK)


def test_user_signs_in_and_gets_the_code_of_the_application(accounts: Accounts, issuer: FakeIssuer) -> None:
    issuer.claims = {"groups": ["publisher", "planners"], "name": "Eve E."}
    state, code = issuer.sign_in(outside_of(accounts).locate(accounts.oauth.begin(APP, ROOT), CALLBACK))
    user = outside_of(accounts).finish(state, code, CALLBACK)
    assert (user.name, user.role, user.full_name) == ("Eve", Role.PUBLISHER, "Eve E.")
    approval = accounts.oauth.approve(accounts.oauth.read_state(state), user)
    assert approval.location(0).startswith(f"{REDIRECT}?code=")


def test_token_is_one_of_this_site(accounts: Accounts, issuer: FakeIssuer, rig: Rig) -> None:
    issuer.claims = {"groups": ["planners"]}
    request = AuthorizeRequest("pythonapi", "https://site.test", "token")
    approval = accounts.oauth.approve(request, sign_in(accounts, issuer, request))
    assert approval.token is not None
    assert rig.identify(approval.token.token) == Caller("eve", Role.USER, frozenset({"planners"}))


def test_issuer_describes_itself_once(accounts: Accounts, issuer: FakeIssuer) -> None:
    for _ in range(3):
        sign_in(accounts, issuer)
    assert issuer.asked.count(f"{ISSUER}/.well-known/openid-configuration") == 1


def test_browser_cannot_tell_the_proof(accounts: Accounts, issuer: FakeIssuer) -> None:
    state = accounts.oauth.begin(APP, ROOT)
    location = outside_of(accounts).locate(state, CALLBACK)
    verifier = outside_of(accounts).states.signer.derive(state, "verifier")
    assert verifier not in location
    query = parse_qs(urlsplit(location).query)
    assert query["nonce"] != [verifier]
    assert len(location) < 2_000


def test_two_sign_ins_have_nothing_alike(accounts: Accounts) -> None:
    states = [accounts.oauth.begin(APP, ROOT) for _ in range(2)]
    queries = [parse_qs(urlsplit(outside_of(accounts).locate(each, CALLBACK)).query) for each in states]
    for name in ("state", "nonce", "code_challenge"):
        assert queries[0][name] != queries[1][name]


CLAIMS: list[dict[str, Any]] = [
    {"iss": "https://evil.test"},
    {"iss": f"{ISSUER}/"},
    {"iss": None},
    {"aud": "another-site"},
    {"aud": None},
    {"aud": ["another-site"]},
    {"aud": [CLIENT, "another-site"]},
    {"aud": [CLIENT, "another-site"], "azp": "another-site"},
    {"azp": "another-site"},
    {"exp": 0},
    {"exp": None},
    {"exp": "soon"},
    {"exp": True},
    {"nonce": "another"},
    {"nonce": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 248},
    {"preferred_username": "\u0435ve", "sub": "two words"},
]


@pytest.mark.parametrize("claims", CLAIMS, ids=str)
def test_id_token_of_something_else_does_not_count(
    claims: dict[str, Any], accounts: Accounts, issuer: FakeIssuer, rig: Rig
) -> None:
    before = set(rig.rows.rows)
    issuer.claims = claims
    with pytest.raises(InvalidSignIn):
        sign_in(accounts, issuer)
    assert set(rig.rows.rows) - before <= {"KEYS"}


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, "Eve"),
        ({"aud": [CLIENT]}, "Eve"),
        ({"aud": [CLIENT, "b"], "azp": CLIENT}, "Eve"),
        ({"preferred_username": None}, "248"),
        (
            {"preferred_username": "Eve Evans", "email": "eve@example.org", "email_verified": True},
            "eve@example.org",
        ),
        ({"preferred_username": "Eve Evans", "email": "eve@example.org"}, "248"),
        ({"preferred_username": None, "email": "eve@example.org", "email_verified": "true"}, "248"),
        ({"groups": "administrator"}, "Eve"),
    ],
)
def test_name_is_the_first_that_users_can_have(
    claims: dict[str, Any], name: str, accounts: Accounts, issuer: FakeIssuer
) -> None:
    issuer.claims = claims
    user = sign_in(accounts, issuer)
    assert (user.name, user.role) == (name, Role.USER)


def test_groups_may_be_in_another_claim(rig: Rig, issuer: FakeIssuer) -> None:
    accounts = make_accounts(rig, issuer, replace(SETTINGS, groups_claim="roles"))
    issuer.claims = {"groups": ["administrator"], "roles": ["viewer"]}
    assert sign_in(accounts, issuer).role is Role.VIEWER


class TestName:
    """People may choose `preferred_username` themselves."""

    def test_of_a_user_here_is_not_taken_over(self, accounts: Accounts, issuer: FakeIssuer, rig: Rig) -> None:
        issuer.claims = {"preferred_username": "ANA"}
        with pytest.raises(InvalidSignIn):
            sign_in(accounts, issuer)
        assert rig.administration.find("ana").name == "Ana"

    def test_of_another_user_there_is_not_taken_over(self, accounts: Accounts, issuer: FakeIssuer) -> None:
        sign_in(accounts, issuer)
        issuer.claims = {"sub": "249"}
        with pytest.raises(InvalidSignIn):
            sign_in(accounts, issuer)

    def test_of_the_same_user_is_the_same_user(self, accounts: Accounts, issuer: FakeIssuer) -> None:
        assert sign_in(accounts, issuer) == sign_in(accounts, issuer)


def test_user_who_is_out_here_stays_out(accounts: Accounts, issuer: FakeIssuer, rig: Rig) -> None:
    sign_in(accounts, issuer)
    rig.administration.disable("eve")
    with pytest.raises(InvalidSignIn):
        sign_in(accounts, issuer)


@pytest.mark.parametrize("code", ["", "code-9", "x" * 10_000])
def test_code_that_the_issuer_does_not_know(code: str, accounts: Accounts, issuer: FakeIssuer) -> None:
    outside = outside_of(accounts)
    state, _ = issuer.sign_in(outside.locate(accounts.oauth.begin(APP, ROOT), CALLBACK))
    with pytest.raises(InvalidSignIn):
        outside.finish(state, code, CALLBACK)


def test_code_of_another_sign_in_is_worth_nothing(accounts: Accounts, issuer: FakeIssuer) -> None:
    """A code that was stolen on its way back, brought with the thief's state."""
    outside = outside_of(accounts)
    _, stolen = issuer.sign_in(outside.locate(accounts.oauth.begin(APP, ROOT), CALLBACK))
    state, _ = issuer.sign_in(outside.locate(accounts.oauth.begin(APP, ROOT), CALLBACK))
    with pytest.raises(InvalidSignIn):
        outside.finish(state, stolen, CALLBACK)


def test_state_is_one_of_this_site_and_ten_minutes_old_at_most(
    accounts: Accounts, issuer: FakeIssuer, clock: VirtualClock
) -> None:
    outside = outside_of(accounts)
    state, code = issuer.sign_in(outside.locate(accounts.oauth.begin(APP, ROOT), CALLBACK))
    clock.sleep(10 * MINUTE)
    for each in (state, "x", ""):
        with pytest.raises(OAuthError):
            outside.finish(each, code, CALLBACK)
        with pytest.raises(OAuthError):
            outside.locate(each, CALLBACK)


def test_secret_of_this_site_is_sent_and_not_printed(rig: Rig, issuer: FakeIssuer) -> None:
    settings = replace(SETTINGS, client_secret="between us")
    issuer.secret = "between us"
    sign_in(make_accounts(rig, issuer, settings), issuer)
    assert "between us" not in repr(settings)
    with pytest.raises(InvalidSignIn):
        sign_in(make_accounts(rig, issuer), issuer)


DESCRIPTIONS: list[Any] = [
    {"issuer": "https://evil.test"},
    {"issuer": None},
    {"authorization_endpoint": "http://login.example/authorize"},
    {"authorization_endpoint": ""},
    {"token_endpoint": "http://login.example/token"},
    {"token_endpoint": "file:///etc/passwd"},
]


@pytest.mark.parametrize("changed", DESCRIPTIONS, ids=str)
def test_issuer_that_describes_itself_wrongly(
    changed: dict[str, Any], accounts: Accounts, issuer: FakeIssuer
) -> None:
    issuer.description |= changed
    with pytest.raises(InvalidSignIn):
        sign_in(accounts, issuer)


@pytest.mark.parametrize("description", [None, [], "x"])
def test_issuer_that_does_not_describe_itself(
    description: Any, accounts: Accounts, issuer: FakeIssuer
) -> None:
    issuer.description = description
    with pytest.raises(InvalidSignIn):
        sign_in(accounts, issuer)


def test_issuer_without_https_is_not_asked(rig: Rig, issuer: FakeIssuer) -> None:
    accounts = make_accounts(rig, issuer, replace(SETTINGS, issuer="http://login.example"))
    with pytest.raises(InvalidSignIn):
        outside_of(accounts).locate(accounts.oauth.begin(APP, ROOT), CALLBACK)
    assert issuer.asked == []


def test_site_without_an_issuer_has_no_such_sign_in(rig: Rig) -> None:
    assert rig.accounts.outside is None
