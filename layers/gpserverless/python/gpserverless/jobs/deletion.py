"""Deleting a job before it expires: it is hidden at once; its objects and its row are erased soon after.

The order is that of expiry: links end, no answer names the job, its objects go, and its row goes last. A
function that ends in between leaves a hidden job, which the next turn of the reaper finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gpserverless.errors import InvalidParameter, UnknownJob
from gpserverless.jobs import transitions
from gpserverless.jobs.keys import DELETED_SHARD, is_job_id, objects_prefix
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from gpserverless.jobs.sweep import count_failures
from gpserverless.outputs.object_store import ObjectEraser


def delete(ledger: Ledger, job_id: str) -> None:
    """Hide a finished job from all callers; hiding it again does nothing.

    Args:
        ledger: The ledger of jobs.
        job_id: Id of the job.

    Raises:
        UnknownJob: There is no such job.
        InvalidParameter: The job is not finished, or the id is malformed; nothing has changed.
        StorageError: The table cannot be reached.
    """
    if not is_job_id(job_id):
        raise InvalidParameter("delete", f"'{job_id[:40]}' is no job's id", "ids of jobs")
    result = ledger.hide(job_id)
    if result.job is None:
        raise UnknownJob(f"There is no job '{job_id}'.")
    if result.job.status is not Status.DELETING:
        status = result.job.status.public.value
        raise InvalidParameter(
            "delete", f"the job {job_id} is {status}", "jobs that are over: cancel it first"
        )


def list_hidden(ledger: Ledger) -> list[str]:
    """Return the ids of hidden jobs, longest hidden first.

    Args:
        ledger: The ledger of jobs.

    Raises:
        StorageError: The table cannot be reached.
    """
    return list(ledger.table.due(DELETED_SHARD, ledger.clock.now()))


def erase(ledger: Ledger, objects: ObjectEraser, job_ids: Iterable[str], until: int) -> Counter[str]:
    """Erase the objects and the rows of hidden jobs, and return counts of erased and failed ones.

    Args:
        ledger: The ledger of jobs.
        objects: Their inputs, results and files. When it fails, the rest is left to the next turn.
        job_ids: Ids of the jobs.
        until: From when on no further job is begun, in milliseconds since 1970-01-01 UTC.
    """
    counts: Counter[str] = Counter()
    for job_id in job_ids:
        if ledger.clock.now() >= until or counts["unreachable"]:
            break
        with count_failures(counts, job_id):
            counts.update(_erase_one(ledger, objects, job_id))
    return counts


def _erase_one(ledger: Ledger, objects: ObjectEraser, job_id: str) -> Iterator[str]:
    job = ledger.read(job_id)
    if job is None or job.status is not Status.DELETING or job.due_at is None:
        return  # the index lags behind the row
    if ledger.clock.now() - job.due_at >= ledger.rules.stuck_ms:
        yield "stuck"
    objects.erase(objects_prefix(job_id))
    if ledger.erase(job):
        yield transitions.ERASE.name
