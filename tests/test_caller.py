"""Callers, and the rules of services: who is admitted, and who only sees that a service is there."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.caller import ANYBODY, Access, Caller, Role
from gpserverless.errors import AuthoringError

VIEWER, USER, PUBLISHER, ADMINISTRATOR = (Caller(role.name.lower(), role) for role in Role)
PLANNER = Caller("planner", Role.USER, frozenset({"planners"}))
GUEST = Caller("guest", Role.VIEWER, frozenset({"planners"}))

RULES = [
    (Access(), {USER, PUBLISHER, PLANNER}, {VIEWER, GUEST}),
    (Access(role=Role.VIEWER), {VIEWER, USER, PUBLISHER, PLANNER, GUEST}, set()),
    (Access(role=Role.PUBLISHER), {PUBLISHER}, set()),
    (Access(role=Role.ADMINISTRATOR), set(), set()),
    (Access(groups={"planners"}), {PLANNER}, {GUEST}),
    (Access(groups={"planners", "builders"}), {PLANNER}, {GUEST}),
    (Access(role=Role.PUBLISHER, groups={"planners"}), set(), set()),
]
"""A rule, the callers that may run the service, and those that may only see it. Administrators always may."""


@pytest.mark.parametrize(("rule", "admitted", "shown"), RULES)
def test_rule_admits_and_shows(rule: Access, admitted: set[Caller], shown: set[Caller]) -> None:
    everybody = {ANYBODY, VIEWER, USER, PUBLISHER, ADMINISTRATOR, PLANNER, GUEST}
    assert {caller for caller in everybody if rule.admits(caller)} == {*admitted, ADMINISTRATOR}
    assert {caller for caller in everybody if rule.shows_to(caller)} == {*admitted, *shown, ADMINISTRATOR}


@pytest.mark.parametrize("rule", [rule for rule, _, _ in RULES])
def test_rule_travels_as_json(rule: Access) -> None:
    assert Access.from_document(rule.to_document()) == rule


def test_no_rule_stays_none() -> None:
    assert Access.from_document(None) is None


WRONG: list[dict[str, Any]] = [
    {"role": "USER"},
    {"role": 2},
    {"groups": "planners"},
    {"groups": ["planners"]},
    {"groups": {""}},
    {"groups": {1}},
]


@pytest.mark.parametrize("arguments", WRONG)
def test_rule_that_would_let_in_others_than_its_author_thinks_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(AuthoringError, match=r"role is one of|groups is a set of names"):
        Access(**arguments)


@pytest.mark.parametrize(
    ("caller", "owner", "is_own"),
    [
        (ANYBODY, "", True),
        (USER, "", True),
        (USER, "user", True),
        (USER, "viewer", False),
        (ANYBODY, "user", False),
        (PUBLISHER, "user", False),
        (ADMINISTRATOR, "user", True),
    ],
)
def test_what_nobody_owns_is_everybodys(caller: Caller, owner: str, is_own: bool) -> None:
    assert caller.owns(owner) == is_own


def test_key_may_be_for_some_services_alone() -> None:
    key = Caller("user", Role.ADMINISTRATOR, services=frozenset({"Water/Flood"}))
    assert (key.may_ask("Water/Flood"), key.may_ask("Water"), USER.may_ask("Water")) == (True, False, True)


@pytest.mark.parametrize("caller", [ANYBODY, USER, PLANNER, Caller("k", Role.USER, services=frozenset("S"))])
def test_caller_travels_as_json(caller: Caller) -> None:
    assert Caller.from_document(caller.to_document()) == caller


def test_address_does_not_travel() -> None:
    assert "203.0.113.7" not in str(Caller("user", Role.USER, address="203.0.113.7").to_document())
