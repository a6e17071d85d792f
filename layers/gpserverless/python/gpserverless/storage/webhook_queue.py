"""The queue of announcements for webhooks."""

from __future__ import annotations

from collections.abc import Sequence

from gpserverless.jobs.announcement import Announcement
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.sqs_queue import SqsQueue, read_message, write_message

_NEEDED = {"id", "jobId", "service", "endedAt"}


class SqsWebhookQueue(SqsQueue):
    """Messages `{"v": 1, "detail": …}`: one announcement each."""

    def send(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        """Queue at most ten announcements, and return the ids of those that failed.

        Raises:
            StorageError: SQS could not be reached.
        """
        with storage_errors("queue a webhook"):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "MessageBody": write_announcement(announcement)}
                    for number, announcement in enumerate(announcements)
                ],
            )
        return frozenset(announcements[int(failed["Id"])].id for failed in answer.get("Failed", ()))


def write_announcement(announcement: Announcement) -> str:
    """Return the body of a message with an announcement.

    Args:
        announcement: The announcement.
    """
    return write_message(detail=announcement.detail)


def read_announcement(body: str) -> Announcement | None:
    """Return the announcement in a message, or None if the message is not one of ours.

    Args:
        body: Body of the message.
    """
    detail = read_message(body).get("detail")
    if not isinstance(detail, dict) or not detail.keys() >= _NEEDED:
        return None
    return Announcement(detail)
