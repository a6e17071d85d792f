"""The requests to another issuer, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.oauth.authorize import AuthorizeRequest
from gpserverless.access.oidc.issuer import IssuerSettings
from gpserverless.app.issuer import make_fetch_json
from gpserverless.errors import InvalidSignIn
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.fake_issuer import CLIENT, FakeIssuer, serve_issuer

ROOT = "https://site.test/arcgis"
CALLBACK = f"{ROOT}/sharing/oauth2/outside"
REQUEST = AuthorizeRequest("pythonapi", "https://site.test", "token")


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    with serve_issuer(VirtualClock()) as served:
        yield served


@pytest.fixture
def accounts(issuer: FakeIssuer) -> Accounts:
    rules = AccessRules(ROOT, issuer=IssuerSettings(issuer.issuer, CLIENT))
    fetch_json = make_fetch_json(issuer.issuer)
    return Accounts.of(InMemoryAccessRows(), rules, VirtualClock(), fetch_json=fetch_json)


def test_user_signs_in(accounts: Accounts, issuer: FakeIssuer) -> None:
    assert accounts.outside is not None
    state, code = issuer.sign_in(accounts.outside.locate(accounts.oauth.begin(REQUEST, ROOT), CALLBACK))
    assert accounts.outside.finish(state, code, CALLBACK).name == "Eve"
    with pytest.raises(InvalidSignIn):
        accounts.outside.finish(state, code, CALLBACK)


def test_answer_that_is_no_json(accounts: Accounts, issuer: FakeIssuer) -> None:
    issuer.description = "html"
    assert accounts.outside is not None
    with pytest.raises(InvalidSignIn):
        accounts.outside.locate(accounts.oauth.begin(REQUEST, ROOT), CALLBACK)
