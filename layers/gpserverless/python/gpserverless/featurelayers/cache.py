"""Files of layers on this machine's disk, open from one request to the next."""

from __future__ import annotations

import os
import shutil
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

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

    A key names one version of a file for ever, so a file that is there is the right one. Each process has a
    folder of its own: another could remove a file between its download and its opening.

    Args:
        folder: Where the files are kept.
        download: Downloads a file.
    """

    def __init__(self, folder: Path, download: Download) -> None:
        self._shared = folder
        self._download = download
        self._open: OrderedDict[str, LayerFile] = OrderedDict()
        self._is_clear = False

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
        self._prepare_folder()
        self._make_room(manifest)
        path = self._folder / f"{sha256(key.encode()).hexdigest()}.sqlite"
        try:
            self._download(key, path, deadline.check)
            self._open[key] = LayerFile(path)
        except TimeoutError:
            raise RequestError(
                f"The layer '{manifest.name}' has {manifest.size / 1e6:,.0f} MB, and there was no time to "
                "fetch them. Ask again."
            ) from None
        finally:
            if key not in self._open:
                path.unlink(missing_ok=True)
        return self._open[key]

    @property
    def _folder(self) -> Path:
        return self._shared / str(os.getpid())

    def _prepare_folder(self) -> None:
        """Make the folder of this process; remove those of processes that died, which take up the disk."""
        if not self._is_clear:
            self._shared.mkdir(parents=True, exist_ok=True)
            for left in self._shared.iterdir():
                if left == self._folder or not _is_alive(left.name):
                    shutil.rmtree(left, ignore_errors=True)
            self._is_clear = True
        self._folder.mkdir(exist_ok=True)

    def _make_room(self, manifest: LayerManifest) -> None:
        """Remove the files that were not used for longest, until there is room for another one."""
        while self._open and (len(self._open) >= MOST_OPEN or not self._has_room(manifest)):
            _, oldest = self._open.popitem(last=False)
            oldest.close()
            oldest.path.unlink(missing_ok=True)
        require_room(manifest, self._folder)

    def _has_room(self, manifest: LayerManifest) -> bool:
        try:
            require_room(manifest, self._folder)
        except TooLarge:
            return False
        return True


def _is_alive(process: str) -> bool:
    """Return whether the process that a folder is named after runs."""
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it runs for another user
        return True
    return True
