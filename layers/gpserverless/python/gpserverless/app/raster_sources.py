"""The rasters that jobs made."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

import orjson

from gpserverless.app.raster_files import RasterFiles
from gpserverless.caller import Caller
from gpserverless.calls.admission import Need, check_access
from gpserverless.errors import UnknownJob
from gpserverless.jobs.find import find_file, find_result, get_job_of_any_task
from gpserverless.jobs.job import Job, StoredFile
from gpserverless.jobs.ledger import Ledger
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.result_pictures import RASTERS
from gpserverless.protocols.imageserver.ports import Image
from gpserverless.toolkit.catalogue import Catalogue


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
        opened = self.files.get(file)
        return Image(title, opened, description, found.expires_at, name, stored.data_type)

    def _find_file(self, job: Job, name: str, key: str) -> StoredFile:
        value = orjson.loads(self.objects.get(key)).get("value")
        url = value.get("url", "") if isinstance(value, dict) else ""
        if not url:
            raise UnknownJob(f"The job made no raster '{name}'.")
        return find_file(job, unquote(url.rpartition("/")[2]))
