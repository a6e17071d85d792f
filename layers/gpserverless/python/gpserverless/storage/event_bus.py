"""Announcements as events of EventBridge."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gpserverless.jobs.announcement import Announcement
from gpserverless.storage.failures import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "gpserverless"
JOB_ENDED = "Job ended"
MOST_ENTRIES = 10
"""Most events of one PutEvents, and messages of one SendMessageBatch."""


class EventBus:
    """The account's default bus.

    Args:
        client: Client of EventBridge.
    """

    def __init__(self, client: EventBridgeClient) -> None:
        self._client = client

    def publish(self, announcements: Sequence[Announcement]) -> frozenset[str]:
        """Publish at most ten announcements, and return the ids of those that failed.

        Args:
            announcements: One to ten announcements.

        Raises:
            StorageError: EventBridge could not be reached.
        """
        with storage_errors("publish an event"):
            answer = self._client.put_events(
                Entries=[
                    {
                        "Source": SOURCE,
                        "DetailType": JOB_ENDED,
                        "Time": announcement.ended_at,
                        "Detail": json.dumps(announcement.detail),
                    }
                    for announcement in announcements
                ]
            )
        results = zip(announcements, answer["Entries"], strict=True)
        return frozenset(announcement.id for announcement, entry in results if "EventId" not in entry)
