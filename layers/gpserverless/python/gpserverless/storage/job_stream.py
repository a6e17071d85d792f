"""The stream of changes of the table of jobs, as a function gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.jobs.announcement import Announcement
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import OPEN, Status
from gpserverless.storage.attributes import decode_item


def end_in(record: Mapping[str, Any]) -> Announcement | None:
    """Return what is to be told of a change: that a job has ended with it, or nothing.

    Both images are looked at, so that a later write to the row of a job that is over tells nothing.

    Args:
        record: One record of the stream, with the row before and after.

    Raises:
        ValueError: It is not one of this table's, or of a version that is not understood.
    """
    images = record["dynamodb"]
    try:
        before, after = decode_item(images.get("OldImage", {})), decode_item(images.get("NewImage", {}))
        if _is_end(before, after):
            return Announcement.of_job(Job.from_item(after))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"{type(problem).__name__}: {problem}") from problem
    return None


def _is_end(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    if "status" not in before or "status" not in after:  # no job, or none before or after
        return False
    return not Status(before["status"]).is_final and Status(after["status"]).is_final


def lost_in(record: Mapping[str, Any]) -> str:
    """Return the id of a job whose row was removed although it had not ended; "" when that is not so.

    Nothing here removes such a row, and it has no date at which the table would: somebody did it by hand.
    """
    images = record["dynamodb"]
    before = images.get("OldImage", {})
    is_open = "NewImage" not in images and before.get("status", {}).get("S") in OPEN
    return str(before["pk"]["S"]) if is_open else ""


def place_of(record: Mapping[str, Any]) -> str:
    """Return the sequence number of a record."""
    return str(record["dynamodb"]["SequenceNumber"])
