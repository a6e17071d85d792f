"""The files of rasters: small ones on this machine's disk, large ones where they are."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import InvalidValue, TooLarge
from gpserverless.formats.ranges import PageCache, RangedFile
from gpserverless.formats.raster_views import has_small_overview
from gpserverless.formats.rasters import open_raster
from gpserverless.jobs.job import StoredFile

Download = Callable[[str, Path, CheckCancelled], None]
"""Takes the key of a file, a path and a check; writes the file there."""

FetchPart = Callable[[str, int, int], bytes]
"""Takes the key of a file, the place of the first byte and a number of bytes; returns them."""

RANGED_BYTES = 16_000_000
"""Bytes of a file from which on parts of it are read where it is: a smaller one is here as soon."""

_FREE_SHARE = 0.8
_MOST_FILES = 20


class RasterFiles:
    """Finds the files of rasters, and keeps those that were used last.

    A large file with overviews stays where it is, and those parts are fetched that a picture shows. Any other
    is downloaded at its first use. A key names one file for ever, so a file that is there is the right one.

    Args:
        folder: Where the files are kept.
        download: Downloads a file.
        fetch: Fetches a part of a file.
        check: Called before a request to the store, and while a file comes; it raises when the time is over.
    """

    def __init__(self, folder: Path, download: Download, fetch: FetchPart, check: CheckCancelled) -> None:
        self._folder, self._check = folder, check
        self._download, self._fetch = download, fetch
        self._kept: OrderedDict[str, Path | RangedFile] = OrderedDict()
        self._pages = PageCache()

    def get(self, stored: StoredFile) -> Path | RangedFile:
        """Return a file.

        Args:
            stored: The file.

        Raises:
            RequestError: The time is over.
            TooLarge: It has to be downloaded, and there is no room for it, even without the others.
            StorageError: The store cannot be reached.
            NotFound: It is gone.
        """
        if stored.key in self._kept:
            self._kept.move_to_end(stored.key)
            return self._kept[stored.key]
        ranged = self._find_ranged(stored)
        found = self._save(stored) if ranged is None else ranged
        self._kept[stored.key] = found
        while len(self._kept) > _MOST_FILES:
            self._drop_oldest()
        return found

    def _find_ranged(self, stored: StoredFile) -> RangedFile | None:
        """Return a file of which parts are read; None if all of it would be read for a picture."""
        if stored.size < RANGED_BYTES:
            return None
        name = sha256(stored.key.encode()).hexdigest()
        file = RangedFile(name, stored.size, partial(self._fetch_in_time, stored.key), self._pages)
        try:
            with open_raster(file) as dataset:
                return file if has_small_overview(dataset) else None
        except InvalidValue:  # it is of another format, or damaged, which is told when it is opened here
            return None

    def _fetch_in_time(self, key: str, start: int, length: int) -> bytes:
        self._check()
        return self._fetch(key, start, length)

    def _save(self, stored: StoredFile) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._make_room(stored.size)
        path = self._folder / sha256(stored.key.encode()).hexdigest()
        unfinished = path.with_suffix(".part")
        try:
            self._download(stored.key, unfinished, self._check)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return path

    def _make_room(self, size: int) -> None:
        while self._kept and size > self._find_room():
            self._drop_oldest()
        if size > (room := self._find_room()):
            raise TooLarge(
                f"The raster has {size / 1e6:,.0f} MB, and there is room for {room / 1e6:,.0f} MB. "
                "Download it."
            )

    def _find_room(self) -> int:
        return int(shutil.disk_usage(self._folder).free * _FREE_SHARE)

    def _drop_oldest(self) -> None:
        _, oldest = self._kept.popitem(last=False)
        if isinstance(oldest, Path):
            oldest.unlink(missing_ok=True)
