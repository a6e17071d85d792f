"""Submitting a job: store the inputs, write the row, send the message, and only then commit the submit."""

from __future__ import annotations

import json
import secrets

from gpserverless.errors import StorageError, StorageRefused
from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.keys import inputs_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue, MoveResult
from gpserverless.jobs.status import Status
from gpserverless.outputs.object_store import ObjectStore


def create(new: NewJob, ledger: Ledger, objects: ObjectStore) -> Job:
    """Store the inputs and the row of a job, and return it; it is New, and nobody sees it.

    This writes an object and the row. `finish` sends the message and writes the row again.

    Args:
        new: The job.
        ledger: The ledger of jobs.
        objects: Where the inputs go.

    Raises:
        StorageError: The row may have been written, but the job will not be queued.
    """
    return _check_created(new, ledger.create(new, secrets.token_hex(8), _store_inputs(new, objects)))


def reject(new: NewJob, ledger: Ledger, objects: ObjectStore) -> Job:
    """Store the inputs and the row of a job whose call is wrong, and return it; it has failed.

    This writes an object and the row, once. Nothing is queued.

    Args:
        new: The job with its problem.
        ledger: The ledger of jobs.
        objects: Where the inputs go.

    Raises:
        StorageError: The row may have been written, but the caller has no job.
    """
    return _check_created(new, ledger.reject(new, secrets.token_hex(8), _store_inputs(new, objects)))


def _store_inputs(new: NewJob, objects: ObjectStore) -> int:
    """Store the inputs of a job, and return their size in bytes."""
    inputs = json.dumps(new.call.to_json()).encode()
    objects.put(inputs_key(new.id), inputs, "application/json")
    return len(inputs)


def _check_created(new: NewJob, created: MoveResult) -> Job:
    if not created.applied or created.job is None:
        raise StorageError(f"the id {new.id} is taken")
    return created.job


def finish(created: Job, *, ledger: Ledger, queue: JobQueue, until: int) -> Job:
    """Queue a New job that this or an earlier request has created, and return it.

    Args:
        created: The job.
        ledger: The ledger of jobs.
        queue: The queue of the workers that can run it.
        until: From when on the submit is withdrawn instead of committed, in milliseconds since 1970-01-01
            UTC. By then the gateway could answer with an error before this function answers.

    Raises:
        StorageError: The job was not queued, and will never succeed.
    """
    try:
        queue.send(created.id)
        if ledger.clock.now() >= until:
            raise StorageError("the stores took too long")
        submitted = ledger.submit(created.id, created.create_token)
    except StorageError as problem:
        return _withdraw(ledger, created, problem)
    return _check_queued(submitted)


def _withdraw(ledger: Ledger, created: Job, problem: StorageError) -> Job:
    """Withdraw the submit, unless it turns out to have been committed."""
    try:
        withdrawal = ledger.withdraw(created, str(problem))
    except StorageError:
        if isinstance(problem, StorageRefused):
            raise problem from None  # it was not submitted, so it is New, and the reaper will fail it
        # In doubt the id is given out: the job is either queued, or New, and then the reaper fails it. An
        # error here could be followed by a success that nobody asked for a second time.
        return created
    if withdrawal.applied:
        raise problem
    return _check_queued(withdrawal)


def _check_queued(result: MoveResult) -> Job:
    """Return the job as it is now; raise if it was given up before it was queued."""
    job = result.job
    if job is None or (job.status is Status.FAILED and job.submitted_at is None):
        raise StorageError("the job was given up before it was queued")
    return job
