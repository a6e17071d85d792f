"""Going through the books after a soak: every row, every queue, and what every client had been told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from dev.faults.client import Followed, number_in
from dev.faults.verdict import Verdict
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import inputs_key, is_job_id
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.storage.attributes import decode_item
from local.resolver import STACK
from local.resources import client

_QUEUES = ("JobsQueue", "VectorQueue", "RasterQueue", "DeadLettersQueue")
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class Books:
    """The table, the bucket and the queues of a local cloud, read past every fault.

    Args:
        endpoint: Where its AWS is.
    """

    def __init__(self, endpoint: str) -> None:
        self._dynamodb: Any = client("dynamodb", endpoint)
        self._sqs: Any = client("sqs", endpoint)
        self._s3: Any = client("s3", endpoint)
        self._urls = [self._sqs.get_queue_url(QueueName=f"{STACK}-{name}")["QueueUrl"] for name in _QUEUES]

    def let_messages_return(self, seconds: int) -> None:
        """Let a message that a dead worker had come again after some seconds, not after 90 minutes."""
        for url in self._urls:
            self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    def waiting(self) -> int:
        """Return how many messages the queues hold, in flight or not, dead letters included."""
        found = [self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_COUNTS) for url in self._urls]
        return sum(int(count) for each in found for count in each["Attributes"].values())

    def jobs(self) -> dict[str, Job]:
        """Return every job by its id."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=f"{STACK}-JobsTable", ConsistentRead=True
        )
        rows = (decode_item(item) for page in pages for item in page["Items"])
        return {row["pk"]: Job.from_item(row) for row in rows if is_job_id(row["pk"])}

    def number_of(self, job: Job) -> int | None:
        """Return the number that a job was submitted with, whose client was not told its id."""
        stored = self._s3.get_object(Bucket=f"{STACK}-bucket", Key=inputs_key(job.id))
        return number_in(json.loads(stored["Body"].read())["values"])


def judge(followed: Iterable[Followed], jobs: dict[str, Job], unheard: dict[int, Job], fired: int) -> Verdict:
    """Return what some jobs came to.

    Args:
        followed: What their clients saw.
        jobs: Every row of the table.
        unheard: The rows whose clients were not told their ids, by number.
        fired: How many faults there were meanwhile.
    """
    verdict = Verdict(fired=fired)
    for each in followed:
        job = jobs.get(each.job_id) or unheard.get(each.number)
        verdict.submits += 1
        verdict.heard[each.heard] += 1
        verdict.broken.update(_broken(each, job))
        if job is not None:
            verdict.runs += job.attempt
            verdict.finals[job.status] += job.status.is_final
        if job is not None and job.ended_at is not None:
            verdict.seconds.append(max(0, job.ended_at - job.created_at) / 1000)
    return verdict


def _broken(followed: Followed, job: Job | None) -> Iterator[str]:
    if job is None:
        if followed.heard == "accepted":
            yield "lost"
        return
    if not job.status.is_final or job.open_shard is not None:
        yield "stuck"
    if job.attempt > JobRules().max_attempts:
        yield "over the limit"
    if followed.heard == "refused" and job.status is Status.SUCCEEDED:
        yield "ghost"
    if followed.heard == "accepted" and followed.status != job.status.shown.value:
        yield "an outcome changed" if followed.status else "stuck"
    if followed.wrong:
        yield followed.wrong


def unheard_of(books: Books, followed: Iterable[Followed], jobs: dict[str, Job]) -> dict[int, Job]:
    """Return the jobs that no client was told the id of, by their numbers; without those that fail anyway."""
    told = {each.job_id for each in followed}
    found = ((books.number_of(job), job) for job_id, job in jobs.items() if job_id not in told)
    return {number: job for number, job in found if number is not None}


def left_open(jobs: dict[str, Job]) -> Counter[Status]:
    """Return how many jobs have not ended, by where they stand."""
    return Counter(job.status for job in jobs.values() if not job.status.is_final)
