"""What is told to others when a job has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gpserverless.jobs.job import Job


@dataclass(frozen=True)
class Announcement:
    """The end of a job, in the words of the wire.

    It may be told more than once, but always with the same id and the same words.

    Attributes:
        detail: What is told, as JSON: `id`, `jobId`, `jobStatus`, `service`, `task`, `jobUrl`, `owner` if the
            job has one, the times `submittedAt`, `startedAt` and `endedAt` as far as there were such moments,
            and `usage` if the row says what the job has cost.
    """

    detail: Mapping[str, Any]

    @property
    def id(self) -> str:
        """What tells it from every other; a receiver drops what it has seen before."""
        return str(self.detail["id"])

    @property
    def job_id(self) -> str:
        """The job that ended."""
        return str(self.detail["jobId"])

    @property
    def service(self) -> str:
        """Qualified name of the job's service."""
        return str(self.detail["service"])

    @property
    def ended_at(self) -> str:
        """When the job ended: ISO 8601, UTC."""
        return str(self.detail["endedAt"])


def announcement_of(ended: Job) -> Announcement:
    """Return what is told of a job that has ended."""
    times = {"submittedAt": ended.submitted_at, "startedAt": ended.started_at, "endedAt": ended.ended_at}
    detail: dict[str, Any] = {
        "id": f"{ended.id}-ended",
        "jobId": ended.id,
        "jobStatus": ended.status.value,
        "service": ended.service,
        "task": ended.task,
        "jobUrl": f"{ended.root}/rest/services/{ended.service}/GPServer/{ended.task}/jobs/{ended.id}",
        **({"owner": ended.owner} if ended.owner else {}),
        **{name: _iso(time) for name, time in times.items() if time is not None},
        **({"spent": _plain(ended.usage.to_row())} if ended.usage else {}),
    }
    return Announcement(detail)


def _plain(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of what was spent, in numbers that JSON has."""
    return {
        name: float(amount) if isinstance(amount, Decimal) else amount
        for name, amount in usage.items()
        if amount is not None
    }


def _iso(milliseconds: int) -> str:
    text = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
