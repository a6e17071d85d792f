"""Descriptions of layers are read from the store once, and those that were used last are kept."""

from __future__ import annotations

import pytest

from gpserverless.app.layer_descriptions import Descriptions
from gpserverless.errors import NotFound
from gpserverless.testing import FaultInjection, FaultyPort, InMemoryObjectStore


@pytest.fixture
def objects() -> InMemoryObjectStore:
    store = InMemoryObjectStore()
    for name in "abcd":
        store.put(name, name.encode() * 10, "")
    return store


@pytest.mark.parametrize(
    ("asked", "reads"),
    [
        ("aaa", 1),
        ("abab", 2),
        ("abcabc", 3),
        ("abcda", 5),  # d takes the place of a
        ("abcadab", 5),  # a was used again, so b had to go
    ],
)
def test_each_is_read_once_while_there_is_room(objects: InMemoryObjectStore, asked: str, reads: int) -> None:
    faults = FaultInjection()
    descriptions = Descriptions(FaultyPort(objects, faults), most=30)
    assert [descriptions.get(key) for key in asked] == [key.encode() * 10 for key in asked]
    assert faults.calls == ["get"] * reads


def test_one_that_is_larger_than_the_room_is_read_each_time(objects: InMemoryObjectStore) -> None:
    faults = FaultInjection()
    descriptions = Descriptions(FaultyPort(objects, faults), most=9)
    assert [descriptions.get("a"), descriptions.get("a")] == [b"a" * 10] * 2
    assert faults.calls == ["get", "get"]


def test_one_that_is_not_there_is_not_kept(objects: InMemoryObjectStore) -> None:
    descriptions = Descriptions(objects)
    with pytest.raises(NotFound):
        descriptions.get("e")
    objects.put("e", b"e", "")
    assert descriptions.get("e") == b"e"
