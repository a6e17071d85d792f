"""The folder of a run on this machine's disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "run-of-"
_BLOCK = 512  # the unit of st_blocks (inode(7))


class RunFolder:
    """Gives every run an empty folder; the files of a run stay until the next one."""

    def __init__(self) -> None:
        self._path: Path | None = None

    def make_empty(self) -> Path:
        """Return an empty folder: the last run's if that is empty, or else a new one in its place."""
        if self._path is None or not self._path.is_dir() or any(self._path.iterdir()):
            self.remove()
            self._path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        return self._path

    def fills_disk(self) -> bool:
        """Return whether the files of the run are half of what the disk can hold, or more."""
        if self._path is None:
            return False
        found = (Path(top, name) for top, _, names in os.walk(self._path) for name in names)
        size = sum(map(_measure, found))
        return size >= shutil.disk_usage(self._path).total / 2

    def remove(self) -> None:
        """Remove the folder."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None


def _measure(path: Path) -> int:
    """Return the bytes of the disk that a file takes; none if it is gone."""
    try:
        return path.lstat().st_blocks * _BLOCK
    except OSError:
        return 0


def remove_stale_folders() -> None:
    """Remove the folders of processes that died: Lambda keeps the disk when it starts a function anew."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner == str(os.getpid()) or not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)
