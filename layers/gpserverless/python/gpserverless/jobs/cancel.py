"""Cancelling a job."""

from __future__ import annotations

from gpserverless.errors import InvalidParameter, StorageError, UnknownJob
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import new_fence
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status

_TRIES = 4


def cancel(ledger: Ledger, job: Job) -> Job:
    """Cancel a waiting job, or ask the worker of a running one to stop it; return the changed job.

    Cancelling a job again does nothing. Unlike at ArcGIS, a submitted job can be cancelled too.

    Args:
        ledger: The ledger of jobs.
        job: The job as `find.get_job` returned it.

    Raises:
        InvalidParameter: The job has ended; nothing has changed.
        UnknownJob: The job is gone.
        StorageError: The table cannot be reached, or the job changes all the time.
    """
    caller = f"caller {new_fence()}"
    for _ in range(_TRIES):
        if job.status.is_final:
            raise InvalidParameter(
                "jobId", f"the job has ended with {job.status.value}", "a job that has not ended"
            )
        if job.status is Status.CANCELLING:
            return job
        executing = job.status is Status.EXECUTING
        result = ledger.ask_to_stop(job.id) if executing else ledger.drop(job, caller)
        if result.job is None or not result.job.status.is_visible:
            raise UnknownJob(f"There is no job '{job.id}'.")
        if result.applied:
            return result.job
        job = result.job
    raise StorageError(f"the job {job.id} changed {_TRIES} times while it was being cancelled")
