"""Bad sign-ins and bad tokens: none is given out, none counts, and none comes back in an answer."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.binding import Binding
from gpserverless.access.sign_in import Login
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.tokens import Claims, Tokens, begin_sign_in
from gpserverless.access.users import Users
from gpserverless.app.access import site_of
from gpserverless.clock import SystemClock
from gpserverless.storage.access_table import DynamoAccessRows
from local.cloud import LocalCloud
from local.resources import make_client
from tests.local_users import KnownUser
from tests.wire.bad_inputs import CASES, Planted, build_requests
from tests.wire.conftest import SERVICES, Site
from tests.wire.test_bad_inputs import head_of, send
from tests.wire.tokens import TABLE

UNCHANGED = Planted((), (), {})
SECURED = "/Conformance/Secured/GPServer/CopyFile"
REFUSED = {400, 401, 403, 404, 405, 498, 499}
IDS = [case["id"] for case in CASES if case["id"].startswith("TOK-")]
SIGNS_IN = ["TOK-019", "TOK-027", "TOK-029"]
"""Cases with the right password that ask for an odd life or an odd binding, and get a token all the same."""


@pytest.fixture(scope="module")
def places(cloud: LocalCloud, ana: KnownUser) -> Mapping[str, str]:
    """Return what stands for the names in braces: tokens of every bad kind."""
    rows: Any = DynamoAccessRows(make_client("dynamodb", cloud.endpoint), TABLE)
    site, clock = site_of(f"{cloud.url}/arcgis", TABLE), SystemClock()
    user = Users(rows).find(ana.name)
    assert user is not None
    sign_in = begin_sign_in(user, clock.now() - 1_000)
    expired = Tokens(SigningKeys(rows, clock), site, clock).issue(user, Claims(sign_in, clock.now() - 1))
    page = Binding("referer", "https://app.example.org")
    login = Login(ana.name, ana.password, "127.0.0.1", page)
    bound = Accounts.of(rows, AccessRules(site), clock).sign_in.issue(login).token
    head, claims, signature = bound.split(".")
    return {
        "user": ana.name,
        "password": ana.password,
        "token_path": "/arcgis/tokens/generateToken",
        "rest_root": "/arcgis/rest",
        "secured_path": SECURED,
        "secured_path_slash": SECURED.replace("/", "//", 2),
        "expired_token": expired.token,
        "tampered_token": f"{head}.{claims[:-2]}AA.{signature}",
        "referer_token": bound,
    }


@pytest.fixture(scope="module")
def answers(cloud: LocalCloud, places: Mapping[str, str]) -> Mapping[str, bytes]:
    """Return the answer to every case about tokens."""
    host = cloud.url.removeprefix("http://")
    return {case: send(host, raw) for case, raw in build_requests(places, host, UNCHANGED, IDS)}


def read(answer: bytes) -> Any:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    return json.loads(body)


def test_every_case_is_sent(answers: Mapping[str, bytes]) -> None:
    assert len(IDS) == 31
    assert answers.keys() == set(IDS)
    assert set(SIGNS_IN) < set(IDS)


@pytest.mark.parametrize("case", [case for case in IDS if case not in (*SIGNS_IN, "TOK-031")])
def test_bad_sign_in_or_token_is_refused(case: str, answers: Mapping[str, bytes]) -> None:
    answer = read(answers[case])
    assert list(answer) == ["error"]
    assert answer["error"]["code"] in REFUSED


@pytest.mark.parametrize("case", SIGNS_IN)
def test_token_lives_for_a_day_at_most(case: str, answers: Mapping[str, bytes]) -> None:
    assert read(answers[case])["expires"] <= (time.time() + 86_400) * 1_000


def test_name_is_no_markup_on_a_page(answers: Mapping[str, bytes]) -> None:
    answer = answers["TOK-031"]
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<img" not in answer


def test_no_answer_has_a_token_that_was_sent(places: Mapping[str, str], answers: Mapping[str, bytes]) -> None:
    sent = [*(value for name, value in places.items() if name.endswith("_token")), "notatoken", "xss9001"]
    for answer in answers.values():
        assert not [token for token in sent if token.encode() in answer]


def test_no_answer_is_a_script(answers: Mapping[str, bytes]) -> None:
    assert {head_of(answer)["content-type"].partition(";")[0] for answer in answers.values()} == {
        "application/json",
        "text/html",
    }


def test_good_token_counts_where_the_bad_ones_do_not(site: Site, ana: KnownUser) -> None:
    login = {"username": ana.name, "password": ana.password}
    token = site.post("/arcgis/tokens/generateToken", login)["token"]
    assert site.get(f"{SERVICES}{SECURED}", token=token)["name"] == "CopyFile"
