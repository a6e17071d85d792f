"""Reading what a job was given and what it made."""

from __future__ import annotations

import json
from dataclasses import dataclass

from gpserverless.jobs.job import Job, StoredFile, StoredResult
from gpserverless.jobs.keys import inputs_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import ObjectStore
from gpserverless.toolkit.call import Call


@dataclass(frozen=True)
class Inline:
    """Bytes that are small enough to pass through a function."""

    body: bytes


@dataclass(frozen=True)
class Link:
    """A URL from which the bytes can be fetched for a while."""

    url: str


def read_inputs(objects: ObjectStore, job_id: str) -> Call:
    """Return the call that a job was submitted with.

    Raises:
        NotFound: The inputs are gone.
        StorageError: The store cannot be reached.
    """
    return Call.from_json(json.loads(objects.get(inputs_key(job_id))))


def read_result(ledger: Ledger, objects: ObjectStore, job: Job, stored: StoredResult) -> Inline | Link:
    """Return a result's JSON bytes in their final wire form, or a link to them when they are many.

    Raises:
        NotFound: The object is gone.
        StorageError: The store cannot be reached.
    """
    if stored.size <= ledger.rules.inline_bytes:
        return Inline(objects.get(stored.key))
    return Link(objects.signed_url(stored.key, link_seconds(ledger, job), "application/json"))


def link_to_file(
    ledger: Ledger, objects: ObjectStore, job: Job, stored: StoredFile, content_type: str, filename: str
) -> Link:
    """Return a link under which a browser saves one of a job's files as `filename`."""
    return Link(objects.signed_url(stored.key, link_seconds(ledger, job), content_type, filename))


def link_seconds(ledger: Ledger, job: Job) -> int:
    """Return how long a link to something of this job may work: never longer than the job can be seen."""
    left = ledger.rules.link_ms if job.expires_at is None else job.expires_at - ledger.clock.now()
    return max(1, min(ledger.rules.link_ms, left) // 1000)
