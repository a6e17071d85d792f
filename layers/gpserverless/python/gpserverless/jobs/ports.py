"""What jobs need from outside: a table, an object store, a queue, and a way to run tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gpserverless.jobs.job import Job
from gpserverless.jobs.transitions import Change
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import RunResult, Watcher

RunTool = Callable[[Call, Watcher, float], RunResult]
"""Runs the task of a call within a number of seconds.

While the tool runs it calls the watcher's `check_cancelled` several times a second, and stops the tool when
that raises. Raises `Cancelled`, `LeaseLost`, `DeadlinePassed`, another `RunError`, or a `RequestError`;
`peak_of` tells the memory that the tool's process had by then.
"""


@dataclass(frozen=True)
class MoveResult:
    """What became of a change: whether it was applied, and the job after it, or as it was found instead.

    Attributes:
        applied: Whether the change is in the row, now or since an earlier try whose answer was lost.
        job: The job as it is; None when there is no such row.
    """

    applied: bool
    job: Job | None


class JobTable(Protocol):
    """The rows of all jobs. Every method raises `StorageError` when the table cannot be reached."""

    def insert(self, item: Mapping[str, Any]) -> MoveResult:
        """Write a row unless its key is taken: the move T1."""

    def read(self, job_id: str) -> Job | None:
        """Return a job, strongly consistent, or None."""

    def move(self, job_id: str, change: Change) -> MoveResult:
        """Make one move by one conditional write."""

    def remove(self, job_id: str, change: Change) -> bool:
        """Remove a row on a move's conditions, and return whether there is none now."""

    def due(self, shard: int, now: int) -> Iterator[str]:
        """Yield the ids of the jobs of one part of the index that were due by `now`, most overdue first."""


class ObjectStore(Protocol):
    """Inputs, results and files. No object is ever changed: writing an existing key again does nothing.

    Every method but `signed_url` raises `StorageError` when the store cannot be reached.
    """

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        """Write an object, saying how its bytes are packed if they are."""

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        """Write a file of any size as an object; what `check_cancelled` raises ends it."""

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Raises:
            NotFound: There is no such object.
        """

    def signed_url(self, key: str, seconds: int, content_type: str, filename: str = "") -> str:
        """Return a URL under which anybody can read the object for some seconds.

        Args:
            key: Key of the object.
            seconds: How long the URL works.
            content_type: Media type with which the object is served.
            filename: Name under which a browser saves it; empty to let it be shown.
        """


class ObjectEraser(Protocol):
    """Removes what an `ObjectStore` keeps. Raises `StorageError` when not all of it is gone."""

    def erase(self, prefix: str) -> None:
        """Remove all objects whose keys begin alike; that there are none is no mistake."""


class JobQueue(Protocol):
    """Wake-up calls for workers; a message only names a job. Raises `StorageError` when it fails."""

    def send(self, job_id: str) -> None:
        """Tell some worker to look at a job."""

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Let a received message be delivered again after some seconds."""
