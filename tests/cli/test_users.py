"""`gpserverless users`: every command, told by what the site does afterwards."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.credentials import Credentials
from gpserverless.access.sign_in import Login
from gpserverless.caller import Caller, Role
from gpserverless.clock import SystemClock
from gpserverless.errors import InvalidSignIn, InvalidToken
from gpserverless.testing import InMemoryAccessRows
from tests.cli.conftest import Run

PASSWORD = "correct horse"


@pytest.fixture
def ana(users: Run) -> Run:
    """The command line of a site with a user Ana."""
    outcome = users("add", "Ana", "--role", "publisher", "--group", "planners", typed=f"{PASSWORD}\n")
    assert (outcome.output, outcome.status) == ("Added Ana, publisher.\n", 0)
    return users


def site(rows: InMemoryAccessRows) -> Accounts:
    """Return the site, as a process that has just started."""
    return Accounts.of(rows, AccessRules("https://site.test"), SystemClock())


def sign_in(rows: InMemoryAccessRows, password: str = PASSWORD) -> str:
    return site(rows).sign_in.issue(Login("ana", password, "192.0.2.1")).token


def caller(rows: InMemoryAccessRows, token: str) -> Caller:
    return site(rows).identify(Credentials(token))


def printed_json(run: Run, *arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").output)


def test_added_user_signs_in(ana: Run, rows: InMemoryAccessRows) -> None:
    assert caller(rows, sign_in(rows)) == Caller("ana", Role.PUBLISHER, frozenset({"planners"}))


def test_password_is_no_option_and_no_argument(users: Run) -> None:
    assert users("add", "ana", "--password", PASSWORD).status == 2
    assert users("add", "ana", PASSWORD).status == 2
    assert users("password", "ana", PASSWORD).status == 2


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (["add", "ana"], PASSWORD, "Error: there is a user 'ana'"),
        (["add", "bob"], "short", "Error: the password is too short or too long"),
        (["add", "bob"], "", "Error: the password is too short or too long"),
        (["add", "b b"], PASSWORD, "Error: it is no name of a user"),
        (["add", "bob", "--group", "a b"], PASSWORD, "Error: it is no name of a group"),
        (["show", "bob"], "", "Error: there is no user 'bob'"),
        (["disable", "bob"], "", "Error: there is no user 'bob'"),
        (["role", "bob", "user"], "", "Error: there is no user 'bob'"),
        (["group", "bob", "--add", "a"], "", "Error: there is no user 'bob'"),
        (["password", "bob"], PASSWORD, "Error: there is no user 'bob'"),
        (["keys", "add", "bob"], "", "Error: there is no user 'bob'"),
        (["keys", "list", "bob"], "", "Error: there is no user 'bob'"),
        (["keys", "remove", "0000"], "", "Error: there is no key '0000'"),
    ],
)
def test_mistake_is_told_in_a_line(arguments: list[str], typed: str, told: str, ana: Run) -> None:
    outcome = ana(*arguments, typed=typed)
    assert str(outcome.status).startswith(told)
    assert outcome.output == ""


def test_users_are_listed(ana: Run) -> None:
    ana("add", "bob", "--full-name", "Bob B.", "--email", "bob@example.org", typed=PASSWORD)
    lines = ana("list").output.splitlines()
    assert [line.split() for line in lines] == [
        ["name", "role", "groups", "full_name", "disabled"],
        ["Ana", "publisher", "planners", "no"],
        ["bob", "user", "Bob", "B.", "no"],
    ]
    found = printed_json(ana, "list")
    assert [each["name"] for each in found] == ["Ana", "bob"]
    assert found[1]["email"] == "bob@example.org"


def test_user_is_shown(ana: Run) -> None:
    assert "name       Ana\nrole       publisher\ngroups     planners\n" in ana("show", "ANA").output
    assert printed_json(ana, "show", "ana")["groups"] == ["planners"]


def test_nothing_that_is_shown_is_a_secret(ana: Run, rows: InMemoryAccessRows) -> None:
    key = ana("keys", "add", "ana").output.strip()
    printed = "".join(
        ana(*arguments).output
        for arguments in (
            ["list"],
            ["list", "--json"],
            ["show", "ana"],
            ["keys", "list"],
            ["keys", "list", "--json"],
        )
    )
    for secret in (key, PASSWORD, rows.rows["PASSWORD#ana"]["hash"]):
        assert secret not in printed


def test_user_is_kept_out_and_let_in_again(ana: Run, rows: InMemoryAccessRows) -> None:
    token = sign_in(rows)
    assert ana("disable", "ana").output == "Disabled Ana.\n"
    with pytest.raises(InvalidSignIn):
        sign_in(rows)
    with pytest.raises(InvalidToken):
        caller(rows, token)
    assert ana("enable", "ana").output == "Enabled Ana.\n"
    assert caller(rows, sign_in(rows))


def test_password_is_set(ana: Run, rows: InMemoryAccessRows) -> None:
    assert ana("password", "ana", typed="another horse\n").output == "Set the password of Ana.\n"
    with pytest.raises(InvalidSignIn):
        sign_in(rows)
    assert sign_in(rows, "another horse")


def test_role_is_set(ana: Run, rows: InMemoryAccessRows) -> None:
    assert ana("role", "ana", "administrator").output == "Ana is administrator now.\n"
    assert caller(rows, sign_in(rows)).role is Role.ADMINISTRATOR
    assert ana("role", "ana", "king").status == 2


def test_groups_are_added_and_removed(ana: Run, rows: InMemoryAccessRows) -> None:
    assert ana("group", "ana", "--add", "b", "--add", "a", "--remove", "planners").output == (
        "Ana is in a, b.\n"
    )
    assert caller(rows, sign_in(rows)).groups == frozenset({"a", "b"})
    assert ana("group", "ana", "--remove", "a", "--remove", "b").output == "Ana is in no group.\n"


class TestKeys:
    def test_key_is_the_only_line_of_the_output(self, ana: Run, rows: InMemoryAccessRows) -> None:
        outcome = ana("keys", "add", "ana", "--service", "Samples", "--service", "A/B", "--title", "nightly")
        assert re.fullmatch(r"gpk_[A-Za-z0-9_-]{43}\n", outcome.output)
        assert outcome.errors == "Keep it: nobody can show it again.\n"
        assert caller(rows, outcome.output.strip()).services == frozenset({"Samples", "A/B"})
        (listed,) = printed_json(ana, "keys", "list", "ana")
        assert (listed["owner"], listed["title"], listed["services"]) == (
            "ana",
            "nightly",
            ["A/B", "Samples"],
        )

    @pytest.mark.parametrize("days", ["0", "367", "-1", "x"])
    def test_key_has_an_end(self, days: str, ana: Run) -> None:
        assert ana("keys", "add", "ana", "--days", days).status == 2

    def test_removed_key_counts_no_more(self, ana: Run, rows: InMemoryAccessRows) -> None:
        key = ana("keys", "add", "ana").output.strip()
        (listed,) = printed_json(ana, "keys", "list")
        assert ana("keys", "remove", listed["id"]).output == f"Removed the key {listed['id']} of ana.\n"
        with pytest.raises(InvalidToken):
            caller(rows, key)


def test_key_of_tokens_is_rotated(ana: Run, rows: InMemoryAccessRows) -> None:
    token = sign_in(rows)
    assert re.fullmatch(r"Key [0-9a-f]{8} signs from \S+ on\.\n", ana("rotate").output)
    assert caller(rows, token)
    assert "until then two keys verify" in str(ana("rotate").status)
    ana("rotate", "--revoke")
    with pytest.raises(InvalidToken):
        caller(rows, token)


def test_site_must_be_said(command: Run) -> None:
    assert str(command("list").status).startswith("Error: Say which site: --stack NAME")
