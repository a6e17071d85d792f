"""Handlers of files: those of outputs, and the JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.caller import Caller
from gpserverless.calls.admission import Need, check_access
from gpserverless.calls.execute_ids import owns_execute
from gpserverless.calls.file_urls import JobFile, job_folder, no_file, parse_file_path, picture_key
from gpserverless.http.answer_format import Format
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.jobs.find import find_file, get_job_of_any_task
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.read import link_to_job_file
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.store import FILE_TYPE, Link, link_to_file
from gpserverless.protocols.gpserver.schema import json_schema
from gpserverless.toolkit.catalogue import Catalogue

PICTURE_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "tif": "image/tiff",
}
"""Media types of pictures by the ending of their names."""


@dataclass(frozen=True)
class FileHandlers:
    """Handlers of files.

    Attributes:
        catalogue: The published services.
        ledger: The ledger of jobs.
        objects: The store of files.
    """

    catalogue: Catalogue
    ledger: Ledger
    objects: ObjectStore

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"file": self.get_file, "picture": self.get_picture, "schema": self.get_schema}

    def get_file(self, request: Request, path: str) -> Response:
        """Redirect to a file of a job or of an execute.

        Args:
            request: The request.
            path: The path behind "directories/".

        Raises:
            NotFound: There is no such file for this caller.
            AccessError: The caller may not see the task of the job.
        """
        file = parse_file_path(path)
        if isinstance(file, JobFile):
            return see_other(self._link_to_job_file(file, request.caller).url)
        if not owns_execute(request.caller, file.execute_id):
            raise no_file()
        return see_other(link_to_file(self.objects, file.key, file.name, LINK_SECONDS).url)

    def _link_to_job_file(self, file: JobFile, caller: Caller) -> Link:
        job = get_job_of_any_task(self.ledger, file.job, caller)
        if file.folder != job_folder(job.service):
            raise no_file()
        check_access(self.catalogue, caller, Need.SEE, job.service, job.task)
        return link_to_job_file(self.ledger, self.objects, job, find_file(job, file.name), file.name)

    def get_picture(self, request: Request, picture: str) -> Response:
        """Redirect to a picture of a map, with any query.

        Args:
            request: The request.
            picture: Its file name.
        """
        content_type = PICTURE_TYPES.get(picture.rpartition(".")[2], FILE_TYPE)
        return see_other(self.objects.presign_url(picture_key(picture), LINK_SECONDS, content_type, picture))

    def get_schema(self, request: Request) -> Response:
        """Return the JSON Schema of all answers, JSON in every format.

        Args:
            request: The request.
        """
        return write(json_schema(), Format())
