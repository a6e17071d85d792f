"""A token for a token: never for more, and never for longer."""

from __future__ import annotations

import pytest

from gpserverless.access.api_keys import ApiKeys
from gpserverless.access.binding import Binding
from gpserverless.access.credentials import Credentials
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.lifetimes import DAY_MS
from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidParameter, InvalidToken
from gpserverless.testing import VirtualClock
from tests.access.rig import HOME, MINUTE, Rig

PAGE = Binding("referer", "https://example.com")


def exchange(
    rig: Rig, token: str, binding: Binding | None = None, expiration: str = "20160", **given: str
) -> IssuedToken:
    return rig.accounts.exchange.exchange(Credentials(token, **given), binding, expiration)


@pytest.mark.parametrize(
    ("expiration", "minutes"), [("", 30), ("20160", 30), ("30", 30), ("10", 10), ("1440", 30)]
)
def test_new_token_ends_no_later(expiration: str, minutes: int, rig: Rig, clock: VirtualClock) -> None:
    old = rig.sign_in(expiration="40")
    clock.sleep(10 * MINUTE)
    new = exchange(rig, old.token, expiration=expiration)
    assert new.expires == clock.now() + minutes * MINUTE * 1_000 <= old.expires
    assert rig.identify(new.token) == rig.identify(old.token)


def test_no_chain_of_exchanges_lives_on(rig: Rig, clock: VirtualClock) -> None:
    token = rig.sign_in().token
    for _ in range(59):
        clock.sleep(MINUTE)
        token = exchange(rig, token).token
    clock.sleep(MINUTE)
    with pytest.raises(InvalidToken):
        exchange(rig, token)


@pytest.mark.parametrize("token", ["", "x", "gpk_" + "A" * 43])
def test_text_that_is_no_token_gets_none(token: str, rig: Rig) -> None:
    with pytest.raises(InvalidToken):
        exchange(rig, token)


def test_expiration_is_read_strictly(rig: Rig) -> None:
    with pytest.raises(InvalidParameter):
        exchange(rig, rig.sign_in().token, expiration="-1")


def test_binding_is_kept(rig: Rig) -> None:
    bound = rig.sign_in(binding=Binding("ip", HOME)).token
    with pytest.raises(InvalidToken):
        exchange(rig, bound, address="198.51.100.7")
    new = exchange(rig, bound, Binding("ip", "198.51.100.7"), address=HOME).token
    rig.identify(new, address=HOME)
    with pytest.raises(InvalidToken):
        rig.identify(new, address="198.51.100.7")


def test_token_without_binding_can_be_bound(rig: Rig) -> None:
    new = exchange(rig, rig.sign_in().token, PAGE).token
    with pytest.raises(InvalidToken):
        rig.identify(new, referer="https://evil.test/")


def test_new_token_ends_with_the_old_one(rig: Rig, clock: VirtualClock) -> None:
    old = rig.sign_in().token
    new = exchange(rig, old).token
    rig.accounts.revocation.revoke(old)
    for token in (old, new):
        with pytest.raises(InvalidToken):
            exchange(rig, token)


def test_token_that_was_ended_a_moment_ago_makes_no_new_one(rig: Rig, clock: VirtualClock) -> None:
    token = rig.sign_in().token
    exchange(rig, token)
    clock.time += 1
    rig.administration.set_password("ana", "another horse")
    with pytest.raises(InvalidToken):
        exchange(rig, token)


def test_new_token_is_as_old_as_its_sign_in(rig: Rig, clock: VirtualClock) -> None:
    """One that a slow process makes after the password was changed ends with the others."""
    old = rig.sign_in().token
    clock.time += 1
    changed = clock.now()
    clock.sleep(MINUTE)
    new = exchange(rig, old).token
    rig.administration.users.change("ana", {"not_before": changed})
    with pytest.raises(InvalidToken):
        exchange(rig, new)


def test_role_is_not_raised(rig: Rig) -> None:
    old = rig.sign_in().token
    rig.administration.change("ana", {"role": Role.ADMINISTRATOR})
    caller = rig.identify(exchange(rig, old).token)
    assert isinstance(caller, Caller)
    assert caller.role is Role.PUBLISHER


@pytest.mark.parametrize("services", [frozenset(), frozenset({"Samples"})])
def test_key_is_exchanged_for_itself(services: frozenset[str], rig: Rig, clock: VirtualClock) -> None:
    """A token would do more than a key with services, and outlive the removal of any."""
    ends = clock.now() + DAY_MS
    key = ApiKeys(rig.rows).add("ana", "", services, clock.now(), ends)
    issued = exchange(rig, key)
    assert (issued.token, issued.expires, issued.user.key) == (key, ends, "ana")
