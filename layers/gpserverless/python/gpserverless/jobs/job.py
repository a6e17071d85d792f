"""A job as its row holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gpserverless.jobs.rows import pick_fields
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import Message
from gpserverless.toolkit.spec import WorkerName


@dataclass(frozen=True)
class Origin:
    """Where a job comes from."""

    #: Name of the caller; empty for anybody.
    owner: str = ""
    #: Public root of the site that was asked, for links to the job.
    root: str = ""
    #: Name under which the use is counted; empty unless there are quotas.
    payer: str = ""


ANYBODY = Origin()


@dataclass(frozen=True)
class NewJob:
    """A job to be created."""

    #: An id that no job has yet, see `keys.new_job_id`; `call.files_url` usually holds it already.
    id: str
    #: What to run; its values have been checked.
    call: Call
    #: Name of the worker that can run it, by which the reaper finds the queue.
    worker: WorkerName = "core"
    origin: Origin = ANYBODY
    #: Why it cannot run, for the caller; empty unless its call is wrong.
    problem: str = ""


@dataclass(frozen=True)
class Progress:
    """The state of a running job's progress bar; `percent` is 0 to 100, or None when it is not known."""

    text: str
    percent: int | None = None


@dataclass(frozen=True)
class StoredResult:
    """One output, where its bytes lie in their final wire form."""

    #: Key of the object.
    key: str
    #: Its length in bytes.
    size: int
    #: GP data type of the output.
    data_type: str
    #: Whether the bytes carry Z ordinates.
    has_z: bool = False
    #: Whether the bytes carry M ordinates.
    has_m: bool = False
    #: Length of the gzipped twin beside it; 0 if there is none.
    gzipped_size: int = 0
    #: Length of the layer file beside it, see `keys.layer_key`; 0 if there is none.
    layer_size: int = 0


@dataclass(frozen=True)
class StoredFile:
    """One file that an output refers to: key of the object, and its length in bytes."""

    key: str
    size: int


@dataclass(frozen=True)
class MoreMessages(Message):
    """Messages that lie in an object; their text in the row says how many there are."""

    key: str


_Part = TypeVar("_Part", Message, Progress, StoredResult, StoredFile)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One submitted call. Times are milliseconds since 1970-01-01 UTC."""

    #: `j` and 32 hexadecimal digits.
    id: str
    #: Its status.
    status: Status
    #: Number of writes so far.
    rev: int
    #: Number of claims so far.
    attempt: int
    #: Secret of the submit that created it.
    create_token: str
    #: Who submitted it; empty when anybody may.
    owner: str
    #: Qualified name of the service.
    service: str
    #: Name of the task.
    task: str
    #: Names of the parameters that were given.
    inputs: tuple[str, ...]
    #: When it was created.
    created_at: int
    #: Until when it may wait for a worker.
    queue_deadline: int
    #: Name of the worker that can run it.
    worker: str = "core"
    #: Public root of the site by which it was submitted.
    root: str = ""
    #: Name under which its use is counted; empty unless there are quotas.
    payer: str = ""
    #: Size of its stored inputs in bytes.
    input_bytes: int = 0
    #: When its submit was completed.
    submitted_at: int | None = None
    #: When it was first claimed.
    started_at: int | None = None
    #: Until when it may run, all attempts together.
    run_deadline: int | None = None
    #: Fence of the worker that has it.
    lease_owner: str | None = None
    #: End of the lease unless it is renewed.
    lease_until: int | None = None
    #: When a cancel was asked for.
    cancel_at: int | None = None
    #: Messages in the row, oldest first.
    messages: tuple[Message, ...] = ()
    #: State of the progress bar; None unless it runs.
    progress: Progress | None = None
    #: Outputs by parameter name; empty unless it succeeded.
    results: Mapping[str, StoredResult] = field(default_factory=dict)
    #: Files that outputs refer to, by name; empty unless it succeeded.
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    #: Writer of the outcome: a fence, the token of the submit, or a kind of writer with a token.
    done_by: str | None = None
    #: Why it failed, for operators.
    reason: str | None = None
    #: When it ended.
    ended_at: int | None = None
    #: From when on it is not shown any more.
    expires_at: int | None = None
    #: Usage so far; None until a beat or the outcome writes it.
    usage: Usage | None = None
    #: Part of the reaper's index that lists it; None of a finished job that is not being deleted.
    open_shard: int | None = None
    #: When the reaper should look at it; None if never.
    due_at: int | None = None

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Job:
        """Read a row of the table; attributes that this version does not know are left aside.

        Args:
            item: The row, with plain values.
        """
        return cls(
            **pick_fields(cls, item)
            | {
                "id": item["pk"],
                "status": Status(item["status"]),
                "inputs": tuple(item["inputs"]),
                "messages": tuple(_read_message(message) for message in item["messages"]),
                "usage": Usage.from_row(item.get("usage")),
                "progress": _read_part(Progress, item["progress"]) if item.get("progress") else None,
                "results": {n: _read_part(StoredResult, each) for n, each in item.get("results", {}).items()},
                "files": {n: _read_part(StoredFile, each) for n, each in item.get("files", {}).items()},
            }
        )


def _read_message(item: Mapping[str, Any]) -> Message:
    return _read_part(MoreMessages if "key" in item else Message, item)


def _read_part(kind: type[_Part], item: Mapping[str, Any]) -> _Part:
    return kind(**pick_fields(kind, item))
