"""The audit after a soak: every row, every queue, and all that the clients were told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from dev.faults.soak.client import FollowedJob, read_number
from dev.faults.verdict import Verdict
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import inputs_key, is_job_id
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.storage.attributes import decode_item
from local.resolver import STACK
from local.resources import make_client

_QUEUES = ("JobsQueue", "VectorQueue", "RasterQueue", "DeadLettersQueue")
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class StackReader:
    """Reads the table, the bucket and the queues of a local cloud, past every fault.

    Args:
        endpoint: URL of its AWS.
    """

    def __init__(self, endpoint: str) -> None:
        self._dynamodb: Any = make_client("dynamodb", endpoint)
        self._sqs: Any = make_client("sqs", endpoint)
        self._s3: Any = make_client("s3", endpoint)
        self._urls = [self._sqs.get_queue_url(QueueName=f"{STACK}-{name}")["QueueUrl"] for name in _QUEUES]

    def set_visibility_timeout(self, seconds: int) -> None:
        """Set for how many seconds a message of a dead worker stays hidden, instead of 90 minutes."""
        for url in self._urls:
            self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    def count_messages(self) -> int:
        """Count the messages of all queues, in flight or not, dead letters included."""
        found = [self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_COUNTS) for url in self._urls]
        return sum(int(count) for each in found for count in each["Attributes"].values())

    def read_jobs(self) -> dict[str, Job]:
        """Read every job, by its id."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=f"{STACK}-JobsTable", ConsistentRead=True
        )
        rows = (decode_item(item) for page in pages for item in page["Items"])
        return {row["pk"]: Job.from_item(row) for row in rows if is_job_id(row["pk"])}

    def read_number(self, job: Job) -> int | None:
        """Read the number of a job from its stored inputs; None for one that cannot succeed."""
        stored = self._s3.get_object(Bucket=f"{STACK}-bucket", Key=inputs_key(job.id))
        return read_number(json.loads(stored["Body"].read())["values"])


def audit(
    followed: Iterable[FollowedJob], jobs: dict[str, Job], unreported: dict[int, Job], fired: int
) -> Verdict:
    """Return the verdict on some jobs.

    Args:
        followed: The jobs as their clients saw them.
        jobs: Every row of the table, by id.
        unreported: The rows whose ids no client was told, by number.
        fired: Number of faults meanwhile.
    """
    verdict = Verdict(fired=fired)
    for each in followed:
        job = jobs.get(each.job_id) or unreported.get(each.number)
        verdict.submits += 1
        verdict.answers[each.answer] += 1
        verdict.broken.update(_find_broken(each, job))
        if job is not None:
            verdict.runs += job.attempt
            verdict.finals[job.status] += job.status.is_final
        if job is not None and job.ended_at is not None:
            verdict.seconds.append(max(0, job.ended_at - job.created_at) / 1000)
    return verdict


def _find_broken(followed: FollowedJob, job: Job | None) -> Iterator[str]:
    if job is None:
        if followed.answer == "accepted":
            yield "lost"
        return
    if not job.status.is_final or job.open_shard is not None:
        yield "stuck"
    if job.attempt > JobRules().max_attempts:
        yield "over the limit"
    if followed.answer == "refused" and job.status is Status.SUCCEEDED:
        yield "ghost"
    if followed.answer == "accepted" and followed.status != job.status.public.value:
        yield "an outcome changed" if followed.status else "stuck"
    if followed.violation:
        yield followed.violation


def find_unreported_jobs(
    reader: StackReader, followed: Iterable[FollowedJob], jobs: dict[str, Job]
) -> dict[int, Job]:
    """Find the jobs whose ids no client was told, by number; without those that cannot succeed."""
    told = {each.job_id for each in followed}
    found = ((reader.read_number(job), job) for job_id, job in jobs.items() if job_id not in told)
    return {number: job for number, job in found if number is not None}


def count_open(jobs: dict[str, Job]) -> Counter[Status]:
    """Count the jobs that have not ended, by status."""
    return Counter(job.status for job in jobs.values() if not job.status.is_final)
