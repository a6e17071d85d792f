"""The handler of `submitJob`."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.calls.submit import JobSubmit
from gpserverless.errors import InvalidParameter
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.jobs.idempotency import FIELD
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.call import read_call, read_refused_call
from gpserverless.protocols.gpserver.options import CONTEXT
from gpserverless.protocols.gpserver.urls import job_url
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.spec import TaskSpec


@dataclass(frozen=True)
class SubmitHandler:
    """Handler of `submitJob`.

    Attributes:
        job_submit: Submits calls as jobs.
    """

    job_submit: JobSubmit

    def submit(self, request: Request, service: str, task: str, until: int) -> Response:
        """Submit a job; one with a wrong value fails at once.

        An answer without the id of a job is beyond most clients: their users would not see the mistake.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            until: Time after which the submit is taken back, in milliseconds since 1970-01-01 UTC.

        Raises:
            RequestError: The service runs no jobs, or the request or its context cannot be read.
            StorageError: The job was not queued, and will never succeed.
        """
        spec = self.job_submit.tasks.task(service, task)
        call, problem = self._read_call(request, service, spec)
        if problem and request.is_page:
            raise problem  # a person sees it beside its field, and sends the form again
        key = request.get(FIELD) or request.headers.get("idempotency-key", "")
        job = self.job_submit.submit(call, request.root, key, until, str(problem or ""))
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
                raise  # a program writes it, and no person waits for a job that tells the mistake
            return read_refused_call(request, service, task), problem
        return call, self.job_submit.find_problem(task, call, request.root)
