"""The handler of `submitJob`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.datatypes.references import Reference
from gpserverless.jobs.idempotency import FIELD, IdempotentSubmit
from gpserverless.jobs.job import NewJob, Origin
from gpserverless.jobs.keys import new_job_id
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.async_tasks import AsyncTasks
from gpserverless.protocols.gpserver.call import read_call
from gpserverless.protocols.gpserver.request import Request
from gpserverless.protocols.gpserver.response import Response, see_other
from gpserverless.protocols.gpserver.urls import job_files_url, job_url
from gpserverless.protocols.gpserver.write import write
from gpserverless.toolkit.values import check_values

MakeSubmit = Callable[[str], IdempotentSubmit]
"""Makes the submit of one request; takes the name of the worker."""

MakeReferenceCheck = Callable[[str], Callable[[Reference], None]]
"""Makes the function that raises if a reference may not be followed; takes the public URL of the site."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SubmitHandler:
    """Handler of `submitJob`.

    Attributes:
        tasks: The tasks.
        make_submit: Makes the submit of one request.
        make_reference_check: Makes the check of the references of its inputs.
    """

    tasks: AsyncTasks
    make_submit: MakeSubmit
    make_reference_check: MakeReferenceCheck

    def submit(self, request: Request, service: str, task: str, until: int) -> Response:
        """Submit a job.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            until: Time after which the submit is taken back, in milliseconds since 1970-01-01 UTC.

        Raises:
            RequestError: The service runs no jobs, or the call is wrong.
            StorageError: The job was not queued, and will never succeed.
        """
        spec = self.tasks.task(service, task)
        job_id = new_job_id()
        call = read_call(request, service, spec).with_files_url(job_files_url(request.root, service, job_id))
        service_spec = self.tasks.catalogue.service(service)
        check_values(spec, call, service_spec.limits, self.make_reference_check(request.root))
        key = request.get(FIELD) or request.headers.get("idempotency-key", "")
        new = NewJob(job_id, call, service_spec.worker, Origin(root=request.root))
        job = self.make_submit(service_spec.worker).submit(new, key, until)
        logger.info("job submitted", extra={"job": job.id})
        if request.answer_format.name == "html":
            return see_other(job_url(request.root, service, task, job.id))
        return write(answers.submission(job.id, job.status.public.value), request.answer_format)
