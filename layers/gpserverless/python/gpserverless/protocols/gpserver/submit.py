"""The handler of `submitJob`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.access.audit import audit
from gpserverless.caller import Caller
from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidParameter
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.jobs.idempotency import FIELD, IdempotentSubmit
from gpserverless.jobs.job import NewJob, Origin
from gpserverless.jobs.keys import new_job_id
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.async_tasks import AsyncTasks
from gpserverless.protocols.gpserver.call import read_call, read_refused_call
from gpserverless.protocols.gpserver.options import CONTEXT
from gpserverless.protocols.gpserver.urls import job_files_url, job_url
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.spec import TaskSpec
from gpserverless.toolkit.values import check_values

MakeSubmit = Callable[[str], IdempotentSubmit]
"""Makes the submit of one request; takes the name of the worker."""

MakeReferenceCheck = Callable[[str, Caller], Callable[[Reference], None]]
"""Makes the function that raises if a reference may not be followed; takes the public URL of the site, and
the caller."""


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
        """Submit a job; one with a wrong value fails at once.

        An answer without the id of a job is beyond most clients: their users would not see what was wrong.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            until: Time after which the submit is taken back, in milliseconds since 1970-01-01 UTC.

        Raises:
            RequestError: The service runs no jobs, or the request or its context cannot be read.
            StorageError: The job was not queued, and will never succeed.
        """
        spec = self.tasks.task(service, task)
        job_id = new_job_id()
        call, problem = self._read_call(request, service, spec)
        if problem and request.is_page:
            raise problem  # a person sees it beside its field, and sends the form again
        call = call.with_files_url(job_files_url(request.root, service, job_id))
        key = request.get(FIELD) or request.headers.get("idempotency-key", "")
        worker = self.tasks.catalogue.service(service).worker
        new = NewJob(job_id, call, worker, Origin(request.caller.name, request.root), str(problem or ""))
        job = self.make_submit(worker).submit(new, key, until)
        audit("submitJob", request.caller.name, job=job.id, status=job.status.value, bytes_in=call.size)
        if request.is_page:
            return see_other(job_url(request.root, service, task, job.id))
        return write(answers.submission(job.id, job.status.public.value), request.answer_format)

    def _read_call(
        self, request: Request, service: str, task: TaskSpec
    ) -> tuple[Call, InvalidParameter | None]:
        """Return the call of a request, and the first value that is wrong, or None."""
        try:
            call = read_call(request, service, task)
        except InvalidParameter as problem:
            if problem.parameter == CONTEXT:
                raise  # a program writes it, and no person waits for a job that says what is wrong
            return read_refused_call(request, service, task), problem
        try:
            limits = self.tasks.catalogue.service(service).limits
            check = self.make_reference_check(request.root, request.caller)
            check_values(task, call, limits, check)
        except InvalidParameter as problem:
            return call, problem
        return call, None
