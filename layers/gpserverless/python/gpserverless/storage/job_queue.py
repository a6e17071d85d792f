"""The queue of wake-up calls in SQS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gpserverless.jobs.keys import is_job_id
from gpserverless.storage.failures import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_VERSION = 1


class SqsJobQueue:
    """Messages `{"v": 1, "job": id}`; a message only says that somebody should look at the job.

    Args:
        client: Client of SQS.
        url: URL of the queue.
    """

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, job_id: str) -> None:
        """Tell some worker to look at a job."""
        with storage_errors("send a message"):
            self._client.send_message(QueueUrl=self._url, MessageBody=message_about(job_id))

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Let a received message be delivered again after some seconds."""
        with storage_errors("hand a message back"):
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )


def message_about(job_id: str) -> str:
    """Return the body of a message that names a job."""
    return json.dumps({"v": _VERSION, "job": job_id})


def job_named_in(body: str) -> str | None:
    """Return the id of the job that a message names, or None when it is not one of ours."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.get("v") != _VERSION:
        return None
    job_id = message.get("job")
    return job_id if isinstance(job_id, str) and is_job_id(job_id) else None
