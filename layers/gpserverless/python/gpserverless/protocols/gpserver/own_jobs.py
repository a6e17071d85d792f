"""The handler of the list of the caller's own jobs."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.recent import list_recent, parse_place
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.urls import job_url
from gpserverless.toolkit.catalogue import Catalogue

START = "start"
"""Field with the place where a page begins: the `nextStart` of the page before."""


@dataclass(frozen=True)
class OwnJobs:
    """Handler of the list of the caller's own jobs.

    Attributes:
        catalogue: The published services.
        ledger: The ledger of jobs.
    """

    catalogue: Catalogue
    ledger: Ledger

    @property
    def routes(self) -> Handlers:
        """The handler by the key of its route."""
        return {"jobs": self.list_jobs}

    def list_jobs(self, request: Request) -> Response:
        """Return a page of the jobs that the caller has submitted; those of other callers are never in it.

        A job of a task that the caller may not see any more is left out: its URL would lead to an error.

        Args:
            request: The request, of a caller with a name.

        Raises:
            InvalidParameter: `start` is no place in the list.
            StorageError: The table cannot be reached.
        """
        start = request.get(START)
        after = parse_place(start, START) if start else None
        page = list_recent(self.ledger, request.caller.name, after)
        visible = self.catalogue.for_caller(request.caller)
        listed = [
            answers.listed_job(job, job_url(request.root, job.service, job.task, job.id))
            for job in page.jobs
            if _has_task(visible, job)
        ]
        return write(answers.job_list(listed, page.last), request.answer_format)


def _has_task(catalogue: Catalogue, job: Job) -> bool:
    service = catalogue.services.get(job.service)
    return service is not None and service.task(job.task) is not None
