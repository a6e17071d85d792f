"""The rasters that jobs made, as files on this machine's disk."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import orjson

from gpserverless.caller import Caller
from gpserverless.calls.admission import Need, check_access
from gpserverless.errors import TooLarge, UnknownJob
from gpserverless.jobs.find import find_file, find_result, get_job_of_any_task
from gpserverless.jobs.job import Job, StoredFile
from gpserverless.jobs.ledger import Ledger
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.result_pictures import RASTERS
from gpserverless.protocols.imageserver.ports import Image
from gpserverless.toolkit.catalogue import Catalogue

Download = Callable[[str, Path], None]
"""Takes the key of a file and a path; writes the file there."""

_FREE_SHARE = 0.8
_MOST_FILES = 20


class RasterFiles:
    """Downloads rasters at their first use, and keeps those that were used last.

    A key names one file for ever, so a file that is there is the right one.

    Args:
        folder: Where the files are kept.
        download: Downloads a file.
    """

    def __init__(self, folder: Path, download: Download) -> None:
        self._folder = folder
        self._download = download
        self._kept: OrderedDict[str, Path] = OrderedDict()

    def get(self, stored: StoredFile) -> Path:
        """Return the path of a file.

        Args:
            stored: The file.

        Raises:
            TooLarge: There is no room for it, even without the others.
            StorageError: The store cannot be reached.
            NotFound: It is gone.
        """
        if stored.key in self._kept:
            self._kept.move_to_end(stored.key)
            return self._kept[stored.key]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._make_room(stored.size)
        path = self._folder / sha256(stored.key.encode()).hexdigest()
        unfinished = path.with_suffix(".part")
        try:
            self._download(stored.key, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self._kept[stored.key] = path
        return path

    def _make_room(self, size: int) -> None:
        while self._kept and (len(self._kept) >= _MOST_FILES or size > self._find_room()):
            _, oldest = self._kept.popitem(last=False)
            oldest.unlink(missing_ok=True)
        if size > (room := self._find_room()):
            raise TooLarge(
                f"The raster has {size / 1e6:,.0f} MB, and there is room for {room / 1e6:,.0f} MB. "
                "Download it."
            )

    def _find_room(self) -> int:
        return int(shutil.disk_usage(self._folder).free * _FREE_SHARE)


@dataclass(frozen=True)
class JobImages:
    """The rasters of jobs; see `imageserver.ports.ImageSource`.

    Attributes:
        catalogue: The published services.
        ledger: The ledger of jobs.
        objects: The store of results.
        files: The files of the rasters.
    """

    catalogue: Catalogue
    ledger: Ledger
    objects: ObjectStore
    files: RasterFiles

    def find_image(self, service: str, job: str, parameter: str, caller: Caller, task: str = "") -> Image:
        """Return a raster that a job made; see `ImageSource`."""
        found = get_job_of_any_task(self.ledger, job, caller)
        if found.service != service or task not in ("", found.task):
            raise UnknownJob(f"There is no job '{job}'.")
        check_access(self.catalogue, caller, Need.SEE, service, found.task)
        name, stored = find_result(found, parameter)
        if stored.data_type not in RASTERS:
            raise UnknownJob(f"The result '{name}' is no raster.")
        file = self._find_file(found, name, stored.key)
        spec = self.catalogue.for_caller(caller).task(service, found.task).parameter(name, "output")
        title, description = (spec.title, spec.description) if spec else (name, "")
        path = self.files.get(file)
        return Image(title, path, description, found.expires_at, name, stored.data_type)

    def _find_file(self, job: Job, name: str, key: str) -> StoredFile:
        value = orjson.loads(self.objects.get(key)).get("value")
        url = value.get("url", "") if isinstance(value, dict) else ""
        if not url:
            raise UnknownJob(f"The job made no raster '{name}'.")
        return find_file(job, unquote(url.rpartition("/")[2]))
