"""The tasks and jobs that a path names."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.caller import Caller
from gpserverless.errors import RequestError
from gpserverless.jobs.find import get_job
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import TaskSpec


@dataclass(frozen=True)
class AsyncTasks:
    """The tasks that run as jobs, and their jobs.

    Attributes:
        catalogue: The published services.
        ledger: The ledger of jobs.
    """

    catalogue: Catalogue
    ledger: Ledger

    def task(self, service: str, task: str) -> TaskSpec:
        """Return a task that runs as a job.

        Args:
            service: Qualified name of the service.
            task: Name of the task.

        Raises:
            NotFound: There is no such task.
            RequestError: It is executed at once.
        """
        spec = self.catalogue.task(service, task)
        if self.catalogue.service(service).execution != "async":
            raise RequestError(
                f"The tasks of '{service}' are executed at once: use execute instead of submitJob."
            )
        return spec

    def job(self, service: str, task: str, job: str, caller: Caller) -> Job:
        """Return a job of a task.

        Args:
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
            caller: The caller.

        Raises:
            UnknownJob: There is no such job for this caller.
        """
        return get_job(self.ledger, job, service, task, caller)
