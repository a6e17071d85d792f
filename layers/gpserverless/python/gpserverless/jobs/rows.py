"""Rows of the table: what every new one has, and the records in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpserverless.jobs.job import NewJob


def pick_fields(record: type, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a map that a dataclass has fields for.

    A newer version may have written a row, and an older one may read it.

    Args:
        record: The dataclass.
        item: A row, or a map in it.
    """
    return {field.name: item[field.name] for field in fields(record) if field.name in item}


def make_row(new: NewJob, token: str, input_bytes: int, now: int) -> dict[str, Any]:
    """Return the part of a new job's row that is the same in every status.

    Args:
        new: The job.
        token: Secret of the submit.
        input_bytes: Size of the stored inputs.
        now: Milliseconds since 1970-01-01 UTC.
    """
    return {
        "pk": new.id,
        "rev": 1,
        "attempt": 0,
        "create_token": token,
        "owner": new.origin.owner,
        "service": new.call.service,
        "task": new.call.task,
        "worker": new.worker,
        "root": new.origin.root,
        "inputs": list(new.call.values),
        "input_bytes": input_bytes,
        "created_at": now,
        **({"listed_for": new.origin.owner} if new.origin.owner else {}),
        **({"payer": new.origin.payer} if new.origin.payer else {}),
    }
