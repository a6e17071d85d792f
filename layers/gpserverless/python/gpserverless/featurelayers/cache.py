"""Files of layers, open from one request to the next: whole on this machine's disk, or in the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import RequestError
from gpserverless.featurelayers.blocks import BLOCK_BYTES, Blocks
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.room import find_room, require_room

Download = Callable[[str, Path, CheckCancelled], None]
"""Takes the key of a file, a path and a check; writes the file there."""

ReadRange = Callable[[str, int, int], bytes]
"""Takes the key of a file, the first byte and the byte behind the last; returns the bytes between."""

MOST_OPEN = 20
"""Files that are open at a time; each has a connection, and remembers its last query."""

MOST_WHOLE_BYTES = 64_000_000
"""Bytes of the largest file that is fetched whole. That takes about a second; then no query waits again."""

_LEAST_BYTES = 16_000_000
"""Room on the disk without which the blocks of a larger file would be fetched again and again."""


class LayerCache:
    """Opens files of layers at their first use, and keeps those open that were used last.

    A file is fetched whole. Of a large one only those blocks are fetched that queries read, where the store
    sends ranges.

    A key names one version of a file for ever, so a file that is there is the right one. An open file has no
    name on the disk, so none is left there by a process that was killed.

    Args:
        folder: Where files and blocks are kept.
        download: Downloads a file.
        read_range: Reads a range of a file; None to download files of all sizes.
        most: Files that are open at a time.
    """

    def __init__(
        self,
        folder: Path,
        download: Download,
        read_range: ReadRange | None = None,
        most: int = MOST_OPEN,
    ) -> None:
        self._folder = folder
        self._download = download
        self._read_range = read_range
        self._most = most
        self._open: OrderedDict[str, LayerFile] = OrderedDict()

    def open(self, key: str, manifest: LayerManifest, deadline: Deadline) -> LayerFile:
        """Return a file, open for queries; it stays open.

        Args:
            key: Its key in the store.
            manifest: Its description.
            deadline: End of the time of the request.

        Raises:
            TooLarge: There is no room for it, even without the others.
            RequestError: The time is over.
            StorageError: The store cannot be reached, or the file is damaged.
            NotFound: It is gone.
        """
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._read_range is not None and manifest.size > MOST_WHOLE_BYTES:
            self._make_room(manifest, _LEAST_BYTES)
            self._open[key] = self._open_blocks(partial(self._read_range, key), manifest, deadline)
        else:
            self._make_room(manifest, manifest.size)
            self._open[key] = self._open_whole(key, manifest, deadline)
        return self._open[key]

    def close(self) -> None:
        """Close all files, and give their room on the disk back."""
        while self._open:
            _, file = self._open.popitem()
            file.close()

    def _open_whole(self, key: str, manifest: LayerManifest, deadline: Deadline) -> LayerFile:
        with TemporaryDirectory(dir=self._folder) as own:  # of this process, where others use the same disk
            path = Path(own, "layer.sqlite")
            try:
                self._download(key, path, deadline.check)
            except TimeoutError:
                raise RequestError(
                    f"The layer '{manifest.name}' has {manifest.size / 1e6:,.0f} MB, and there was no time "
                    "to fetch them. Ask again."
                ) from None
            return LayerFile(path)  # keeps the file, which has no name any more

    def _open_blocks(
        self, fetch: Callable[[int, int], bytes], manifest: LayerManifest, deadline: Deadline
    ) -> LayerFile:
        from gpserverless.featurelayers.remote_tables import RemoteTables  # not every function has apsw

        most = min(find_room(self._folder), manifest.size + BLOCK_BYTES) // BLOCK_BYTES
        return LayerFile(partial(RemoteTables, Blocks(manifest.size, fetch, self._folder, most)), deadline)

    def _make_room(self, manifest: LayerManifest, size: int) -> None:
        """Close the files that were not used for longest, until there is room for so many bytes."""
        while self._open and (len(self._open) >= self._most or find_room(self._folder) < size):
            _, oldest = self._open.popitem(last=False)
            oldest.close()  # which gives its bytes back
        if find_room(self._folder) < size:
            require_room(manifest, self._folder)
