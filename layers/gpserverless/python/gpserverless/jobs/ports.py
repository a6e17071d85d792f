"""The ports of the jobs: a table, an object store, a queue, and a runner of tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from gpserverless.items.ports import RowWrite
from gpserverless.jobs.job import Job
from gpserverless.jobs.move import Change
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
    """The result of a change of a row."""

    #: Whether the change is in the row, written now or by an earlier try whose answer was lost.
    applied: bool
    #: The job as it is now, changed or not; None when there is no such row.
    job: Job | None
    #: Whether the row allowed the change, and another one that is written with it did not.
    is_refused_beside: bool = False


@dataclass(frozen=True, order=True)
class JobPlace:
    """The place of a job among those of its owner: when it was created, in milliseconds, and its id."""

    created_at: int
    id: str

    def __str__(self) -> str:
        return f"{self.created_at}-{self.id}"


class JobTable(Protocol):
    """The rows of all jobs. Every method raises `StorageError` when the table cannot be reached."""

    def insert(self, change: Change) -> MoveResult:
        """Write the row of a move that starts from none, unless its key is taken: T1 or T22.

        Args:
            change: The move with its conditions and values.
        """

    def read(self, job_id: str) -> Job | None:
        """Return a job, strongly consistent, or None.

        Args:
            job_id: Id of the job.
        """

    def move(self, job_id: str, change: Change, beside: Sequence[RowWrite] = ()) -> MoveResult:
        """Make one move by one conditional write.

        Args:
            job_id: Id of the job.
            change: The move with its conditions and values.
            beside: Writes of the table of items that are made with the move, or none of them.
        """

    def remove(self, job_id: str, change: Change) -> bool:
        """Remove a row on a move's conditions, and return whether there is none now.

        Args:
            job_id: Id of the job.
            change: The move that removes the row, with its conditions.
        """

    def due(self, shard: int, now: int) -> Iterator[str]:
        """Yield the ids of the jobs of one part of the index that were due by `now`, most overdue first.

        Args:
            shard: Number of the part of the index.
            now: Time in seconds since 1970 UTC.
        """

    def list_owned(self, owner: str, since: int, after: JobPlace | None, count: int) -> list[JobPlace]:
        """Return the places of an owner's jobs, newest first; the newest may be missing for a moment.

        Args:
            owner: Name of the owner.
            since: Time of the oldest job, in milliseconds since 1970-01-01 UTC.
            after: Place behind which the list begins; None for the newest job.
            count: Number of places at most.
        """

    def read_many(self, job_ids: Sequence[str]) -> list[Job]:
        """Return those of some jobs that have a row, strongly consistent, in any order.

        Args:
            job_ids: Ids of at most 100 jobs.
        """


class JobQueue(Protocol):
    """Messages that wake workers; each only names a job. Every method raises `StorageError` when it fails."""

    def send(self, job_id: str) -> None:
        """Tell some worker to look at a job.

        Args:
            job_id: Id of the job.
        """

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Let a received message be delivered again after some seconds.

        Args:
            receipt: Receipt of the message from the queue.
            seconds: Seconds until the next delivery.
        """
