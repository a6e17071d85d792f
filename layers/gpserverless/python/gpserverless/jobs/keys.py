"""Names of jobs and of the objects that belong to them."""

from __future__ import annotations

import re
import secrets

_JOB_ID = re.compile(r"j[0-9a-f]{32}")


def new_job_id() -> str:
    """Return an id that cannot be guessed: anybody with the id may see and cancel the job."""
    return "j" + secrets.token_hex(16)


def is_job_id(text: str) -> bool:
    """Return whether `text` has the form of a job id.

    Args:
        text: Any text.
    """
    return _JOB_ID.fullmatch(text) is not None


def new_fence() -> str:
    """Return a token that tells one attempt of one worker from every other."""
    return secrets.token_hex(8)


def objects_prefix(job_id: str) -> str:
    """Return how the keys of all objects of a job begin.

    Args:
        job_id: Id of the job.
    """
    return f"jobs/{job_id}/"


def inputs_key(job_id: str) -> str:
    """Return the key of the object that holds the call.

    Args:
        job_id: Id of the job.
    """
    return f"{objects_prefix(job_id)}inputs.json"


def result_key(job_id: str, attempt: int, fence: str, parameter: str) -> str:
    """Return the key of one output.

    Each attempt of each worker writes under a prefix of its own, so that a worker which lost its lease
    without noticing can never change the bytes of a result that is visible.

    Args:
        job_id: Id of the job.
        attempt: Number of the attempt, from 1.
        fence: Token of the attempt; a write with another one is refused.
        parameter: Name of the output.
    """
    return f"{objects_prefix(job_id)}{attempt}-{fence}/{parameter}.json"


def layer_key(result: str) -> str:
    """Return the key of the layer file of an output of features or rows.

    Args:
        result: Key of the output.
    """
    return f"{result.removesuffix('.json')}.sqlite"


def layer_manifest_key(result: str) -> str:
    """Return the key of the JSON of a `LayerManifest`, which describes the layer file of an output.

    Args:
        result: Key of the output.
    """
    return f"{result.removesuffix('.json')}.layer.json"


def file_key(job_id: str, attempt: int, fence: str, name: str) -> str:
    """Return the key of one file that an output refers to.

    Args:
        job_id: Id of the job.
        attempt: Number of the attempt, from 1.
        fence: Token of the attempt; a write with another one is refused.
        name: Name of the file.
    """
    return f"{objects_prefix(job_id)}{attempt}-{fence}/files/{name}"


def messages_key(job_id: str, attempt: int, fence: str) -> str:
    """Return the key of the messages of one attempt that the row has no room for.

    Args:
        job_id: Id of the job.
        attempt: Number of the attempt, from 1.
        fence: Token of the attempt; a write with another one is refused.
    """
    return f"{objects_prefix(job_id)}{attempt}-{fence}/messages.json"


DELETED_SHARD = -1
"""The part of the index that lists jobs which are being deleted; those of open jobs count from 0."""


def shard_of(job_id: str, shards: int) -> int:
    """Return the part of the index of open jobs in which a job is listed.

    Args:
        job_id: Id of the job.
        shards: Number of parts of the index.
    """
    return int(job_id[-4:], 16) % shards
