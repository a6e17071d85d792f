"""Users: their names, and what administrators change of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gpserverless.access.user import User, check_group, check_name, key_of_name
from gpserverless.access.users import Users
from gpserverless.caller import Role
from gpserverless.errors import InvalidSignIn, InvalidToken, InvalidValue
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import MINUTE, PASSWORD, Rig

NAMES = [
    ("ana", "ana"),
    ("Ana.Maria_2@example.org", "ana.maria_2@example.org"),
    ("-", "-"),
    ("x" * 128, "x" * 128),
    ("x" * 129, ""),
    ("x" * 1_000_000, ""),
    ("", ""),
    ("ana ", ""),
    ("ana\n", ""),
    ("ana\0", ""),
    ("\u0430na", ""),  # a Cyrillic letter that looks like an a
    ("\uff41na", ""),  # a wide one, which NFKC would make an a
    ("\u212aim", ""),  # the sign for kelvin, whose small letter is a k
    ("ana#1", ""),
    ('{"$ne":null}', ""),
    ("*)(uid=*))(|(uid=*", ""),
]


@pytest.mark.parametrize(("given", "key"), NAMES)
def test_name_has_one_key_or_none(given: str, key: str) -> None:
    assert key_of_name(given) == key


@pytest.mark.parametrize("given", [given for given, key in NAMES if not key])
def test_name_that_nobody_can_have_is_refused(given: str) -> None:
    for check in (check_name, check_group):
        with pytest.raises(InvalidValue):
            check(given)


ANA = User(
    "Ana", Role.PUBLISHER, "Ana Maria", "ana@example.org", frozenset({"b", "a"}), False, 5, 7, "pool 1"
)


def test_user_is_found_as_it_was_written(rows: InMemoryAccessRows) -> None:
    users = Users(rows)
    assert users.insert(ANA)
    assert users.find("ana") == ANA
    assert users.find("Ana") is None  # keys are in small letters


def test_two_users_differ_in_more_than_capitals(rows: InMemoryAccessRows) -> None:
    users = Users(rows)
    users.insert(ANA)
    assert not users.insert(User("ANA", Role.ADMINISTRATOR))
    assert users.find("ana") == ANA


def test_change_changes_what_it_names_alone(rows: InMemoryAccessRows) -> None:
    users = Users(rows)
    users.insert(ANA)
    changed = users.change("ana", {"role": Role.VIEWER, "groups": frozenset()})
    assert changed == users.find("ana")
    assert changed == replace(ANA, role=Role.VIEWER, groups=frozenset())


def test_nobody_is_changed_who_is_not_there(rows: InMemoryAccessRows) -> None:
    assert Users(rows).change("ana", {"disabled": True}) is None
    assert rows.rows == {}


def test_users_are_listed_by_name(rows: InMemoryAccessRows) -> None:
    users = Users(rows)
    for name in ("b", "C", "a"):
        users.insert(User(name))
    assert [user.name for user in users.list()] == ["a", "b", "C"]


class TestAdministration:
    def test_new_user_has_the_time_of_its_creation(self, rig: Rig, clock: VirtualClock) -> None:
        assert rig.administration.find("ANA").created == clock.now()

    @pytest.mark.parametrize(
        ("user", "password"),
        [
            (User("ana"), PASSWORD),
            (User("a b"), PASSWORD),
            (User("bob", groups=frozenset({"a b"})), PASSWORD),
            (User("bob"), "short"),
            (User("bob"), "x" * 1025),
            (User("bob"), "ü" * 513),
            (User("bob"), "half a character \ud800"),
        ],
    )
    def test_refused_user_leaves_nothing(self, user: User, password: str, rig: Rig) -> None:
        before = dict(rig.rows.rows)
        with pytest.raises(InvalidValue):
            rig.administration.add(user, password)
        assert rig.rows.rows == before

    def test_nobody_is_changed_who_is_not_there(self, rig: Rig) -> None:
        for change in (rig.administration.disable, rig.administration.enable, rig.administration.find):
            with pytest.raises(InvalidValue, match="there is no user 'bob'"):
                change("bob")

    def test_new_password_ends_the_tokens_of_the_old_one(self, rig: Rig, clock: VirtualClock) -> None:
        old = rig.sign_in().token
        rig.identify(old)
        clock.time += 1
        rig.administration.set_password("ana", "another horse")
        with pytest.raises(InvalidSignIn):
            rig.sign_in()
        new = rig.sign_in(password="another horse").token
        clock.sleep(MINUTE)
        rig.identify(new)
        with pytest.raises(InvalidToken):
            rig.identify(old)

    def test_disabled_user_is_out_within_a_minute(self, rig: Rig, clock: VirtualClock) -> None:
        token = rig.sign_in().token
        rig.identify(token)
        rig.administration.disable("ana")
        with pytest.raises(InvalidSignIn):
            rig.sign_in()
        clock.sleep(MINUTE)
        with pytest.raises(InvalidToken):
            rig.identify(token)

    def test_user_who_is_let_in_again_signs_in_anew(self, rig: Rig, clock: VirtualClock) -> None:
        token = rig.sign_in().token
        clock.time += 1
        rig.administration.disable("ana")
        rig.administration.enable("ana")
        with pytest.raises(InvalidToken):
            rig.identify(token)
        rig.identify(rig.sign_in().token)

    def test_clock_of_the_administrator_may_be_ahead(self, rig: Rig, clock: VirtualClock) -> None:
        clock.sleep(MINUTE)
        rig.administration.set_password("ana", "another horse")
        clock.sleep(-MINUTE)
        rig.identify(rig.sign_in(password="another horse").token)
