"""The table of access in DynamoDB, and its twin in memory: one specification for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpserverless.access.ports import AccessRows
from gpserverless.errors import StorageRefused
from gpserverless.storage import clients
from gpserverless.storage.access_table import DynamoAccessRows
from gpserverless.storage.attributes import decode, encode
from gpserverless.testing import InMemoryAccessRows
from tests.jobs.rig import resource

TTL = 2_000_000_000


@pytest.fixture(scope="module")
def dynamodb_rows(aws: None) -> DynamoAccessRows:
    """The table as the template has it."""
    client = clients.dynamodb_client()
    kept = ("AttributeDefinitions", "KeySchema", "BillingMode")
    given: dict[str, Any] = {name: value for name, value in resource("AccessTable").items() if name in kept}
    client.create_table(TableName="access", **given)
    return DynamoAccessRows(client, "access")


@pytest.fixture(params=["memory", "dynamodb"])
def rows(request: pytest.FixtureRequest) -> AccessRows:
    if request.param == "memory":
        return InMemoryAccessRows()
    return request.getfixturevalue("dynamodb_rows")  # type: ignore[no-any-return]


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key that no other test has."""
    return f"TEST#{request.node.name}"


def test_row_is_read_as_it_was_written(rows: AccessRows, key: str) -> None:
    row = {"pk": key, "text": "ü \0", "number": 1_700_000_000_123, "yes": True, "none": None}
    row |= {"list": ["a", "b"], "empty": [], "maps": [{"a": 1, "b": {"c": ""}}], "set": frozenset({"x", "y"})}
    assert rows.insert(row)
    assert rows.read(key) == row


def test_missing_row_is_none(rows: AccessRows, key: str) -> None:
    assert rows.read(key) is rows.remove(key) is rows.change(key, {"a": 1}, {}) is None
    assert rows.read(key) is None
    assert rows.members(key) == frozenset()


def test_row_that_is_there_stays(rows: AccessRows, key: str) -> None:
    rows.insert({"pk": key, "a": 1})
    assert not rows.insert({"pk": key, "a": 2})
    assert rows.read(key) == {"pk": key, "a": 1}


def test_call_that_is_repeated_is_answered_like_the_first(rows: AccessRows, key: str) -> None:
    """The client library repeats a call whose answer was lost."""
    assert rows.insert({"pk": key, "a": 1, "b": 1})
    assert rows.insert({"pk": key, "a": 1, "b": 1})
    first = rows.change(key, {"a": 2}, {"a": 1})
    assert first == {"pk": key, "a": 2, "b": 1}
    assert rows.change(key, {"a": 2}, {"a": 1}) == first
    for _ in range(2):
        assert rows.add_member(f"{key}#set", "one", 1, TTL)


def test_change_needs_what_it_expects(rows: AccessRows, key: str) -> None:
    rows.insert({"pk": key, "version": 1, "name": "a"})
    assert rows.change(key, {"version": 3, "name": "c"}, {"version": 2}) is None
    assert rows.change(key, {"version": 2}, {"version": 1}) == {"pk": key, "version": 2, "name": "a"}
    assert rows.change(key, {"name": "d"}, {"missing": 1}) is None
    assert rows.read(key) == {"pk": key, "version": 2, "name": "a"}


@pytest.mark.parametrize("name", ["name", "role", "groups", "hash", "keys", "owner", "ttl_at"])
def test_reserved_words_are_names_like_others(name: str, rows: AccessRows, key: str) -> None:
    rows.insert({"pk": key, name: 1})
    assert rows.change(key, {name: 2}, {name: 1}) == {"pk": key, name: 2}


def test_removed_row_is_handed_out_once(rows: AccessRows, key: str) -> None:
    row = {"pk": key, "a": 1}
    rows.insert(row)
    assert [rows.remove(key) for _ in range(3)] == [row, None, None]


def test_set_has_no_more_words_than_there_is_room(rows: AccessRows, key: str) -> None:
    assert [rows.add_member(key, word, 2, TTL) for word in "aabbcca"] == [True] * 4 + [False] * 2 + [True]
    assert rows.members(key) == frozenset("ab")
    assert (rows.read(key) or {})["ttl_at"] == TTL


@pytest.mark.parametrize("room", [0, -3])
def test_set_without_room_has_no_words(room: int, rows: AccessRows, key: str) -> None:
    rows.add_member(f"{key}", "a", 5, TTL)
    assert not rows.add_member(key, "b", room, TTL)
    assert rows.members(key) == frozenset("a")


def test_new_set_without_room_is_not_made(rows: AccessRows, key: str) -> None:
    assert not rows.add_member(key, "a", 0, TTL)
    assert rows.members(key) == frozenset()


def test_word_is_taken_out(rows: AccessRows, key: str) -> None:
    rows.add_member(key, "a", 2, TTL)
    rows.add_member(key, "b", 2, TTL)
    rows.remove_member(key, "a")
    rows.remove_member(key, "a")
    assert rows.members(key) == frozenset("b")
    rows.remove_member(key, "b")
    assert rows.members(key) == frozenset()
    assert rows.add_member(key, "c", 1, TTL)


def test_rows_are_listed_by_the_beginning_of_their_keys(rows: AccessRows, key: str) -> None:
    for number in range(3):
        rows.insert({"pk": f"{key}#{number}", "text": "x" * 300_000})  # over a page of 1 MB with the others
        rows.insert({"pk": f"other {key}#{number}", "text": "x" * 300_000})
    assert sorted(row["pk"] for row in rows.list(f"{key}#")) == [f"{key}#{number}" for number in range(3)]


CALLS: list[Callable[[AccessRows], Any]] = [
    lambda rows: rows.read("k"),
    lambda rows: rows.insert({"pk": "k"}),
    lambda rows: rows.change("k", {"a": 1}, {}),
    lambda rows: rows.remove("k"),
    lambda rows: rows.add_member("k", "a", 1, TTL),
    lambda rows: rows.remove_member("k", "a"),
    lambda rows: rows.members("k"),
    lambda rows: list(rows.list("k")),
]


@pytest.mark.parametrize("call", CALLS)
def test_table_that_is_not_there_is_told(call: Callable[[AccessRows], Any], aws: None) -> None:
    with pytest.raises(StorageRefused, match="ResourceNotFound"):
        call(DynamoAccessRows(clients.dynamodb_client(), "nowhere"))


def test_set_of_texts_is_one_of_dynamodb() -> None:
    assert encode(frozenset({"b", "a"})) == {"SS": ["a", "b"]}
    assert decode({"SS": ["a", "b"]}) == frozenset({"a", "b"})
