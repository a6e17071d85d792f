"""SubmitJob: runs a tool as a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.calls.submit import JobSubmit
from gpserverless.protocols.soap.operation import Answer, SoapRequest
from gpserverless.protocols.soap.operations.call import read_call
from gpserverless.protocols.soap.operations.keep_file import FindKeepFile


@dataclass(frozen=True)
class SubmitOperation:
    """Handler of SubmitJob.

    Attributes:
        open_job_submit: Opens what submits calls as jobs.
        find_keep_file: Finds how a service keeps files that values hold themselves.
    """

    open_job_submit: Callable[[], JobSubmit]
    find_keep_file: FindKeepFile

    def submit(self, request: SoapRequest, until: int) -> Answer:
        """Submit a job, and return its id. A call with a wrong value is refused: people see the fault's text.

        Args:
            request: The request.
            until: Time after which the submit is taken back, in milliseconds since 1970-01-01 UTC.

        Raises:
            RequestError: The service runs no jobs, or the call is wrong.
            StorageError: The job was not queued, and will never succeed.
        """
        job_submit = self.open_job_submit()
        task = job_submit.tasks.task(request.service, request.require("ToolName"))
        call, _ = read_call(request, task, self.find_keep_file(request.service, request.caller))
        problem = job_submit.find_problem(task, call, request.root)
        if problem is not None:
            raise problem
        return {"Result": job_submit.submit(call, request.root, "", until).id}
