"""Submitting a call as a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.access.audit import audit
from gpserverless.caller import Caller
from gpserverless.calls.async_tasks import AsyncTasks
from gpserverless.calls.file_urls import job_files_url
from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidParameter
from gpserverless.items.ports import ItemTable
from gpserverless.items.request import read_request
from gpserverless.items.target import choose_target
from gpserverless.jobs.idempotency import IdempotentSubmit
from gpserverless.jobs.job import Job, NewJob, Origin
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.spec import TaskSpec
from gpserverless.toolkit.values import check_values

MakeSubmit = Callable[[str], IdempotentSubmit]
"""Makes the submit of one request; takes the name of the worker."""

MakeReferenceCheck = Callable[[str, Caller], Callable[[Reference], None]]
"""Makes the function that raises if a reference may not be followed; takes the public URL of the site, and
the caller."""


@dataclass(frozen=True)
class JobSubmit:
    """Submits calls as jobs.

    Attributes:
        catalogue: The published services.
        ledger: The ledger of jobs.
        make_submit: Makes the submit of one request.
        make_reference_check: Makes the check of the references of its inputs.
        items: The table of hosted services.
    """

    catalogue: Catalogue
    ledger: Ledger
    make_submit: MakeSubmit
    make_reference_check: MakeReferenceCheck
    items: ItemTable

    @property
    def tasks(self) -> AsyncTasks:
        """The tasks that run as jobs."""
        return AsyncTasks(self.catalogue, self.ledger)

    def find_problem(self, task: TaskSpec, call: Call, root: str) -> InvalidParameter | None:
        """Return the first value of a call that is wrong, or None.

        Args:
            task: The task.
            call: The call.
            root: Public URL of the site.

        Raises:
            RequestError: A value is over a limit.
            StorageError: The table of hosted services cannot be reached.
        """
        try:
            limits = self.catalogue.service(call.service).limits
            check_values(task, call, limits, self.make_reference_check(root, call.caller))
            if request := read_request(call.values.get(SERVICE_NAME, ""), root):
                choose_target(self.items, request, call.caller, self.ledger.clock.now())
        except InvalidParameter as problem:
            return problem
        return None

    def submit(self, call: Call, root: str, key: str, until: int, problem: str = "") -> Job:
        """Submit a call; a job with a problem fails at once.

        Args:
            call: The call, without the URL of its files.
            root: Public URL of the site.
            key: Key of the caller, of which a second submit gets the job of the first; "" for none.
            until: Time after which the submit is taken back, in milliseconds since 1970-01-01 UTC.
            problem: The mistake in the call, "" for none.

        Raises:
            StorageError: The job was not queued, and will never succeed.
        """
        job_id = new_job_id()
        call = call.with_files_url(job_files_url(root, call.service, job_id))
        worker = self.catalogue.service(call.service).worker
        new = NewJob(job_id, call, worker, Origin(call.caller.name, root), problem)
        job = self.make_submit(worker).submit(new, key, until)
        audit("submitJob", call.caller.name, job=job.id, status=job.status.value, bytes_in=call.size)
        return job
