"""A file elsewhere is read as one that is here, and no more of it is fetched than is read."""

from __future__ import annotations

import io

import pytest

from gpserverless.formats.ranges import MOST_AHEAD, PAGE_BYTES, PageCache, RangedFile

CONTENT = bytes(range(256)) * (5 * PAGE_BYTES // 512)  # two pages and a half


class Store:
    """A store of one object, which notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.is_down = False
        self.loses = 0

    def fetch(self, start: int, length: int) -> bytes:
        """Return bytes of the object."""
        self.asked.append((start, length))
        if self.is_down:
            raise OSError("down")
        return CONTENT[start : start + length - self.loses]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def file(store: Store) -> RangedFile:
    return RangedFile("a", len(CONTENT), store.fetch, PageCache())


@pytest.mark.parametrize(
    ("start", "length"),
    [
        *((0, 0), (0, 1), (0, len(CONTENT)), (len(CONTENT) - 1, 9), (len(CONTENT), 1), (len(CONTENT) + 9, 1)),
        *((PAGE_BYTES - 1, 2), (PAGE_BYTES, PAGE_BYTES), (PAGE_BYTES + 1, PAGE_BYTES), (3, -1)),
    ],
)
def test_bytes_are_those_of_the_object(file: RangedFile, start: int, length: int) -> None:
    assert file.read_at(start, length) == CONTENT[start : start + max(0, length)]


def test_pages_that_lie_together_are_fetched_together_and_once(file: RangedFile, store: Store) -> None:
    file.read_at(PAGE_BYTES + 10, 10)
    file.read_at(0, PAGE_BYTES + 5)
    assert store.asked == [(PAGE_BYTES, PAGE_BYTES), (0, PAGE_BYTES)]
    whole = RangedFile("a", len(CONTENT), store.fetch, PageCache())
    for _ in range(2):
        assert whole.read_at(0, len(CONTENT)) == CONTENT
    assert store.asked[2:] == [(0, len(CONTENT))]


def test_more_is_fetched_the_longer_one_read_follows_the_other() -> None:
    asked: list[int] = []

    def fetch(start: int, length: int) -> bytes:
        asked.append(length // PAGE_BYTES)
        return bytes(length)

    file = RangedFile("a", 100 * PAGE_BYTES, fetch, PageCache())
    file.read_at(50 * PAGE_BYTES, 1)
    for page in range(100):
        file.read_at(page * PAGE_BYTES, 1)
    assert asked[0] == 1
    assert asked[1:7] == [1, 2, 4, 8, 16, 16]
    assert max(asked) == MOST_AHEAD


def test_pages_that_nobody_read_for_the_longest_time_go_first(store: Store) -> None:
    file = RangedFile("a", len(CONTENT), store.fetch, PageCache(2 * PAGE_BYTES))
    for page in (2, 1, 2, 0, 2):
        file.read_at(page * PAGE_BYTES, 1)
    assert [start // PAGE_BYTES for start, _ in store.asked] == [2, 1, 0]
    file.read_at(PAGE_BYTES, 1)
    assert store.asked[-1][0] == PAGE_BYTES


def test_files_with_one_cache_keep_their_pages_apart() -> None:
    pages = PageCache()
    one, other = (RangedFile(each, 3, lambda start, length, e=each: e.encode() * 3, pages) for each in "xy")
    assert [one.read_at(0, 3), other.read_at(0, 3), one.read_at(0, 3)] == [b"xxx", b"yyy", b"xxx"]


def test_reader_has_a_place_as_files_have(file: RangedFile) -> None:
    reader = file.open()
    assert (reader.readable(), reader.seekable()) == (True, True)
    assert (reader.read(3), reader.tell()) == (CONTENT[:3], 3)
    assert reader.seek(-2, io.SEEK_END) == len(CONTENT) - 2
    assert reader.read() == CONTENT[-2:]
    assert reader.read(1) == b""
    assert (reader.seek(5), reader.seek(1, io.SEEK_CUR)) == (5, 6)
    assert reader.read(2) == CONTENT[6:8]


def test_error_is_kept_and_nothing_of_it(file: RangedFile, store: Store) -> None:
    store.is_down = True
    with pytest.raises(OSError, match="down"):
        file.read_at(0, 1)
    assert isinstance(file.problem, OSError)
    assert file.open().read(1) == b""
    store.is_down = False
    assert file.read_at(0, 1) == CONTENT[:1]


def test_part_that_is_too_short_is_an_error(file: RangedFile, store: Store) -> None:
    store.loses = 1
    with pytest.raises(EOFError, match="bytes came"):
        file.read_at(0, 1)
