"""API keys: sent like tokens, and limited to services."""

from __future__ import annotations

import re

import pytest

from gpserverless.access.api_keys import ApiKey, ApiKeys
from gpserverless.access.lifetimes import DAY_MS
from gpserverless.caller import Access, Caller, Role
from gpserverless.errors import InvalidToken
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import HOME, MINUTE, Rig

SERVICES = frozenset({"Samples", "Maps/Areas"})


def add(rig: Rig, services: frozenset[str] = frozenset(), days: int = 1) -> str:
    now = rig.clock.now()
    return ApiKeys(rig.rows).add("ana", "nightly run", services, now, now + days * DAY_MS)


def test_key_is_a_secret_of_32_bytes_with_a_name(rig: Rig) -> None:
    assert re.fullmatch(r"gpk_[A-Za-z0-9_-]{43}", add(rig))
    assert len({add(rig) for _ in range(100)}) == 100


def test_key_is_stored_nowhere(rig: Rig) -> None:
    key = add(rig)
    assert key not in str(rig.rows.rows)
    assert key.removeprefix("gpk_") not in str(rig.rows.rows)


def test_key_tells_its_owner_with_the_rights_of_now(rig: Rig, clock: VirtualClock) -> None:
    key = add(rig)
    assert rig.identify(key, address=HOME) == Caller(
        "ana", Role.PUBLISHER, frozenset({"planners"}), address=HOME
    )
    rig.administration.change("ana", {"role": Role.VIEWER})
    clock.sleep(MINUTE)
    assert rig.identify(key) == Caller("ana", Role.VIEWER, frozenset({"planners"}))


def test_key_with_services_tells_them(rig: Rig) -> None:
    caller = rig.identify(add(rig, SERVICES))
    assert caller == Caller("ana", Role.PUBLISHER, frozenset({"planners"}), SERVICES)


def test_key_with_services_is_no_administrator(rig: Rig) -> None:
    rig.administration.change("ana", {"role": Role.ADMINISTRATOR})
    caller = rig.identify(add(rig, SERVICES))
    assert isinstance(caller, Caller)
    assert not caller.is_administrator
    assert not caller.owns("bob")
    assert Access(groups=frozenset({"x"})).admits(caller), "of its services it may run what its owner may"


def test_key_ends(rig: Rig, clock: VirtualClock) -> None:
    key = add(rig)
    clock.time += DAY_MS - 1
    rig.identify(key)
    clock.time += 1
    with pytest.raises(InvalidToken):
        rig.identify(key)


def test_key_of_a_disabled_user_counts_no_more_until_she_is_back(rig: Rig, clock: VirtualClock) -> None:
    key = add(rig)
    rig.administration.disable("ana")
    with pytest.raises(InvalidToken):
        rig.identify(key)
    rig.administration.enable("ana")
    clock.sleep(MINUTE)
    rig.identify(key)


def test_new_password_leaves_keys_alone(rig: Rig) -> None:
    key = add(rig)
    rig.administration.set_password("ana", "another horse")
    rig.identify(key)


@pytest.mark.parametrize("change", ["first", "last", "more", "prefix"])
def test_key_that_was_changed_is_none(change: str, rig: Rig) -> None:
    key = add(rig)
    changed = {
        "first": "gpk_" + ("B" if key[4] == "A" else "A") + key[5:],
        "last": key[:-1] + ("B" if key[-1] == "A" else "A"),
        "more": key + "A",
        "prefix": key.removeprefix("gpk_"),
    }[change]
    with pytest.raises(InvalidToken):
        rig.identify(changed)


def test_keys_are_listed_without_their_secrets(rig: Rig, clock: VirtualClock) -> None:
    keys = ApiKeys(rig.rows)
    add(rig, SERVICES)
    (found,) = keys.list("ana")
    assert found == ApiKey(found.id, "ana", "nightly run", SERVICES, clock.now() + DAY_MS, clock.now())
    keys.add("bob", "", frozenset(), clock.now() - 1, clock.now() + 1)
    assert [key.owner for key in keys.list()] == ["bob", "ana"]
    assert list(keys.list("eve")) == []


def test_removed_key_counts_no_more_within_a_minute(rig: Rig, clock: VirtualClock) -> None:
    key, other = add(rig), add(rig)
    rig.identify(key)
    keys = ApiKeys(rig.rows)
    found = keys.find(key)
    assert found is not None
    assert keys.remove(found.id) == found
    assert keys.remove(found.id) is None
    clock.sleep(MINUTE)
    with pytest.raises(InvalidToken):
        rig.identify(key)
    rig.identify(other)


def test_row_is_removed_when_the_key_has_ended(rows: InMemoryAccessRows) -> None:
    ApiKeys(rows).add("ana", "", frozenset(), 0, 5_500)
    (row,) = rows.rows.values()
    assert row["ttl_at"] == 6
