"""Deleting a job before its time: it is hidden at once, and what belongs to it is erased soon after.

The order is that of expiry: no link is given out any more, no answer names the job, its objects go, and its
row goes last. Whoever dies in between leaves a hidden job that the next turn finds.
"""

from __future__ import annotations

from collections import Counter

from gpserverless.errors import InvalidParameter, StorageError, UnknownJob
from gpserverless.jobs.keys import is_job_id, objects_prefix
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import ObjectEraser
from gpserverless.jobs.status import Status
from gpserverless.jobs.sweep import one_of_many


def delete(ledger: Ledger, job_id: str) -> None:
    """Hide a job that is over from everybody; one that is hidden already stays so.

    Raises:
        UnknownJob: There is no such job.
        InvalidParameter: The job is not over; nothing has changed.
        StorageError: The table cannot be reached.
    """
    if not is_job_id(job_id):
        raise InvalidParameter("delete", f"'{job_id[:40]}' is no job's id", "ids of jobs")
    moved = ledger.hide(job_id)
    if moved.job is None:
        raise UnknownJob(f"There is no job '{job_id}'.")
    if moved.job.status is not Status.DELETING:
        status = moved.job.status.shown.value
        raise InvalidParameter(
            "delete", f"the job {job_id} is {status}", "jobs that are over: cancel it first"
        )


def erase_deleted(ledger: Ledger, objects: ObjectEraser, until: int) -> Counter[str]:
    """Erase the objects and the row of every hidden job, and return how many met with what.

    Args:
        ledger: The book of jobs.
        objects: Where their inputs, results and files lie.
        until: When to stop, in milliseconds since 1970-01-01 UTC; the next turn goes on.
    """
    counts: Counter[str] = Counter()
    try:
        for job_id in ledger.table.due(ledger.rules.deleted_shard, ledger.clock.now()):
            if ledger.clock.now() >= until:
                break
            with one_of_many(counts, job_id):
                counts["erase"] += _erase(ledger, objects, job_id)
    except StorageError:  # the index does not answer
        counts["unreachable"] += 1
    return +counts


def _erase(ledger: Ledger, objects: ObjectEraser, job_id: str) -> bool:
    job = ledger.read(job_id)
    if job is None or job.status is not Status.DELETING:
        return False  # the index lags behind the row
    objects.erase(objects_prefix(job_id))
    return ledger.erase(job)
