"""A job as its row tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage, known_fields
from gpserverless.toolkit.run import Message


@dataclass(frozen=True)
class Origin:
    """Where a job comes from.

    Attributes:
        owner: Who asks; empty for anybody.
        root: Public root of the site that was asked, for links to the job.
    """

    owner: str = ""
    root: str = ""


ANYBODY = Origin()


@dataclass(frozen=True)
class Progress:
    """The state of a running job's progress bar; `percent` is 0 to 100, or None when it is not known."""

    text: str
    percent: int | None = None


@dataclass(frozen=True)
class StoredResult:
    """One output, where its bytes lie in their final wire form.

    Attributes:
        key: Key of the object.
        size: Its length in bytes.
        data_type: GP data type of the output.
        has_z: Whether the bytes carry Z ordinates.
        has_m: Whether the bytes carry M ordinates.
        gzipped_size: Length of the gzipped twin beside it; 0 if there is none.
    """

    key: str
    size: int
    data_type: str
    has_z: bool = False
    has_m: bool = False
    gzipped_size: int = 0


@dataclass(frozen=True)
class StoredFile:
    """One file that an output refers to: key of the object, and its length in bytes."""

    key: str
    size: int


@dataclass(frozen=True)
class MoreMessages(Message):
    """Messages in an object, in the place of which the row says how many there are."""

    key: str


_Part = TypeVar("_Part", Message, Progress, StoredResult, StoredFile)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One submitted run. Times are milliseconds since 1970-01-01 UTC.

    Attributes:
        id: `j` and 32 hexadecimal digits.
        status: Where it stands.
        rev: Raised by one with every write.
        attempt: How often it was claimed.
        create_token: Secret of the submit that created it.
        owner: Who submitted it; empty when anybody may.
        service: Qualified name of the service.
        task: Name of the task.
        worker: Which worker its tool needs.
        root: Public root of the site by which it was submitted.
        inputs: Names of the parameters that were given.
        input_bytes: Size of what was sent for them.
        created_at: When it was created.
        queue_deadline: Until when it may wait for a worker.
        submitted_at: When its submit was completed.
        started_at: When it was first claimed.
        run_deadline: Until when it may run, all attempts together.
        lease_owner: Fence of the worker that holds it.
        lease_until: Until when that worker holds it without another beat.
        cancel_at: When it was asked to stop.
        messages: What it has said, oldest first.
        progress: Its progress bar, while it runs.
        results: Its outputs by parameter name; only a job that succeeded has them.
        files: Its files by name; likewise.
        done_by: Who wrote its outcome: a fence, the token of its submit, or a kind of writer with a token.
        reason: Why it failed, for operators.
        ended_at: When it ended.
        expires_at: From when on it is not shown any more.
        usage: Time, memory and money used so far; None until a worker or the end of the job tells.
        open_shard: Part of the index of jobs that the reaper looks after: open ones, and those being deleted.
        due_at: When the reaper should look at it; None when it need not.
    """

    id: str
    status: Status
    rev: int
    attempt: int
    create_token: str
    owner: str
    service: str
    task: str
    inputs: tuple[str, ...]
    created_at: int
    queue_deadline: int
    worker: str = "core"
    root: str = ""
    input_bytes: int = 0
    submitted_at: int | None = None
    started_at: int | None = None
    run_deadline: int | None = None
    lease_owner: str | None = None
    lease_until: int | None = None
    cancel_at: int | None = None
    messages: tuple[Message, ...] = ()
    progress: Progress | None = None
    results: Mapping[str, StoredResult] = field(default_factory=dict)
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    done_by: str | None = None
    reason: str | None = None
    ended_at: int | None = None
    expires_at: int | None = None
    usage: Usage | None = None
    open_shard: int | None = None
    due_at: int | None = None

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Job:
        """Read a row of the table; what this version does not know in it is left aside."""
        return cls(
            **known_fields(cls, item)
            | {
                "id": item["pk"],
                "status": Status(item["status"]),
                "inputs": tuple(item["inputs"]),
                "messages": tuple(_message_of(message) for message in item["messages"]),
                "usage": Usage.from_row(item.get("usage")),
                "progress": _part(Progress, item["progress"]) if item.get("progress") else None,
                "results": {n: _part(StoredResult, each) for n, each in item.get("results", {}).items()},
                "files": {n: _part(StoredFile, each) for n, each in item.get("files", {}).items()},
            }
        )


def _message_of(item: Mapping[str, Any]) -> Message:
    return _part(MoreMessages if "key" in item else Message, item)


def _part(kind: type[_Part], item: Mapping[str, Any]) -> _Part:
    return kind(**known_fields(kind, item))
