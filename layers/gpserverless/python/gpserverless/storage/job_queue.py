"""The queue of jobs in SQS."""

from __future__ import annotations

from gpserverless.jobs.keys import is_job_id
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.sqs_queue import SqsQueue, read_message, write_message


class SqsJobQueue(SqsQueue):
    """Messages `{"v": 1, "job": id}`; the state of the job is in the table alone."""

    def send(self, job_id: str) -> None:
        """Wake a worker to look at a job."""
        with storage_errors("send a message"):
            self._client.send_message(QueueUrl=self._url, MessageBody=write_job_message(job_id))


def write_job_message(job_id: str) -> str:
    """Return the body of a message about a job.

    Args:
        job_id: Id of the job.
    """
    return write_message(job=job_id)


def read_job_id(body: str) -> str | None:
    """Return the id of the job of a message, or None if the message is not one of ours.

    Args:
        body: Body of the message.
    """
    job_id = read_message(body).get("job")
    return job_id if isinstance(job_id, str) and is_job_id(job_id) else None
