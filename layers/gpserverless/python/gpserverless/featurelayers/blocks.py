"""Bytes of a file in the store, fetched in blocks as they are read, and kept on this machine's disk."""

from __future__ import annotations

import errno
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import StorageError

BLOCK_BYTES = 512 * 2**10
"""Bytes of a block: eight pages of SQLite, of which the transfer takes less time than the store to begin.

A page of 2,000 polygons of a million takes 14 requests of 8 MB; with half of the bytes, 18 of 9 MB.
"""

MOST_AHEAD = 16
"""Blocks that are fetched at once: 8 MiB, which are in memory meanwhile."""

_FREE_BYTES = 32_000_000
"""Room on the disk that is left to others, such as the whole files of smaller layers."""

_MOST_RUNS = 64

FetchRange = Callable[[int, int], bytes]
"""Takes the first byte and the byte behind the last; returns the bytes between."""


class Blocks:
    """Bytes of a file that never changes. Each block is fetched once, while there is room for it.

    A query that reads on where another block ended reads a column, so the next blocks are fetched with it:
    two, then four, and so on. The blocks lie on the disk in places that are used again: those that were
    not read for longest give theirs up. Neither a file of any size nor a disk of any size is too large.

    Attributes:
        size: Bytes of the file.
    """

    def __init__(self, size: int, fetch: FetchRange, folder: Path, most: int) -> None:
        """Begin without a block.

        Args:
            size: Bytes of the file.
            fetch: Fetches bytes.
            folder: Folder on the disk; the files there have no name, and go with the process.
            most: Blocks that are kept, one at least.
        """
        self.size, self._fetch, self._most = size, fetch, max(1, most)
        self._disk = TemporaryFile(dir=folder)  # noqa: SIM115  # it is closed with the layer
        self._places: OrderedDict[int, int] = OrderedDict()
        self._runs: OrderedDict[int, int] = OrderedDict()

    def read(self, check: CheckCancelled, amount: int, offset: int) -> bytes:
        """Return bytes of the file, fewer at its end.

        Args:
            check: Called before a request to the store; it raises when the time is over.
            amount: Number of bytes.
            offset: The first byte.

        Raises:
            NotFound: The file is gone.
            StorageError: The store cannot be reached, sends fewer bytes, or there is no room for a block.
        """
        end = min(offset + amount, self.size)
        return b"".join(self._cut(check, offset, end))

    def close(self) -> None:
        """Give the room on the disk back."""
        self._disk.close()

    def _cut(self, check: CheckCancelled, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            block, within = divmod(start, BLOCK_BYTES)
            if block not in self._places:
                self._fill(block, check)
            self._places.move_to_end(block)
            length = min(end - start, BLOCK_BYTES - within)
            yield os.pread(self._disk.fileno(), length, self._places[block] * BLOCK_BYTES + within)
            start += length

    def _fill(self, block: int, check: CheckCancelled) -> None:
        """Fetch a block that is not there, and those behind it that its run needs next."""
        check()
        ahead = min(2 * self._runs.pop(block, 0) or 1, MOST_AHEAD, self._most)
        end = block + 1
        while end < block + ahead and end * BLOCK_BYTES < self.size and end not in self._places:
            end += 1
        first, last = block * BLOCK_BYTES, min(end * BLOCK_BYTES, self.size)
        data = self._fetch(first, last)
        if len(data) != last - first:
            raise StorageError(f"the store sent {len(data):,} of {last - first:,} bytes")
        for number in reversed(range(block, end)):  # the block that is wanted last: it is kept in any case
            begin = (number - block) * BLOCK_BYTES
            self._keep(number, data[begin : begin + BLOCK_BYTES])
        self._runs[end] = ahead
        if len(self._runs) > _MOST_RUNS:
            self._runs.popitem(last=False)

    def _keep(self, block: int, data: bytes) -> None:
        place = len(self._places)
        if place < self._most and (not place or self._has_room()):
            try:
                self._write(place, data)
            except OSError as problem:
                if problem.errno != errno.ENOSPC or not place:
                    raise _make_error(problem) from problem
                self._most = place  # others have taken the room
            else:
                self._places[block] = place
                return
        _, place = self._places.popitem(last=False)
        try:
            self._write(place, data)
        except OSError as problem:
            self._places.clear()  # the places in use are always the first ones, and this one is lost
            raise _make_error(problem) from problem
        self._places[block] = place

    def _has_room(self) -> bool:
        disk = os.fstatvfs(self._disk.fileno())
        return disk.f_bavail * disk.f_frsize > _FREE_BYTES

    def _write(self, place: int, data: bytes) -> None:
        """Write a block as a whole, so that its place has the room for any other."""
        whole = data.ljust(BLOCK_BYTES, b"\0")
        written = os.pwrite(self._disk.fileno(), whole, place * BLOCK_BYTES)
        if written < BLOCK_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _make_error(problem: OSError) -> StorageError:
    return StorageError(f"a block of a layer cannot be kept: {problem.strerror}")
