"""Handlers of jobs: status, cancel."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.access.audit import audit
from gpserverless.calls.async_tasks import AsyncTasks
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import Job
from gpserverless.jobs.job_usage import read_usage
from gpserverless.jobs.read import read_messages
from gpserverless.jobs.status import Status
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.options import read_flag
from gpserverless.protocols.gpserver.urls import job_url


@dataclass(frozen=True)
class JobHandlers:
    """Handlers of jobs.

    Attributes:
        tasks: The tasks and jobs.
        objects: The store of messages.
    """

    tasks: AsyncTasks
    objects: ObjectStore

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"job": self.get_job, "cancel": self.cancel_job}

    def get_job(self, request: Request, service: str, task: str, job: str) -> Response:
        """Return the status of a job, with its messages and the names of its results.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
        """
        spec = self.tasks.task(service, task)
        found = self.tasks.job(service, task, job, request.caller)
        with_messages = read_flag(request, "returnMessages", default=True)
        document = answers.job(
            found.id,
            found.status.public.value,
            answers.job_usage(found.created_at, found.started_at, found.ended_at, read_usage(found)),
            read_messages(self.objects, found) if with_messages else None,
            _progress(found),
            (found.results, [p.name for p in spec.inputs]) if found.status is Status.SUCCEEDED else None,
        )
        return write(document, request.answer_format)

    def cancel_job(self, request: Request, service: str, task: str, job: str) -> Response:
        """Cancel a job.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
        """
        self.tasks.task(service, task)
        found = cancel(self.tasks.ledger, self.tasks.job(service, task, job, request.caller))
        audit("cancel", request.caller.name, status=found.status.value)
        if request.is_page:
            return see_other(job_url(request.root, service, task, found.id))
        document = answers.submission(found.id, found.status.public.value)
        return write(document, request.answer_format)


def _progress(job: Job) -> tuple[str, int | None] | None:
    if job.status is not Status.EXECUTING or job.progress is None:
        return None
    return job.progress.text, job.progress.percent
