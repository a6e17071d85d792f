"""Signing in: one answer for everything that is wrong."""

from __future__ import annotations

import pytest

from gpserverless.access.accounts import Accounts
from gpserverless.access.identity import Identity
from gpserverless.access.ports import PasswordCheck
from gpserverless.access.sign_in import Login
from gpserverless.access.throttle import MOST_OF_USER
from gpserverless.access.user import User
from gpserverless.access.users import Users
from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidParameter, InvalidSignIn
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import HOME, MINUTE, PASSWORD, RULES, Rig

WRONG = [
    ("ana", "wrong"),
    ("ana", ""),
    ("ana", PASSWORD + "\0"),
    ("ana", "x" * 1_000_000),
    ("bob", PASSWORD),
    ("", ""),
    ("ana\0", PASSWORD),
    ("\u0430na", PASSWORD),
    ("ana ", PASSWORD),
    ("x" * 1_000_000, PASSWORD),
    ("out", PASSWORD),
]


@pytest.fixture
def site(rig: Rig) -> Rig:
    """A site with a user who is out as well."""
    rig.administration.add(User("out"), PASSWORD)
    rig.administration.disable("out")
    return rig


@pytest.mark.parametrize("name", ["ana", "Ana", "ANA"])
def test_capitals_of_the_name_make_no_difference(name: str, site: Rig) -> None:
    issued = site.sign_in(name)
    assert issued.user.name == "Ana"
    assert site.identify(issued.token) == Caller("ana", Role.PUBLISHER, frozenset({"planners"}))


@pytest.mark.parametrize(("name", "password"), WRONG)
def test_whatever_is_wrong_is_answered_alike(name: str, password: str, site: Rig) -> None:
    with pytest.raises(InvalidSignIn) as refused:
        site.sign_in(name, password)
    assert refused.value.details == ("Invalid username or password.",)


def calls_of(site: Rig, name: str, password: str) -> list[str]:
    """Return the calls of the table, by method and kind of row, that a wrong try makes."""
    calls: list[str] = []

    def record(method: str, patch: pytest.MonkeyPatch) -> None:
        really = getattr(site.rows, method)

        def call(key: str, *given: object) -> object:
            calls.append(f"{method} {key.partition('#')[0]}")
            return really(key, *given)

        patch.setattr(site.rows, method, call)

    with pytest.MonkeyPatch.context() as patch:
        for method in ("read", "change", "remove", "members", "add_member", "remove_member"):
            record(method, patch)
        with pytest.raises(InvalidSignIn):
            site.sign_in(name, password)
    return calls


@pytest.mark.parametrize(("name", "password"), WRONG)
def test_whatever_is_wrong_costs_the_same(name: str, password: str, site: Rig) -> None:
    """The same calls in the same order. The hash, which costs most, is told of in test_passwords."""
    usual = calls_of(site, "ana", "just wrong")
    assert {"read PASSWORD", "add_member COUNT", "read USER"} < set(usual)
    assert calls_of(site, name, password) == usual


def test_one_too_many_costs_the_same(site: Rig) -> None:
    usual = [calls_of(site, "ana", f"wrong {number}") for number in range(MOST_OF_USER)]
    assert calls_of(site, "ana", "one more") == calls_of(site, "ana", PASSWORD) == usual[0]


def test_too_many_wrong_ones_are_answered_alike_even_if_right(site: Rig, clock: VirtualClock) -> None:
    for number in range(MOST_OF_USER):
        with pytest.raises(InvalidSignIn):
            site.sign_in("ana", f"wrong {number}")
    with pytest.raises(InvalidSignIn) as refused:
        site.sign_in()
    assert refused.value.details == ("Invalid username or password.",)
    site.sign_in(address="198.51.100.7")
    clock.sleep(16 * MINUTE)
    site.sign_in()


def test_person_who_mistypes_is_not_locked_out(site: Rig) -> None:
    """Five mistakes with the ArcGIS API for Python, which tries each four times."""
    for mistake in range(5):
        for _ in range(4):
            with pytest.raises(InvalidSignIn):
                site.sign_in("ana", f"mistake {mistake}")
    site.sign_in()


