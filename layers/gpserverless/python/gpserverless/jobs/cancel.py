"""Cancelling a job."""

from __future__ import annotations

from gpserverless.errors import InvalidParameter, StorageError, UnknownJob
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import new_fence
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status

_TRIES = 4


def cancel(ledger: Ledger, job: Job) -> Job:
    """Cancel a job that waits, or ask its worker to stop it, and return it as it then is.

    A job that is being cancelled already stays as it is. Unlike at ArcGIS, a submitted
    job can be cancelled too.

    Args:
        ledger: The book of jobs.
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
        moved = ledger.ask_to_stop(job.id) if executing else ledger.drop(job, caller)
        if moved.job is None or not moved.job.status.is_visible:
            raise UnknownJob(f"There is no job '{job.id}'.")
        if moved.applied:
            return moved.job
        job = moved.job
    raise StorageError(f"the job {job.id} changed {_TRIES} times while it was being cancelled")
