"""The queue of what webhooks are to be told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gpserverless.jobs.announcement import Announcement
from gpserverless.storage.failures import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_VERSION = 1
_NEEDED = {"id", "jobId", "service", "endedAt"}


class SqsWebhookQueue:
    """Messages `{"v": 1, "detail": …}`: one announcement each.

    Args:
        client: Client of SQS.
        url: URL of the queue.
    """

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        """Queue at most ten announcements, and return the ids of those that the queue did not take.

        Raises:
            StorageError: SQS could not be reached.
        """
        with storage_errors("queue a webhook"):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "MessageBody": message_with(announcement)}
                    for number, announcement in enumerate(announcements)
                ],
            )
        return frozenset(announcements[int(failed["Id"])].id for failed in answer.get("Failed", ()))

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Let a received message be delivered again after some seconds.

        Raises:
            StorageError: SQS could not be reached; the message returns when the queue's own time is over.
        """
        with storage_errors("hand a webhook back"):
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )


def message_with(announcement: Announcement) -> str:
    """Return the body of a message with an announcement."""
    return json.dumps({"v": _VERSION, "detail": announcement.detail}, separators=(",", ":"))


def announced_in(body: str) -> Announcement | None:
    """Return the announcement in a message, or None when it is not one of ours."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.get("v") != _VERSION:
        return None
    detail = message.get("detail")
    if not isinstance(detail, dict) or not detail.keys() >= _NEEDED:
        return None
    return Announcement(detail)
