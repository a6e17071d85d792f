"""The end of tokens before their time."""

from __future__ import annotations

import pytest

from gpserverless.access.api_keys import ApiKeys
from gpserverless.access.lifetimes import DAY_MS, REFRESH_MS
from gpserverless.errors import InvalidParameter, InvalidToken
from gpserverless.testing import VirtualClock
from tests.access.rig import MINUTE, Rig


def test_token_is_ended_within_a_minute(rig: Rig, clock: VirtualClock) -> None:
    token, other = rig.sign_in().token, rig.sign_in().token
    rig.identify(token)
    rig.accounts.revocation.revoke(token)
    clock.sleep(MINUTE)
    with pytest.raises(InvalidToken):
        rig.identify(token)
    rig.identify(other)


def test_row_outlives_every_token_of_the_sign_in(rig: Rig, clock: VirtualClock) -> None:
    rig.accounts.revocation.revoke(rig.sign_in().token)
    (row,) = (row for key, row in rig.rows.rows.items() if key.startswith("DENY#"))
    assert row["ttl_at"] * 1_000 > clock.now() + REFRESH_MS


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_text_that_is_no_token_is_no_error_and_writes_nothing(token: str, rig: Rig) -> None:
    before = dict(rig.rows.rows)
    rig.accounts.revocation.revoke(token)
    assert rig.rows.rows == before


def test_token_that_has_ended_writes_nothing(rig: Rig, clock: VirtualClock) -> None:
    token = rig.sign_in().token
    clock.sleep(60 * MINUTE)
    before = dict(rig.rows.rows)
    rig.accounts.revocation.revoke(token)
    assert rig.rows.rows == before


def test_key_is_not_removed_by_those_who_have_it(rig: Rig, clock: VirtualClock) -> None:
    key = ApiKeys(rig.rows).add("ana", "", frozenset(), clock.now(), clock.now() + DAY_MS)
    with pytest.raises(InvalidParameter, match="API key"):
        rig.accounts.revocation.revoke(key)
    rig.identify(key)
