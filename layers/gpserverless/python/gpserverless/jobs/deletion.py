"""Deleting a job before its time: it is hidden at once, and what belongs to it is erased soon after.

The order is that of expiry: no link is given out any more, no answer names the job, its objects go, and its
row goes last. Whoever dies in between leaves a hidden job that the next turn finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gpserverless.errors import InvalidParameter, UnknownJob
from gpserverless.jobs import transitions as t
from gpserverless.jobs.keys import DELETED_SHARD, is_job_id, objects_prefix
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


def to_erase(ledger: Ledger) -> list[str]:
    """Return the ids of hidden jobs, longest hidden first.

    Raises:
        StorageError: The table cannot be reached.
    """
    return list(ledger.table.due(DELETED_SHARD, ledger.clock.now()))


def erase(ledger: Ledger, objects: ObjectEraser, job_ids: Iterable[str], until: int) -> Counter[str]:
    """Erase the objects and the rows of hidden jobs, and return how many met with what.

    Args:
        ledger: The book of jobs.
        objects: Where their inputs, results and files lie. When it fails, the rest is left to the next turn.
        job_ids: Ids of the jobs.
        until: When to begin no other one, in milliseconds since 1970-01-01 UTC.
    """
    counts: Counter[str] = Counter()
    for job_id in job_ids:
        if ledger.clock.now() >= until or counts["unreachable"]:
            break
        with one_of_many(counts, job_id):
            counts.update(_erased(ledger, objects, job_id))
    return counts


def _erased(ledger: Ledger, objects: ObjectEraser, job_id: str) -> Iterator[str]:
    job = ledger.read(job_id)
    if job is None or job.status is not Status.DELETING or job.due_at is None:
        return  # the index lags behind the row
    if ledger.clock.now() - job.due_at >= ledger.rules.stuck_ms:
        yield "stuck"
    objects.erase(objects_prefix(job_id))
    if ledger.erase(job):
        yield t.ERASE.name