def test_users_who_sign_in_rightly_are_never_too_many(site: Rig) -> None:
    for _ in range(200):
        site.accounts.sign_in.check(Login("ana", PASSWORD, HOME))


def test_password_is_not_checked_for_a_wrong_expiration(site: Rig) -> None:
    site.rows.reads.clear()
    with pytest.raises(InvalidParameter):
        site.sign_in(expiration="soon")
    assert site.rows.reads == []


def test_password_is_not_printed() -> None:
    assert PASSWORD not in repr(Login("ana", PASSWORD, HOME))


class TestAnotherDirectory:
    """Users whom Cognito or an issuer knows."""

    class Directory:
        """A directory that knows one user."""

        def __init__(self, identity: Identity) -> None:
            self.identity = identity

        def check(self, name: str, password: str) -> PasswordCheck:
            """Compare a password."""
            matches = name == self.identity.name.lower() and password == PASSWORD
            return PasswordCheck(matches, password, self.identity if matches else None)

    def sign_in(self, rows: InMemoryAccessRows, clock: VirtualClock, identity: Identity) -> User:
        accounts = Accounts.of(rows, RULES, clock, self.Directory(identity))
        return accounts.sign_in.check(Login(identity.name, PASSWORD, HOME))

    def test_user_gets_a_row(self, rows: InMemoryAccessRows, clock: VirtualClock) -> None:
        identity = Identity("Eve", "pool 1", frozenset({"a"}), "Eve E.", "eve@example.org")
        assert self.sign_in(rows, clock, identity) == User(
            "Eve",
            Role.USER,
            "Eve E.",
            "eve@example.org",
            frozenset({"a"}),
            created=clock.now(),
            subject="pool 1",
        )

    @pytest.mark.parametrize(
        ("groups", "role"),
        [
            ({"publisher"}, Role.PUBLISHER),
            ({"viewer", "Administrator", "x"}, Role.ADMINISTRATOR),
            ({"viewer"}, Role.VIEWER),
            ({"administrators"}, Role.USER),
            (set(), Role.USER),
        ],
    )
    def test_group_with_the_name_of_a_role_gives_it(
        self, groups: set[str], role: Role, rows: InMemoryAccessRows, clock: VirtualClock
    ) -> None:
        assert self.sign_in(rows, clock, Identity("Eve", "pool 1", frozenset(groups))).role is role

    def test_what_is_told_at_the_last_sign_in_holds(
        self, rows: InMemoryAccessRows, clock: VirtualClock
    ) -> None:
        self.sign_in(rows, clock, Identity("Eve", "pool 1", frozenset({"a", "publisher"})))
        clock.sleep(1)
        user = self.sign_in(rows, clock, Identity("Eve", "pool 1", frozenset({"b", "viewer"})))
        assert (user.groups, user.role, user.created) == (
            frozenset({"b", "viewer"}),
            Role.VIEWER,
            clock.now() - 1_000,
        )

    @pytest.mark.parametrize(
        ("first", "second"), [("", "pool 1"), ("pool 1", "pool 2"), ("pool 1", "other 1")]
    )
    def test_name_of_another_user_is_not_taken_over(
        self, first: str, second: str, rows: InMemoryAccessRows, clock: VirtualClock
    ) -> None:
        """People may choose their names elsewhere."""
        Users(rows).insert(User("Admin", Role.ADMINISTRATOR, subject=first))
        with pytest.raises(InvalidSignIn):
            self.sign_in(rows, clock, Identity("admin", second, frozenset({"administrator"})))
        assert Users(rows).find("admin") == User("Admin", Role.ADMINISTRATOR, subject=first)

    def test_user_who_is_out_here_stays_out(self, rig: Rig, clock: VirtualClock) -> None:
        self.sign_in(rig.rows, clock, Identity("Eve", "pool 1"))
        rig.administration.disable("eve")
        with pytest.raises(InvalidSignIn):
            self.sign_in(rig.rows, clock, Identity("Eve", "pool 1"))

    def test_passwords_of_the_table_count_no_more(self, rig: Rig, clock: VirtualClock) -> None:
        accounts = Accounts.of(rig.rows, RULES, clock, self.Directory(Identity("Other", "pool 1")))
        with pytest.raises(InvalidSignIn):
            accounts.sign_in.check(Login("ana", PASSWORD, HOME))
