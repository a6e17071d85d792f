"""The queue of wake-up calls in SQS."""

from __future__ import annotations

from gpserverless.jobs.keys import is_job_id
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.sqs_queue import SqsQueue, read_message, write_message


class SqsJobQueue(SqsQueue):
    """Messages `{"v": 1, "job": id}`; a message only says that somebody should look at the job."""

    def send(self, job_id: str) -> None:
        """Tell some worker to look at a job."""
        with storage_errors("send a message"):
            self._client.send_message(QueueUrl=self._url, MessageBody=message_about(job_id))


def message_about(job_id: str) -> str:
    """Return the body of a message that names a job."""
    return write_message(job=job_id)


def job_named_in(body: str) -> str | None:
    """Return the id of the job that a message names, or None when it is not one of ours."""
    job_id = read_message(body).get("job")
    return job_id if isinstance(job_id, str) and is_job_id(job_id) else None
