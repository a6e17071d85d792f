"""Taking a job in: store what was asked, write the row, tell a worker, and only then let it count."""

from __future__ import annotations

import json
import secrets

from gpserverless.errors import StorageError, StorageRefused
from gpserverless.jobs.job import ANYBODY, Job, Origin
from gpserverless.jobs.keys import inputs_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue, MoveResult
from gpserverless.jobs.status import Status
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.toolkit.call import Call


def create(
    job_id: str,
    call: Call,
    *,
    ledger: Ledger,
    objects: ObjectStore,
    worker: str = "core",
    origin: Origin = ANYBODY,
) -> Job:
    """Store what a job is to do, and return it as it is then: New, and nothing to anybody.

    One object and one write of a row. Another of the row, and a message, are to come: see `finish`.

    Args:
        job_id: A new id, see `keys.new_job_id`; `call.files_url` usually holds it already.
        call: What to run; its values have been checked.
        ledger: The book of jobs.
        objects: Where the inputs go.
        worker: What the workers are called that can run it, for the reaper.
        origin: Who asks, and where.

    Raises:
        StorageError: There may be such a row, but nobody will queue it.
    """
    token = secrets.token_hex(8)
    inputs = json.dumps(call.to_json()).encode()
    objects.put(inputs_key(job_id), inputs, "application/json")
    created = ledger.create(job_id, token, call, origin, worker, len(inputs))
    if not created.applied or created.job is None:
        raise StorageError(f"the id {job_id} is taken")
    return created.job


def finish(created: Job, *, ledger: Ledger, queue: JobQueue, until: int) -> Job:
    """Queue a job that is New, which this or an earlier request has created, and return it.

    Args:
        created: The job.
        ledger: The book of jobs.
        queue: Where the workers listen that can run it.
        until: From when on the submit is taken back instead of committed, in milliseconds since 1970-01-01
            UTC: the caller could be gone, or told of an error, before this function can answer.

    Raises:
        StorageError: The job was not queued, and will never succeed.
    """
    try:
        queue.send(created.id)
        if ledger.clock.now() >= until:
            raise StorageError("the stores took too long")
        submitted = ledger.submit(created.id, created.create_token)
    except StorageError as problem:
        return _withdrawn(ledger, created, problem)
    return _accepted(submitted)


def _withdrawn(ledger: Ledger, created: Job, problem: StorageError) -> Job:
    """Take the submit back, unless it turns out to have gone through."""
    try:
        withdrawn = ledger.withdraw(created, str(problem))
    except StorageError:
        if isinstance(problem, StorageRefused):
            raise problem from None  # it was not submitted, so it is New, and the reaper will fail it
        # In doubt the id is given out: the job is either queued, or New, and then the reaper fails it. An
        # error here could be followed by a success that nobody asked for a second time.
        return created
    if withdrawn.applied:
        raise problem
    return _accepted(withdrawn)


def _accepted(moved: MoveResult) -> Job:
    """Return the job that this submit has queued, whatever became of it meanwhile."""
    job = moved.job
    if job is None or (job.status is Status.FAILED and job.submitted_at is None):
        raise StorageError("the job was given up before it was queued")
    return job
