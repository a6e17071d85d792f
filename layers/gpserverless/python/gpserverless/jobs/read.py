"""Reading the inputs, messages, results and files of a job."""

from __future__ import annotations

import json
from dataclasses import dataclass

from gpserverless.errors import NotFound, StorageError
from gpserverless.jobs.job import Job, MoreMessages, StoredFile, StoredResult
from gpserverless.jobs.keys import gzipped_key, inputs_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import ObjectStore
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import Message


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


def read_messages(objects: ObjectStore, job: Job) -> tuple[Message, ...]:
    """Return the messages of a job, oldest first; of one that has ended also those outside its row.

    Messages whose object is gone or cannot be read now are replaced by their number, so that a job's status
    never depends on the store.
    """
    if not job.status.is_final:
        return job.messages
    parts = (_unfold(objects, message) for message in job.messages)
    return tuple(message for messages in parts for message in messages)


def _unfold(objects: ObjectStore, message: Message) -> list[Message]:
    if not isinstance(message, MoreMessages):
        return [message]
    try:
        return [Message(**each) for each in json.loads(objects.get(message.key))]
    except (NotFound, StorageError):
        return [message]


def read_result(
    ledger: Ledger, objects: ObjectStore, job: Job, stored: StoredResult, gzipped: bool = False
) -> Inline | Link:
    """Return a result's JSON bytes in their final wire form, or a link to them when they are many.

    Args:
        ledger: The ledger of jobs.
        objects: Where results lie.
        job: The job.
        stored: The result.
        gzipped: Whether who asks can unpack gzip, as HTTP has it.

    Raises:
        NotFound: The object is gone.
        StorageError: The store cannot be reached.
    """
    if stored.size <= ledger.rules.inline_bytes:
        return Inline(objects.get(stored.key))
    key = gzipped_key(stored.key) if gzipped and stored.gzipped_size else stored.key
    return Link(objects.signed_url(key, link_seconds(ledger, job), "application/json"))


def link_to_file(
    ledger: Ledger, objects: ObjectStore, job: Job, stored: StoredFile, content_type: str, filename: str
) -> Link:
    """Return a link under which a browser saves one of a job's files as `filename`."""
    return Link(objects.signed_url(stored.key, link_seconds(ledger, job), content_type, filename))


def link_seconds(ledger: Ledger, job: Job) -> int:
    """Return how long a link to something of this job may work: never longer than the job can be seen."""
    left = ledger.rules.link_ms if job.expires_at is None else job.expires_at - ledger.clock.now()
    return max(1, min(ledger.rules.link_ms, left) // 1000)
