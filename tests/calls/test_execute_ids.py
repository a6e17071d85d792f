"""The id of an execute cannot be guessed, and tells whose it is."""

from __future__ import annotations

import pytest

from gpserverless.caller import ANYBODY, Caller, Role
from gpserverless.calls.execute_ids import new_execute_id, owns_execute

ANN, BOB = Caller("ann", Role.USER), Caller("bob", Role.USER)
ROOT = Caller("root", Role.ADMINISTRATOR)


@pytest.mark.parametrize(("owner", "length"), [("", 32), ("ann", 64)])
def test_ids_differ(owner: str, length: int) -> None:
    first, second = new_execute_id(owner), new_execute_id(owner)
    assert len(first) == len(second) == length
    assert first[:32] != second[:32]
    assert first[32:] != second[32:] or not owner


def test_execute_of_anybody_is_everybodys() -> None:
    execute = new_execute_id("")
    assert all(owns_execute(caller, execute) for caller in (ANYBODY, ANN, BOB, ROOT))


def test_execute_of_a_user_is_the_users_and_the_administrators() -> None:
    execute = new_execute_id("ann")
    owners = [caller.name for caller in (ANYBODY, ANN, BOB, ROOT) if owns_execute(caller, execute)]
    assert owners == ["ann", "root"]
    assert "ann" not in execute


def test_seal_is_of_one_execute() -> None:
    mine, other = new_execute_id("bob"), new_execute_id("ann")
    assert not owns_execute(BOB, other[:32] + mine[32:])
