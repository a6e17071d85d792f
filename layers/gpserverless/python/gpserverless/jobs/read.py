"""Reading the inputs, messages, results and files of a job."""

from __future__ import annotations

import json

from gpserverless.errors import NotFound, StorageError
from gpserverless.jobs.job import Job, MoreMessages, StoredFile, StoredResult
from gpserverless.jobs.keys import inputs_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.store import Inline, Link, inline_or_link, link_to_file
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import Message


def read_inputs(objects: ObjectStore, job_id: str) -> Call:
    """Return the call that a job was submitted with.

    Args:
        objects: The store of objects.
        job_id: Id of the job.

    Raises:
        NotFound: The inputs are gone.
        StorageError: The store cannot be reached.
    """
    return Call.from_json(json.loads(objects.get(inputs_key(job_id))))


def read_messages(objects: ObjectStore, job: Job) -> tuple[Message, ...]:
    """Return the messages of a job, oldest first; of one that has ended also those outside its row.

    Messages whose object is gone or cannot be read now are replaced by their number, so that a job's status
    never depends on the store.

    Args:
        objects: The store of objects.
        job: The job.
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
    ledger: Ledger, objects: ObjectStore, job: Job, stored: StoredResult, accepts_gzip: bool = False
) -> Inline | Link:
    """Return a result's JSON bytes in their final wire form, or a link to them if they are many.

    Args:
        ledger: The ledger of jobs.
        objects: Where results lie.
        job: The job.
        stored: The result.
        accepts_gzip: Whether the caller accepts gzip.

    Raises:
        NotFound: The object is gone.
        StorageError: The store cannot be reached.
    """
    twin = accepts_gzip and stored.gzipped_size > 0
    return inline_or_link(objects, stored.key, stored.size, twin, link_seconds(ledger, job))


def link_to_job_file(ledger: Ledger, objects: ObjectStore, job: Job, stored: StoredFile, name: str) -> Link:
    """Return a link under which a browser saves one of a job's files as `name`.

    Args:
        ledger: The ledger of jobs.
        objects: The store of objects.
        job: The job.
        stored: The stored file.
        name: File name for the browser.
    """
    return link_to_file(objects, stored.key, name, link_seconds(ledger, job))


def link_seconds(ledger: Ledger, job: Job) -> int:
    """Return the lifetime of a link to an object of a job: it ends before the job expires.

    Args:
        ledger: The ledger of jobs.
        job: The job.
    """
    left = ledger.rules.link_ms if job.expires_at is None else job.expires_at - ledger.clock.now()
    return max(1, min(ledger.rules.link_ms, left) // 1000)
