"""Files elsewhere of which only those bytes are fetched that are read."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable

PAGE_BYTES = 256 * 2**10
"""Bytes that are fetched at the least: a request costs as much time as some hundred kilobytes."""

MOST_AHEAD = 16
"""Pages that are fetched at once of a file that is read from one end to the other."""

KEPT_BYTES = 128 * 2**20
"""Bytes of all files that are kept: a picture of the largest size needs some fifty megabytes of tiles."""

FetchRange = Callable[[int, int], bytes]
"""Takes the place of the first byte and a number of bytes; returns them."""


class PageCache:
    """Keeps the pages that were read last, of all files together.

    Args:
        most: Bytes that are kept.
    """

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._size = 0

    def get(self, name: str, number: int) -> bytes | None:
        """Return a page, None if it is not kept.

        Args:
            name: Name of the file.
            number: Number of the page.
        """
        page = self._pages.get((name, number))
        if page is not None:
            self._pages.move_to_end((name, number))
        return page

    def put(self, name: str, number: int, page: bytes) -> None:
        """Keep a page, and let those go that nobody has read for the longest time.

        Args:
            name: Name of the file.
            number: Number of the page.
            page: Its bytes.
        """
        self._size += len(page) - len(self._pages.pop((name, number), b""))
        self._pages[name, number] = page
        while self._size > self._most and len(self._pages) > 1:
            self._size -= len(self._pages.popitem(last=False)[1])


class RangedFile:
    """A file elsewhere, which never changes.

    Args:
        name: Name of the file, which tells its pages from those of others.
        size: Its bytes.
        fetch: Fetches some of them.
        pages: Keeps pages.

    Attributes:
        problem: The first error of a fetch, which a library in between may have hidden; None for no error.
    """

    def __init__(self, name: str, size: int, fetch: FetchRange, pages: PageCache) -> None:
        self.name, self.size = name, size
        self.problem: Exception | None = None
        self._fetch, self._pages = fetch, pages
        self._next, self._ahead = -1, 1

    def read_at(self, start: int, length: int) -> bytes:
        """Return bytes of the file, fewer at its end.

        Args:
            start: Place of the first one.
            length: How many.
        """
        end = min(self.size, start + max(0, length))
        if start >= end:
            return b""
        first, last = start // PAGE_BYTES, (end - 1) // PAGE_BYTES
        content = b"".join(self._read_pages(first, last))
        return content[start - first * PAGE_BYTES : end - first * PAGE_BYTES]

    def open(self) -> io.RawIOBase:
        """Return a reader with a place of its own, for a library that cannot have errors of Python.

        Where a fetch fails the file seems to end, and `problem` tells why.
        """
        return _Reader(self)

    def _read_pages(self, first: int, last: int) -> list[bytes]:
        """Return pages; those that are not kept come in one request, with what lies between them."""
        found = {number: self._pages.get(self.name, number) for number in range(first, last + 1)}
        missing = [number for number, page in found.items() if page is None]
        if missing:
            fetched = self._fetch_pages(missing[0], self._look_ahead(missing[0], missing[-1]))
            found.update((number, page) for number, page in fetched.items() if number <= last)
        return [page or b"" for page in found.values()]

    def _look_ahead(self, first: int, last: int) -> int:
        """Return the last page to fetch: the farther ahead, the longer one read has followed the other."""
        self._ahead = min(MOST_AHEAD, 2 * self._ahead) if first == self._next else 1
        self._next = max(last, min(first + self._ahead - 1, (self.size - 1) // PAGE_BYTES)) + 1
        return self._next - 1

    def _fetch_pages(self, first: int, last: int) -> dict[int, bytes]:
        start, end = first * PAGE_BYTES, min(self.size, (last + 1) * PAGE_BYTES)
        try:
            content = self._fetch(start, end - start)
            if len(content) != end - start:
                raise EOFError(f"{len(content):,} of {end - start:,} bytes came")
        except Exception as error:
            self.problem = self.problem or error
            raise
        pages = {
            number: content[(number - first) * PAGE_BYTES : (number - first + 1) * PAGE_BYTES]
            for number in range(first, last + 1)
        }
        for number, page in pages.items():
            self._pages.put(self.name, number, page)
        return pages


class _Reader(io.RawIOBase):
    """Reads a file from a place on, and ends where a fetch fails."""

    def __init__(self, file: RangedFile) -> None:
        super().__init__()
        self._file, self._place = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        length = self._file.size - self._place if size is None or size < 0 else size
        try:
            content = self._file.read_at(self._place, length)
        except Exception:
            if self._file.problem is None:
                raise
            return b""
        self._place += len(content)
        return content
