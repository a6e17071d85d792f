"""Passwords: compared in the same way for everybody, and never stored."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters

from gpserverless.access import passwords as module
from gpserverless.access.passwords import PARAMETERS, Passwords
from gpserverless.testing import InMemoryAccessRows
from tests.access.rig import CHEAP, PASSWORD


@pytest.fixture
def passwords(rows: InMemoryAccessRows) -> Passwords:
    made = Passwords(rows, CHEAP)
    made.set("ana", PASSWORD)
    return made


def stored(rows: InMemoryAccessRows) -> str:
    return str(rows.rows["PASSWORD#ana"]["hash"])


def test_cost_is_the_one_of_the_cheat_sheet(rows: InMemoryAccessRows) -> None:
    Passwords(rows).set("ana", PASSWORD)
    assert stored(rows).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert extract_parameters(stored(rows)) == PARAMETERS


def test_hash_is_one_that_the_library_verifies(passwords: Passwords, rows: InMemoryAccessRows) -> None:
    assert PasswordHasher().verify(stored(rows), PASSWORD)
    rows.rows["PASSWORD#ana"]["hash"] = PasswordHasher.from_parameters(CHEAP).hash("another horse")
    assert passwords.check("ana", "another horse").matches


def test_password_is_nowhere(passwords: Passwords, rows: InMemoryAccessRows) -> None:
    assert PASSWORD not in str(rows.rows)


WRONG = [
    "",
    "wrong",
    PASSWORD.upper(),
    PASSWORD + "\0",
    PASSWORD + " ",
    PASSWORD + "x" * 2_000,
    "\ud800",
    "x" * 1_000_000,
]


@pytest.mark.parametrize("given", WRONG)
@pytest.mark.parametrize("name", ["ana", "bob", ""])
def test_wrong_password_costs_the_same_for_everybody(
    name: str, given: str, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[tuple[Any, ...]] = []

    def record(secret: bytes, salt: bytes, *cost: Any) -> bytes:
        hashed.append((len(secret) <= 1024, len(salt), *cost))
        return really(secret, salt, *cost)

    really = module.hash_secret_raw
    monkeypatch.setattr(module, "hash_secret_raw", record)
    assert not passwords.check(name, given).matches
    cost = (CHEAP.time_cost, CHEAP.memory_cost, CHEAP.parallelism, CHEAP.hash_len, CHEAP.type, CHEAP.version)
    assert hashed == [(True, CHEAP.salt_len, *cost)]


def test_wrong_password_is_read_as_often_for_everybody(
    passwords: Passwords, rows: InMemoryAccessRows
) -> None:
    for name in ("ana", "bob", ""):
        rows.reads.clear()
        passwords.check(name, "wrong")
        assert rows.reads == [f"PASSWORD#{name}"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mu\u0308nchen 1", "M\u00fcnchen 1"),  # two keyboards, one word
        ("nul \0 inside", "nul \0 inside"),
        ("ü" * 512, "ü" * 512),
        ("x" * 1024, "x" * 1024),
    ],
)
def test_password_of_one_keyboard_is_that_of_another(first: str, second: str, passwords: Passwords) -> None:
    passwords.set("bob", first)
    assert passwords.check("bob", second).matches
    assert not passwords.check("bob", second[:-1]).matches


def test_what_looks_alike_is_not_the_same(passwords: Passwords) -> None:
    passwords.set("bob", "ﬁre and ice")  # NFKC would make two letters of the first
    assert not passwords.check("bob", "fire and ice").matches


def test_right_password_has_a_fingerprint_as_well(passwords: Passwords) -> None:
    """Of the hash, not of the password: who can read it needs as long for the password as for the hash."""
    right, wrong, again = (passwords.check("ana", word) for word in (PASSWORD, "wrong", "wrong"))
    assert wrong.fingerprint == again.fingerprint != right.fingerprint
    assert len({len(each.fingerprint) for each in (right, wrong)}) == 1


def test_hash_that_costs_less_is_made_anew_at_the_next_sign_in(rows: InMemoryAccessRows) -> None:
    Passwords(rows, CHEAP).set("ana", PASSWORD)
    raised = Passwords(rows)
    assert not raised.check("ana", "wrong").matches
    assert extract_parameters(stored(rows)) == CHEAP
    assert raised.check("ana", PASSWORD).matches
    assert extract_parameters(stored(rows)) == PARAMETERS
    assert raised.check("ana", PASSWORD).matches


def test_password_that_was_changed_meanwhile_stays_changed(
    rows: InMemoryAccessRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Passwords(rows, CHEAP), Passwords(rows)
    old.set("ana", PASSWORD)

    def change_first(secret: bytes, salt: bytes, *cost: Any) -> bytes:
        digest = really(secret, salt, *cost)
        monkeypatch.setattr(module, "hash_secret_raw", really)
        old.set("ana", "another horse")
        return digest

    really = module.hash_secret_raw
    monkeypatch.setattr(module, "hash_secret_raw", change_first)
    new.check("ana", PASSWORD)
    assert new.check("ana", "another horse").matches
    assert not new.check("ana", PASSWORD).matches
