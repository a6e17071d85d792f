"""Finding a job, its results and its files, for callers who may see them."""

from __future__ import annotations

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import UnknownJob
from gpserverless.jobs.job import Job, StoredFile, StoredResult
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status

_WAITS = "The job waits for a worker; it has results when it is esriJobSucceeded."
_NO_RESULTS = {
    Status.SUBMITTED: _WAITS,
    Status.WAITING: _WAITS,
    Status.EXECUTING: "The job still runs; it has results when it is esriJobSucceeded.",
    Status.CANCELLING: "The job is being cancelled, so it will have no results.",
    Status.CANCELLED: "The job was cancelled, so it has no results.",
    Status.TIMED_OUT: "The job timed out, so it has no results; its messages say more.",
    Status.FAILED: "The job failed, so it has no results; its messages say why.",
}


def get_job(ledger: Ledger, job_id: str, service: str, task: str, caller: Caller = ANYBODY) -> Job:
    """Return a job of a task, if the caller may see it.

    The same error hides a job that does not exist, belongs to another task or to somebody else.

    Args:
        ledger: The ledger of jobs.
        job_id: Id of the job.
        service: Qualified name of the service.
        task: Name of the task.
        caller: The caller.

    Raises:
        UnknownJob: There is no such job for this caller.
    """
    job = get_job_of_any_task(ledger, job_id, caller)
    if (job.service, job.task) != (service, task):
        raise _no_job(job_id)
    return job


def get_job_of_any_task(ledger: Ledger, job_id: str, caller: Caller = ANYBODY) -> Job:
    """Return a job of any task, if the caller may see it.

    Args:
        ledger: The ledger of jobs.
        job_id: Id of the job.
        caller: The caller.

    Raises:
        UnknownJob: There is no such job for this caller, or it has expired.
    """
    job = ledger.read(job_id)
    if job is None or not job.status.is_visible or not caller.owns(job.owner):
        raise _no_job(job_id)
    if not is_shown(job, ledger.clock.now()):
        raise UnknownJob(f"Job '{job_id}' has expired: its data is no longer available.")
    return job


def is_shown(job: Job, now: int) -> bool:
    """Return whether a job is shown to those who may see it: it is neither New, nor deleted, nor expired.

    Args:
        job: The job.
        now: Milliseconds since 1970-01-01 UTC.
    """
    return job.status.is_visible and (job.expires_at is None or job.expires_at > now)


def find_result(job: Job, parameter: str) -> tuple[str, StoredResult]:
    """Return the declared name of an output and where it is stored; `parameter` may have any case.

    Args:
        job: The job.
        parameter: Name of the output, in any letter case.

    Raises:
        UnknownJob: The job has not succeeded, or has no such output.
    """
    check_succeeded(job)
    for name, stored in job.results.items():
        if name.lower() == parameter.lower():
            return name, stored
    raise UnknownJob(f"The job has no result '{parameter}'.")


def find_file(job: Job, name: str) -> StoredFile:
    """Return where a file of a job is stored.

    Args:
        job: The job.
        name: Name of the file.

    Raises:
        UnknownJob: The job has not succeeded, or has no such file.
    """
    check_succeeded(job)
    if name in job.files:
        return job.files[name]
    raise UnknownJob(f"The job has no file '{name}'.")


def check_succeeded(job: Job) -> None:
    """Raise unless a job has results to read.

    Args:
        job: The job.

    Raises:
        UnknownJob: It has not succeeded; the error tells its status.
    """
    if job.status is not Status.SUCCEEDED:
        raise UnknownJob(_NO_RESULTS.get(job.status, "The job has no results."))


def _no_job(job_id: str) -> UnknownJob:
    return UnknownJob(f"There is no job '{job_id[:40]}'.")
