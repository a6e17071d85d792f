"""Handlers of files: those of outputs, and the JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass

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
from gpserverless.outputs.store import Link, link_to_file
from gpserverless.protocols.gpserver.schema import json_schema
from gpserverless.protocols.gpserver.urls import JobFile, job_folder, no_file, parse_file_path


@dataclass(frozen=True)
class FileHandlers:
    """Handlers of files.

    Attributes:
        ledger: The ledger of jobs.
        objects: The store of files.
    """

    ledger: Ledger
    objects: ObjectStore

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"file": self.get_file, "schema": self.get_schema}

    def get_file(self, request: Request, path: str) -> Response:
        """Redirect to a file of a job or of an execute.

        Args:
            request: The request.
            path: The path behind "directories/".

        Raises:
            NotFound: There is no such file.
        """
        file = parse_file_path(path)
        if isinstance(file, JobFile):
            return see_other(self._link_to_job_file(file).url)
        return see_other(link_to_file(self.objects, file.key, file.name, LINK_SECONDS).url)

    def _link_to_job_file(self, file: JobFile) -> Link:
        job = get_job_of_any_task(self.ledger, file.job)
        if file.folder != job_folder(job.service):
            raise no_file()
        return link_to_job_file(self.ledger, self.objects, job, find_file(job, file.name), file.name)

    def get_schema(self, request: Request) -> Response:
        """Return the JSON Schema of all answers, JSON in every format.

        Args:
            request: The request.
        """
        return write(json_schema(), Format())
