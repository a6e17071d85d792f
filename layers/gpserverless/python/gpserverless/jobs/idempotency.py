"""Idempotent submits: a caller who repeats a submit with the same key gets the job of the first.

A connection can break after the job was queued and before its id arrived. Only a key that the caller chose
tells the repetition from a second job. A key lives for a day, belongs to one owner and one task, and stands
for one set of inputs (the rules of Stripe's idempotency keys).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from gpserverless.errors import InvalidParameter, StorageError
from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.status import Status
from gpserverless.jobs.submit import create, finish, reject
from gpserverless.outputs.object_store import ObjectStore

KEPT_MS = 24 * 3_600_000
LONGEST_KEY = 255
FIELD = "clientRequestId"

_TRIES = 3


@dataclass(frozen=True)
class KeyReservation:
    """The job that a key is reserved for."""

    #: Id of the job.
    job_id: str
    #: Fingerprint of its call.
    inputs: str
    #: Start of the reservation, in milliseconds since 1970-01-01 UTC.
    at: int


class SubmitKeys(Protocol):
    """The keys that callers have used. Every method raises `StorageError` when it cannot reach them."""

    def reserve(self, key: str, wanted: KeyReservation, instead_of: str = "") -> KeyReservation:
        """Reserve a key unless it is taken, and return the reservation that holds: this or an earlier one.

        Args:
            key: The key. It is free again `KEPT_MS` after it was reserved.
            wanted: The reservation to make.
            instead_of: Id of a job whose reservation may be replaced.
        """


def _charge_nothing(new: NewJob) -> NewJob:
    """Return a job that nobody pays for."""
    return new


@dataclass(frozen=True)
class IdempotentSubmit:
    """Submits jobs, those with the same key once."""

    ledger: Ledger
    #: Where the inputs go.
    objects: ObjectStore
    #: The queue of the workers that can run the job.
    queue: JobQueue
    keys: SubmitKeys
    #: Counts a job before anything of it is stored, and returns it with its payer.
    charge: Callable[[NewJob], NewJob] = _charge_nothing

    def submit(self, new: NewJob, key: str, until: int) -> Job:
        """Queue a job, or return the job that was queued with the same key before.

        A job whose call is wrong is not queued; it has failed when it is returned.

        Args:
            new: The job; `new.call.files_url` holds its id already.
            key: The caller's key; empty for none.
            until: See `submit.finish`.

        Raises:
            InvalidParameter: The key is too long, or stands for other inputs.
            QuotaReached: The caller has used up a quota.
            StorageError: The job was not queued, and will never succeed.
        """
        if not key:
            return self._create_and_queue(new, until)
        if len(key) > LONGEST_KEY:
            raise InvalidParameter(FIELD, f"it has {len(key)} characters", f"{LONGEST_KEY} at most")
        name = _digest(new.origin.owner, new.call.service, new.call.task, key)
        inputs = _fingerprint(new)
        instead_of = ""
        for _ in range(_TRIES):
            wanted = KeyReservation(new.id, inputs, self.ledger.clock.now())
            found = self.keys.reserve(name, wanted, instead_of)
            if found.inputs != inputs:
                raise InvalidParameter(FIELD, "it was used for other inputs", "a new one for every job")
            job = self._finish_reserved(found, new, until)
            if job is not None:
                return job
            instead_of = found.job_id
        raise StorageError(f"the submit of {new.id} was overtaken {_TRIES} times")

    def _finish_reserved(self, reserved: KeyReservation, new: NewJob, until: int) -> Job | None:
        """Finish the submit of the job that a key is reserved for; return None if it can never be queued."""
        job = self.ledger.read(reserved.job_id)
        if job is None:
            if self.ledger.clock.now() - reserved.at >= self.ledger.rules.new_ms:
                return None  # deleted, or its submit died early: nothing of then is under way any more
            try:  # this job, or one whose submit died early or is under way
                return self._create_and_queue(_with_id(new, reserved.job_id), until)
            except StorageError:
                # Another submit with the same key may have been faster.
                job = self.ledger.read(reserved.job_id)
                if job is None or _was_never_queued(job):
                    raise
        if job.status is Status.NEW:
            return finish(job, ledger=self.ledger, queue=self.queue, until=until)
        return job if job.status.is_visible and not _was_never_queued(job) else None

    def _create_and_queue(self, new: NewJob, until: int) -> Job:
        new = self.charge(new)
        if new.problem:
            return reject(new, self.ledger, self.objects)
        created = create(new, self.ledger, self.objects)
        return finish(created, ledger=self.ledger, queue=self.queue, until=until)


def _with_id(new: NewJob, job_id: str) -> NewJob:
    files_url = new.call.files_url.replace(new.id, job_id)
    return replace(new, id=job_id, call=new.call.with_files_url(files_url))


def _was_never_queued(job: Job) -> bool:
    return job.status is Status.FAILED and job.submitted_at is None


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _fingerprint(new: NewJob) -> str:
    """Return a digest of a call and its problem, which may be in options that cannot be read.

    The URL of its files is left out, and the rights of the caller, which may have changed meanwhile.
    """
    problem = [new.problem] if new.problem else []
    call = {**new.call.to_json(), "files_url": "", "caller": None}
    return _digest(json.dumps(call, sort_keys=True), *problem)
