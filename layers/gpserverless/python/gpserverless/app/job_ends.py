"""The ends of jobs: counted and logged, and settled where callers have quotas."""

from __future__ import annotations

from collections.abc import Callable

from gpserverless.access.quotas import Use
from gpserverless.app.job_metrics import count_output_bytes, record_job_end
from gpserverless.app.quotas import OpenUseRows, settle_use, use_rows_of
from gpserverless.jobs.job import Job


def make_end_recorder(table: str) -> Callable[[Job], None]:
    """Return the function that counts and logs the ends of jobs.

    Args:
        table: Name of the table of jobs.
    """
    open_rows = use_rows_of(table)

    def record_end(job: Job) -> None:
        record_job_end(job)
        settle_job(open_rows, job)

    return record_end


def settle_job(open_rows: OpenUseRows, job: Job) -> None:
    """Count the use of a job that has ended, if somebody pays for it.

    Args:
        open_rows: Opens the use of callers.
        job: The job, in a final status.
    """
    if job.rev == 1:  # its call was wrong, so it has not been open
        return
    milliseconds = job.usage.run_ms if job.usage else 0
    use = Use(milliseconds=milliseconds, bytes=count_output_bytes(job), ended=job.id)
    settle_use(open_rows, job.payer, job.created_at, use)
