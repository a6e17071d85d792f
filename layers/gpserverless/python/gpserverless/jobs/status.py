"""The status of a job, in the words of the wire."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a job stands; the values are those of ArcGIS."""

    NEW = "esriJobNew"
    SUBMITTED = "esriJobSubmitted"
    WAITING = "esriJobWaiting"
    EXECUTING = "esriJobExecuting"
    CANCELLING = "esriJobCancelling"
    SUCCEEDED = "esriJobSucceeded"
    FAILED = "esriJobFailed"
    TIMED_OUT = "esriJobTimedOut"
    CANCELLED = "esriJobCancelled"
    DELETING = "esriJobDeleting"
    DELETED = "esriJobDeleted"

    @property
    def is_final(self) -> bool:
        """Whether the job is over and its outcome will never change."""
        return self in FINAL

    @property
    def is_visible(self) -> bool:
        """Whether a caller may see a job that stands here: a New one's id has not been given out yet."""
        return self not in (Status.NEW, Status.DELETING, Status.DELETED)

    @property
    def public(self) -> Status:
        """The status a caller is told.

        A job that waits for another attempt is told as submitted: the blocking call of one widely used
        Python client spins for ever on esriJobWaiting, and every client knows esriJobSubmitted.
        """
        return Status.SUBMITTED if self is Status.WAITING else self


FINAL = (Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.CANCELLED)
OPEN = (Status.NEW, Status.SUBMITTED, Status.WAITING, Status.EXECUTING, Status.CANCELLING)
