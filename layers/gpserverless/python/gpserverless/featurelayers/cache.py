"""Files of layers on this machine's disk, open from one request to the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import RequestError, TooLarge
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.room import require_room

Download = Callable[[str, Path, CheckCancelled], None]
"""Takes the key of a file, a path and a check; writes the file there."""

MOST_OPEN = 20
"""Files that are open at a time; each has a connection and what it remembers of its last query."""


class LayerCache:
    """Downloads files of layers at their first use, and keeps those that were used last.

    A key names one version of a file for ever, so a file that is there is the right one. An open file has no
    name on the disk, so none is left there by a process that was killed.

    Args:
        folder: Where the files are kept.
        download: Downloads a file.
        most: Files that are open at a time.
    """

    def __init__(self, folder: Path, download: Download, most: int = MOST_OPEN) -> None:
        self._folder = folder
        self._download = download
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
        self._make_room(manifest)
        self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._folder) as own:  # of this process, where others use the same disk
            path = Path(own, "layer.sqlite")
            try:
                self._download(key, path, deadline.check)
            except TimeoutError:
                raise RequestError(
                    f"The layer '{manifest.name}' has {manifest.size / 1e6:,.0f} MB, and there was no time "
                    "to fetch them. Ask again."
                ) from None
            self._open[key] = LayerFile(path)  # keeps the file, which has no name any more
        return self._open[key]

    def _make_room(self, manifest: LayerManifest) -> None:
        """Remove the files that were not used for longest, until there is room for another one."""
        while self._open and (len(self._open) >= self._most or not self._has_room(manifest)):
            _, oldest = self._open.popitem(last=False)
            oldest.close()  # which gives its bytes back
        require_room(manifest, self._find_disk())

    def _has_room(self, manifest: LayerManifest) -> bool:
        try:
            require_room(manifest, self._find_disk())
        except TooLarge:
            return False
        return True

    def _find_disk(self) -> Path:
        return self._folder if self._folder.exists() else self._folder.parent
