"""The announcement of a job's end, for events and webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gpserverless.jobs.job import Job


@dataclass(frozen=True)
class Announcement:
    """The end of a job, as JSON.

    It may be delivered more than once, each time with the same id and the same text.
    """

    #: `id`, `jobId`, `jobStatus`, `service`, `task`, `jobUrl`; `owner` if the job has one; the times
    #: `submittedAt`, `startedAt` and `endedAt`, those that there were; `spent` if the row holds the usage.
    detail: Mapping[str, Any]

    @classmethod
    def of_job(cls, ended: Job) -> Announcement:
        """Return the announcement of a job that has ended.

        Args:
            ended: The job, in a final status.
        """
        times = {"submittedAt": ended.submitted_at, "startedAt": ended.started_at, "endedAt": ended.ended_at}
        return cls(
            {
                "id": f"{ended.id}-ended",
                "jobId": ended.id,
                "jobStatus": ended.status.value,
                "service": ended.service,
                "task": ended.task,
                "jobUrl": f"{ended.root}/rest/services/{ended.service}/GPServer/{ended.task}/jobs/{ended.id}",
                **({"owner": ended.owner} if ended.owner else {}),
                **{name: _iso_time(time) for name, time in times.items() if time is not None},
                **({"spent": _json_numbers(ended.usage.to_row())} if ended.usage else {}),
            }
        )

    @property
    def id(self) -> str:
        """Id of the announcement; receivers drop one that they have seen before."""
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


def _json_numbers(usage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: float(amount) if isinstance(amount, Decimal) else amount
        for name, amount in usage.items()
        if amount is not None
    }


def _iso_time(milliseconds: int) -> str:
    text = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
