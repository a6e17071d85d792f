"""What a job has spent: time, memory and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gpserverless.jobs.pricing import ENDING, SUBMIT, dollars
from gpserverless.jobs.status import Status

if TYPE_CHECKING:
    from gpserverless.jobs.job import Job

_NANODOLLAR = Decimal("0.000000001")


@dataclass(frozen=True)
class Usage:
    """What a job has spent so far, all attempts together; each write of a worker carries it on.

    Attributes:
        queue_ms: Milliseconds from its submit on in which no worker had it.
        run_ms: Milliseconds in which one had it.
        peak_bytes: Most memory that its tool's process had resident; None where nobody measured it.
        dollars: What it cost, see `bill`.
    """

    queue_ms: int = 0
    run_ms: int = 0
    peak_bytes: int | None = None
    dollars: Decimal = Decimal(0)

    def to_row(self) -> dict[str, Any]:
        """Return it as the row holds it: the map `usage`; dollars are rounded to a thousand-millionth."""
        return {**vars(self), "dollars": self.dollars.quantize(_NANODOLLAR)}

    @classmethod
    def from_row(cls, item: Mapping[str, Any] | None) -> Usage | None:
        """Read what `to_row` wrote; None of a row that has none yet."""
        if item is None:
            return None
        found = known_fields(cls, item)
        return cls(**found | {"dollars": Decimal(found.get("dollars", 0))})


def known_fields(kind: type, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a dataclass has a field for: rows may be written by a newer version than reads them."""
    return {field.name: item[field.name] for field in fields(kind) if field.name in item}


NO_USAGE = Usage()


def known(job: Job) -> Usage:
    """Return what a job's row tells of what it has spent: the submit at least."""
    return job.usage or Usage(dollars=dollars(SUBMIT))


def waited_until(job: Job, now: int) -> int:
    """Return for how many milliseconds a job has waited, if no worker had it but for what the row tells."""
    if job.submitted_at is None:
        return 0
    return max(0, now - job.submitted_at - known(job).run_ms)


def without_worker(job: Job, now: int) -> Usage:
    """Return what a job has spent that is ended by somebody else than a worker.

    Of an attempt whose worker was lost this is what its last beat told, and nothing of one without a beat.

    Args:
        job: The job as it was read before it is ended.
        now: When it is ended, in milliseconds since 1970-01-01 UTC.
    """
    usage = known(job)
    if job.status not in (Status.EXECUTING, Status.CANCELLING):
        usage = replace(usage, queue_ms=waited_until(job, now))
    elif job.usage is None and job.started_at is not None:
        usage = replace(usage, queue_ms=waited_until(job, job.started_at))
    return replace(usage, dollars=usage.dollars + dollars(ENDING))
