"""The function that announces the ends of jobs: on the bus of events, and to webhooks by their queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.app.batch import partial_failure
from gpserverless.app.job_metrics import record_lost_job
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.errors import StorageError
from gpserverless.jobs.announcement import Announcement
from gpserverless.settings import Settings
from gpserverless.storage.event_bus import MOST_ENTRIES, EventBus
from gpserverless.storage.job_stream import find_end, find_lost_job, sequence_number
from gpserverless.storage.webhook_queue import SqsWebhookQueue

logger = make_logger()

Send = Callable[[Sequence[Announcement]], frozenset[str]]


@dataclass(frozen=True)
class AnnounceSettings(Settings):
    """Settings of the function that announces the ends of jobs."""

    switched_on: frozenset[str]
    webhooks_queue: str


class AnnounceFunction:
    """Answers the stream of changes of the job table, and counts the open jobs that are gone from it.

    The table is its own outbox: the end of a job is one write of its row, so no end is missed and nobody
    waits. An announcement that could not be sent comes again, so it may be
    sent twice, under the same id.

    Args:
        publish: Sends to the bus, and returns the ids of the announcements that failed.
        queue: Sends to the queue of webhooks, likewise.
        webhooks: The names of the services that have a webhook.
    """

    def __init__(self, publish: Send, queue: Send, webhooks: frozenset[str]) -> None:
        self._publish = publish
        self._queue = queue
        self._webhooks = webhooks

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> AnnounceFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        from gpserverless.storage.clients import events_client, sqs_client

        settings = AnnounceSettings.read(environment)
        queue = SqsWebhookQueue(sqs_client(), settings.webhooks_queue)
        webhooks = load_catalogue(settings.switched_on).webhooks
        return cls(EventBus(events_client()).publish, queue.send, frozenset(webhooks))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the stream with the records that should come again.

        Args:
            event: A Lambda event of DynamoDB.
        """
        for record in event["Records"]:
            if job_id := find_lost_job(record):
                record_lost_job(job_id)
        ends = [
            (sequence_number(record), ended) for record in event["Records"] if (ended := _read_end(record))
        ]
        failed: list[str] = []
        for start in range(0, len(ends), MOST_ENTRIES):
            batch = ends[start : start + MOST_ENTRIES]
            missed = self._announce([ended for _, ended in batch])
            failed += [place for place, ended in batch if ended.id in missed]
        return partial_failure(failed)

    def _announce(self, ends: Sequence[Announcement]) -> frozenset[str]:
        """Send to both, even if one fails, and return the ids of the announcements that failed."""
        missed = _send(self._publish, ends)
        if awaited := [ended for ended in ends if ended.service in self._webhooks]:
            missed |= _send(self._queue, awaited)
        for ended in ends:
            with log_ids(job=ended.job_id, toolbox=ended.service):
                logger.info("announced", extra={"again": ended.id in missed})
        return missed


def _send(send: Send, ends: Sequence[Announcement]) -> frozenset[str]:
    try:
        return send(ends)
    except StorageError as problem:
        logger.warning("not announced", extra={"jobs": [e.job_id for e in ends], "problem": str(problem)})
        return frozenset(ended.id for ended in ends)


def _read_end(record: Mapping[str, Any]) -> Announcement | None:
    try:
        return find_end(record)
    except ValueError as problem:  # it would never be understood, and hold up all that come after it
        logger.error(
            "record not understood", extra={"place": sequence_number(record), "problem": str(problem)}
        )
        return None
