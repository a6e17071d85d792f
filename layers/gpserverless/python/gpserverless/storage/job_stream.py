"""Records of the stream of the table of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.jobs.announcement import Announcement
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import OPEN, Status
from gpserverless.storage.attributes import decode_item


def find_end(record: Mapping[str, Any]) -> Announcement | None:
    """Return the announcement of a job that has ended with a change, or None.

    A later write to the row of a job that is over announces nothing: the row before is looked at as well.

    Args:
        record: One record of the stream, with the row before and after.

    Raises:
        ValueError: The record is of another table or another version.
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
    if "status" not in after:  # no job, or none any more
        return False
    was_open = "status" not in before or not Status(before["status"]).is_final
    return was_open and Status(after["status"]).is_final


def find_lost_job(record: Mapping[str, Any]) -> str:
    """Return the id of a job whose row was removed before it ended, or "".

    No function removes such a row, and it has no date at which the table would: it was removed by hand.

    Args:
        record: One record of the stream.
    """
    images = record["dynamodb"]
    before = images.get("OldImage", {})
    is_open = "NewImage" not in images and before.get("status", {}).get("S") in OPEN
    return str(before["pk"]["S"]) if is_open else ""


def sequence_number(record: Mapping[str, Any]) -> str:
    """Return the place of a record in the stream.

    Args:
        record: A record of the DynamoDB stream.
    """
    return str(record["dynamodb"]["SequenceNumber"])
