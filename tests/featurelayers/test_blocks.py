"""Blocks of a file in the store: each is fetched once, a run several at a time, within the room there is."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import NotFound, RequestError, StorageError
from gpserverless.featurelayers import blocks as blocks_module
from gpserverless.featurelayers.blocks import Blocks

BLOCK = 16
DATA = random.Random(1).randbytes(40 * BLOCK + 5)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "BLOCK_BYTES", BLOCK)


class Store:
    """The data, and the blocks of each request."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.requests: list[tuple[int, ...]] = []

    def fetch(self, start: int, end: int) -> bytes:
        self.requests.append(tuple(range(start // BLOCK, -(-end // BLOCK))))
        return self.data[start:end]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def open_blocks(store: Store, tmp_path: Path) -> Iterator[Callable[..., Blocks]]:
    opened = []

    def open_blocks(most: int = 1000, fetch: Callable[[int, int], bytes] = store.fetch) -> Blocks:
        opened.append(Blocks(len(DATA), fetch, tmp_path, most))
        return opened[-1]

    yield open_blocks
    for each in opened:
        each.close()


def check() -> None:
    """There is time enough."""


def read_block(blocks: Blocks, number: int) -> None:
    """Read within a block, and see that it is right."""
    begin = number * BLOCK + 3
    assert blocks.read(check, 2, begin) == DATA[begin : begin + 2]


REQUESTS = {
    "a block is fetched once": ([3, 3, 3], [(3,)]),
    "blocks here and there are fetched alone": ([30, 3, 17], [(30,), (3,), (17,)]),
    "a run takes twice as many each time": ([*range(3, 11)], [(3,), (4, 5), (6, 7, 8, 9), (*range(10, 18),)]),
    "two runs do not end each other": ([3, 20, 4, 21, 6], [(3,), (20,), (4, 5), (21, 22), (6, 7, 8, 9)]),
    "a run ends where blocks are there": ([6, 3, 4], [(6,), (3,), (4, 5)]),
    "a run ends with the file": ([38, 39, 40], [(38,), (39, 40)]),
}  # fmt: skip


@pytest.mark.parametrize(("reads", "requests"), REQUESTS.values(), ids=REQUESTS)
def test_requests(
    open_blocks: Callable[..., Blocks], store: Store, reads: list[int], requests: list[tuple[int, ...]]
) -> None:
    blocks = open_blocks()
    for number in reads:
        read_block(blocks, number)
    assert store.requests == requests


def test_a_run_has_an_end(open_blocks: Callable[..., Blocks], store: Store) -> None:
    blocks = open_blocks()
    assert blocks.read(check, len(DATA), 0) == DATA
    assert max(map(len, store.requests)) == blocks_module.MOST_AHEAD
    assert sorted(sum(store.requests, ())) == [*range(41)]


@pytest.mark.parametrize("most", [0, 1, 2, 7, 40, 41])
def test_any_read_is_that_of_the_file_however_few_blocks_are_kept(
    open_blocks: Callable[..., Blocks], tmp_path: Path, most: int
) -> None:
    blocks = open_blocks(most)
    chance = random.Random(most)
    for _ in range(400):
        begin, amount = chance.randrange(len(DATA) + 20), chance.randrange(4 * BLOCK)
        assert blocks.read(check, amount, begin) == DATA[begin : begin + amount]
    assert os.fstat(blocks._disk.fileno()).st_size <= max(1, most) * BLOCK
    assert list(tmp_path.iterdir()) == []  # a process that dies leaves nothing


def test_the_block_that_was_not_read_for_longest_gives_its_place_up(
    open_blocks: Callable[..., Blocks], store: Store
) -> None:
    blocks = open_blocks(most=2)
    for number in (30, 10, 30, 20, 30, 10):
        read_block(blocks, number)
    assert store.requests == [(30,), (10,), (20,), (10,)]


def test_a_disk_that_others_have_filled_keeps_fewer_blocks(
    open_blocks: Callable[..., Blocks], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.pwrite

    def write_little(file: int, data: bytes, place: int) -> int:
        if place >= 2 * BLOCK:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data, place)

    blocks = open_blocks()
    monkeypatch.setattr(os, "pwrite", write_little)
    for number in (30, 10, 20, 30, 20):
        read_block(blocks, number)
    assert store.requests == [(30,), (10,), (20,), (30,)]
    assert blocks.read(check, len(DATA), 0) == DATA  # in runs longer than the room


def test_the_last_room_of_a_disk_is_left_to_others(
    open_blocks: Callable[..., Blocks], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = open_blocks()
    for number in (30, 10):
        read_block(blocks, number)
    monkeypatch.setattr(blocks_module, "_FREE_BYTES", 2**62)
    for number in (20, 10, 30):
        read_block(blocks, number)
    assert store.requests == [(30,), (10,), (20,), (30,)]
    assert blocks.read(check, len(DATA), 0) == DATA  # in runs longer than the room
    assert os.fstat(blocks._disk.fileno()).st_size == 2 * BLOCK


def test_a_disk_without_any_room_is_said(
    open_blocks: Callable[..., Blocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pwrite", lambda file, data, place: len(data) // 2)
    with pytest.raises(StorageError, match="a block of a layer cannot be kept: No space left"):
        read_block(open_blocks(), 3)


def test_a_place_that_cannot_be_written_again_is_said_and_mixes_up_no_blocks(
    open_blocks: Callable[..., Blocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: int, data: bytes, place: int) -> int:
        raise OSError(errno.EIO, "Input/output error")

    blocks = open_blocks(most=3)
    for number in (30, 10, 20):
        read_block(blocks, number)
    with monkeypatch.context() as broken:
        broken.setattr(os, "pwrite", fail)
        with pytest.raises(StorageError, match="a block of a layer cannot be kept: Input/output error"):
            read_block(blocks, 35)
    for number in (5, 20, 10, 30, 35, 5, 20):
        read_block(blocks, number)


def _raise(problem: Exception) -> Callable[[int, int], bytes]:
    def fetch(start: int, end: int) -> bytes:
        raise problem

    return fetch


FAULTS: dict[str, tuple[Callable[[int, int], bytes], type[Exception], str]] = {
    "the store fails": (_raise(StorageError("could not read an object: SlowDown")), StorageError, "SlowDown"),
    "the object is gone": (_raise(NotFound("The object is not there any more.")), NotFound, "any more"),
    "a range comes short": (lambda start, end: DATA[start : end - 1], StorageError, "sent 15 of 16 bytes"),
    "nothing comes": (lambda start, end: b"", StorageError, "sent 0 of 16 bytes"),
    "too much comes": (lambda start, end: DATA[start : end + 1], StorageError, "sent 17 of 16 bytes"),
}


@pytest.mark.parametrize(("fetch", "error", "text"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_and_passes(
    open_blocks: Callable[..., Blocks],
    store: Store,
    fetch: Callable[[int, int], bytes],
    error: type[Exception],
    text: str,
) -> None:
    fetches = iter((store.fetch, fetch, store.fetch))

    def fetch_next(start: int, end: int) -> bytes:
        return next(fetches)(start, end)

    blocks = open_blocks(fetch=fetch_next)
    read_block(blocks, 1)
    with pytest.raises(error, match=text):
        read_block(blocks, 7)
    read_block(blocks, 1)
    read_block(blocks, 7)


def test_no_request_begins_when_the_time_is_over(open_blocks: Callable[..., Blocks], store: Store) -> None:
    def stop() -> Any:
        raise RequestError("The query took too long.")

    blocks = open_blocks()
    read_block(blocks, 3)
    with pytest.raises(RequestError, match="took too long"):
        blocks.read(stop, 1, 9 * BLOCK)
    assert store.requests == [(3,)]
    assert blocks.read(stop, 1, 3 * BLOCK) == DATA[3 * BLOCK : 3 * BLOCK + 1]
