"""The function that announces the ends of jobs: on the bus of events, and to webhooks by their queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.app.batch import partial_failure
from gpserverless.app.load_catalogue import from_catalogue_file
from gpserverless.app.logs import about, make_logger
from gpserverless.app.metrics import job_lost
from gpserverless.errors import StorageError
from gpserverless.jobs.announcement import Announcement
from gpserverless.settings import Settings
from gpserverless.storage.event_bus import MOST_ENTRIES, EventBus
from gpserverless.storage.job_stream import find_end, find_lost_job, sequence_number
from gpserverless.storage.webhook_queue import SqsWebhookQueue

logger = make_logger()

Tell = Callable[[Sequence[Announcement]], frozenset[str]]


@dataclass(frozen=True)
class AnnounceSettings(Settings):
    """Settings of the function that announces the ends of jobs."""

    switched_on: frozenset[str]
    webhooks_queue: str


class AnnounceFunction:
    """Answers the stream of changes of the table of jobs, and counts the open ones that are gone from it.

    The table is its own outbox: whoever ends a job writes its row and nothing else, so no end is missed and
    nobody waits. What could not be told comes again, so everything may be told twice, under the same id.

    Args:
        publish: Tells the bus, and returns the ids of what it did not take.
        queue: Likewise for the queue of webhooks.
        webhooks: The names of the services that have one.
    """

    def __init__(self, publish: Tell, queue: Tell, webhooks: frozenset[str]) -> None:
        self._publish = publish
        self._queue = queue
        self._webhooks = webhooks

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> AnnounceFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        from gpserverless.storage.clients import events_client, sqs_client

        settings = AnnounceSettings.read(environment)
        queue = SqsWebhookQueue(sqs_client(), settings.webhooks_queue)
        webhooks = from_catalogue_file(settings.switched_on).webhooks
        return cls(EventBus(events_client()).publish, queue.send, frozenset(webhooks))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the stream with the records that should come again.

        Args:
            event: A Lambda event of DynamoDB.
        """
        for record in event["Records"]:
            if job_id := find_lost_job(record):
                job_lost(job_id)
        ends = [(sequence_number(record), ended) for record in event["Records"] if (ended := _end_in(record))]
        failed: list[str] = []
        for start in range(0, len(ends), MOST_ENTRIES):
            batch = ends[start : start + MOST_ENTRIES]
            missed = self._announce([ended for _, ended in batch])
            failed += [place for place, ended in batch if ended.id in missed]
        return partial_failure(failed)

    def _announce(self, ends: Sequence[Announcement]) -> frozenset[str]:
        """Tell both, whatever became of the other, and return the ids of what must be told again."""
        missed = _told(self._publish, ends)
        if awaited := [ended for ended in ends if ended.service in self._webhooks]:
            missed |= _told(self._queue, awaited)
        for ended in ends:
            with about(job=ended.job_id, toolbox=ended.service):
                logger.info("announced", extra={"again": ended.id in missed})
        return missed


def _told(tell: Tell, ends: Sequence[Announcement]) -> frozenset[str]:
    try:
        return tell(ends)
    except StorageError as problem:
        logger.warning("not announced", extra={"jobs": [e.job_id for e in ends], "problem": str(problem)})
        return frozenset(ended.id for ended in ends)


def _end_in(record: Mapping[str, Any]) -> Announcement | None:
    try:
        return find_end(record)
    except ValueError as problem:  # it would never be understood, and hold up all that come after it
        logger.error(
            "record not understood", extra={"place": sequence_number(record), "problem": str(problem)}
        )
        return None
