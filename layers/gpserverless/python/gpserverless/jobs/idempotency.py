"""Submitting once: a caller who repeats a submit with the same key gets the job of the first.

A connection can break after the job was queued and before its id arrived; only a key that the caller chose
tells the repetition from a second wish. A key lives for a day, belongs to one owner and one task, and stands
for one set of inputs (the rules of Stripe's idempotency keys).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Protocol

from gpserverless.errors import InvalidParameter, StorageError
from gpserverless.jobs.job import Job, Origin
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.status import Status
from gpserverless.jobs.submit import create, finish
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.toolkit.call import Call

KEPT_MS = 24 * 3_600_000
LONGEST_KEY = 255
FIELD = "clientRequestId"

_TRIES = 3


@dataclass(frozen=True)
class KeyReservation:
    """What a key stands for.

    Attributes:
        job_id: Id of the job.
        inputs: Fingerprint of what it was asked to do.
        at: Since when, in milliseconds since 1970-01-01 UTC.
    """

    job_id: str
    inputs: str
    at: int


class SubmitKeys(Protocol):
    """The keys that callers have used. Every method raises `StorageError` when they cannot be reached."""

    def reserve(self, key: str, wanted: KeyReservation, instead_of: str = "") -> KeyReservation:
        """Let a key stand for a job, and return what it stands for: that, or what it did before.

        Args:
            key: The key, which is free again `KEPT_MS` after it was reserved.
            wanted: The job, with the time, in milliseconds since 1970-01-01 UTC.
            instead_of: Id of a job that the key may have stood for until now.
        """


@dataclass(frozen=True)
class IdempotentSubmit:
    """Submits calls, each of them once.

    Attributes:
        ledger: The book of jobs.
        objects: Where the inputs go.
        queue: Where the workers listen that can run it.
        worker: What these workers are called, for the reaper.
        keys: The keys that callers have used.
        owner: Who asks; empty for anybody.
        root: Public root of the site that is asked, for links to the job.
    """

    ledger: Ledger
    objects: ObjectStore
    queue: JobQueue
    worker: str
    keys: SubmitKeys
    owner: str = ""
    root: str = ""

    def submit(self, job_id: str, call: Call, key: str, until: int) -> Job:
        """Queue a call as a job, unless this was done with the same key before.

        Args:
            job_id: A new id; `call.files_url` holds it already.
            call: What to run; its values have been checked.
            key: The caller's key; empty for none.
            until: See `submit.finish`.

        Raises:
            InvalidParameter: The key is too long, or stands for other inputs.
            StorageError: The job was not queued, and will never succeed.
        """
        if not key:
            return self._new(job_id, call, until)
        if len(key) > LONGEST_KEY:
            raise InvalidParameter(FIELD, f"it has {len(key)} characters", f"{LONGEST_KEY} at most")
        name = _digest(self.owner, call.service, call.task, key)
        inputs = _fingerprint(call)
        instead_of = ""
        for _ in range(_TRIES):
            wanted = KeyReservation(job_id, inputs, self.ledger.clock.now())
            found = self.keys.reserve(name, wanted, instead_of)
            if found.inputs != inputs:
                raise InvalidParameter(FIELD, "it was used for other inputs", "a new one for every job")
            job = self._job_of(found, job_id, call, until)
            if job is not None:
                return job
            instead_of = found.job_id
        raise StorageError(f"the submit of {job_id} was overtaken {_TRIES} times")

    def _job_of(self, reserved: KeyReservation, job_id: str, call: Call, until: int) -> Job | None:
        """Return the job that a key stands for, its submit finished; None if never queued, or deleted."""
        its_id = reserved.job_id
        job = self.ledger.read(its_id)
        if job is None:
            if self.ledger.clock.now() - reserved.at >= self.ledger.rules.new_ms:
                return None  # deleted, or its submit died early: nothing of then is under way any more
            its_call = replace(call, files_url=call.files_url.replace(job_id, its_id))
            try:  # ours, or one whose submit died early, or is under way
                return self._new(its_id, its_call, until)
            except StorageError:
                job = self.ledger.read(its_id)  # somebody with the same key may have been faster
                if job is None or _was_never_queued(job):
                    raise
        if job.status is Status.NEW:
            return finish(job, ledger=self.ledger, queue=self.queue, until=until)
        return job if job.status.is_visible and not _was_never_queued(job) else None

    def _new(self, job_id: str, call: Call, until: int) -> Job:
        created = create(
            job_id,
            call,
            ledger=self.ledger,
            objects=self.objects,
            worker=self.worker,
            origin=Origin(self.owner, self.root),
        )
        return finish(created, ledger=self.ledger, queue=self.queue, until=until)


def _was_never_queued(job: Job) -> bool:
    return job.status is Status.FAILED and job.submitted_at is None


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _fingerprint(call: Call) -> str:
    """Return what tells two calls of a task apart: all but the place of their files."""
    return _digest(json.dumps({**call.to_json(), "files_url": ""}, sort_keys=True))
