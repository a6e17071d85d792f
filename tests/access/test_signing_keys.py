"""The keys that sign: made once, known before they sign, kept until their last token has ended."""

from __future__ import annotations

import pytest

from gpserverless.access.authenticator import Authenticator
from gpserverless.access.credentials import Credentials
from gpserverless.access.lifetimes import DAY_MS
from gpserverless.access.signing_keys import CACHE_MS, LONGEST_LIFE_MS, SigningKeys
from gpserverless.errors import InvalidToken, InvalidValue
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import ROOT, Rig

Keys = tuple[SigningKeys, SigningKeys]


@pytest.fixture
def keys(rows: InMemoryAccessRows, clock: VirtualClock) -> Keys:
    """The same keys in two processes."""
    return SigningKeys(rows, clock), SigningKeys(rows, clock)


def test_first_need_makes_one_key(keys: Keys, rows: InMemoryAccessRows) -> None:
    one, other = keys
    assert one.find("0000") is None
    assert "KEYS" not in rows.rows
    made = one.current()
    assert other.current() == one.current() == made
    assert len(made.secret) == 32


def test_two_that_need_the_first_key_at_once_get_one(
    keys: Keys, rows: InMemoryAccessRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = keys
    theirs = []
    really = rows.insert

    def insert_second(row: dict[str, object]) -> bool:
        monkeypatch.setattr(rows, "insert", really)
        theirs.append(other.current())
        return really(row)

    monkeypatch.setattr(rows, "insert", insert_second)
    assert [one.current()] == theirs


def test_key_is_found_by_a_process_that_has_just_looked(keys: Keys) -> None:
    one, other = keys
    assert one.find("0000") is None
    made = other.current()
    assert one.find(made.id) == made


def test_secret_is_not_printed(keys: Keys) -> None:
    assert "secret" not in repr(keys[0].current())


class TestRotation:
    def test_new_key_is_known_before_it_signs(self, keys: Keys, clock: VirtualClock) -> None:
        one, other = keys
        old = one.current()
        other.find(old.id)
        new = one.rotate()
        clock.time += CACHE_MS - 1
        assert one.current().id == other.current().id == old.id
        assert other.find(new.id) == new
        clock.time += 1
        assert one.current() == other.current() == new

    def test_old_key_verifies_until_its_last_token_has_ended(self, keys: Keys, clock: VirtualClock) -> None:
        one, other = keys
        old = one.current()
        one.rotate()
        clock.time += CACHE_MS
        last_signature = clock.now()
        clock.time = last_signature + LONGEST_LIFE_MS
        assert other.find(old.id) is not None
        clock.time += CACHE_MS
        assert one.find(old.id) is other.find(old.id) is None

    def test_tokens_outlive_it(self, rig: Rig, clock: VirtualClock) -> None:
        before = rig.sign_in(expiration="1440").token
        SigningKeys(rig.rows, clock).rotate()
        clock.time += CACHE_MS
        after = rig.sign_in().token
        other_process = Authenticator(rig.rows, ROOT, clock)
        for token in (before, after):
            rig.identify(token)
            other_process(Credentials(token))

    def test_next_one_waits_for_the_end_of_this_one(self, keys: Keys, clock: VirtualClock) -> None:
        one, _ = keys
        one.current()
        one.rotate()
        for wait in (0, CACHE_MS, 10 * DAY_MS):
            clock.time += wait
            with pytest.raises(InvalidValue, match="until then two keys verify"):
                one.rotate()
        clock.time += LONGEST_LIFE_MS
        one.rotate()

    def test_of_a_site_without_keys_makes_the_first(self, keys: Keys) -> None:
        one, other = keys
        assert one.rotate() == other.current()

    def test_of_two_at_once_one_is_told(
        self, keys: Keys, rows: InMemoryAccessRows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = keys
        one.current()
        really = rows.change

        def change_second(key: str, changes: dict[str, object], expected: dict[str, object]) -> object:
            monkeypatch.setattr(rows, "change", really)
            other.rotate()
            return really(key, changes, expected)

        monkeypatch.setattr(rows, "change", change_second)
        with pytest.raises(InvalidValue, match="somebody else"):
            one.rotate()

    def test_that_revokes_ends_all_tokens_in_five_minutes(self, rig: Rig, clock: VirtualClock) -> None:
        token = rig.sign_in().token
        rig.identify(token)
        keys = SigningKeys(rig.rows, clock)
        keys.rotate()
        keys.rotate(revoke=True)
        rig.identify(rig.sign_in().token)
        clock.time += CACHE_MS
        with pytest.raises(InvalidToken):
            rig.identify(token)
