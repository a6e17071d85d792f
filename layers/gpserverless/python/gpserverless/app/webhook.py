"""The function that calls the webhooks of services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from gpserverless.app.batch import process_batch
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.clock import Clock, SystemClock
from gpserverless.errors import InvalidValue, SettingsError, StorageError
from gpserverless.fetch.webhook import WebhookSender
from gpserverless.jobs.announcement import Announcement
from gpserverless.settings import Settings
from gpserverless.storage.webhook_queue import SqsWebhookQueue, read_announcement

PAUSES = (5, 30, 120, 600, 1_800, 7_200, 18_000)
"""Seconds between the attempts of one message: eight attempts in about eight hours."""

_GONE = 410

logger = make_logger()


@dataclass(frozen=True)
class WebhookSettings(Settings):
    """Settings of the function that calls webhooks."""

    switched_on: frozenset[str]
    webhooks_queue: str
    webhook_keys: tuple[bytes, ...] = field(repr=False)
    webhook_places: tuple[str, ...]


class WebhookQueue(Protocol):
    """The queue of the messages."""

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Let a received message be delivered again after some seconds.

        Args:
            receipt: Receipt of the message from the queue.
            seconds: Seconds until the next delivery.
        """


class WebhookFunction:
    """Answers the queue of announcements: calls webhooks until they confirm.

    Args:
        webhooks: The webhooks by the name of their service.
        caller: Calls them.
        queue: The queue of the messages.
        clock: The time.
    """

    def __init__(
        self, webhooks: Mapping[str, str], caller: WebhookSender, queue: WebhookQueue, clock: Clock
    ) -> None:
        self._webhooks = webhooks
        self._caller = caller
        self._queue = queue
        self._clock = clock

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> WebhookFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong; or there is no secret, although a service has a
                webhook: nothing is ever sent unsigned.
        """
        from gpserverless.storage.clients import sqs_client

        settings = WebhookSettings.read(environment)
        webhooks = load_catalogue(settings.switched_on).webhooks
        if webhooks and not settings.webhook_keys:
            raise SettingsError(
                f"The environment variable WEBHOOK_SECRET is missing; {min(webhooks)} has a webhook."
            )
        caller = WebhookSender(settings.webhook_keys, frozenset(settings.webhook_places))
        return cls(webhooks, caller, SqsWebhookQueue(sqs_client(), settings.webhooks_queue), SystemClock())

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the queue with the messages that should come again.

        Args:
            event: A Lambda event of SQS.
        """
        return process_batch(event, self._process)

    def _process(self, record: Mapping[str, Any]) -> bool:
        announcement = read_announcement(record["body"])
        if announcement is None:  # nobody will ever understand it
            logger.error("message not understood", extra={"message_id": record["messageId"]})
            return True
        with log_ids(job=announcement.job_id, toolbox=announcement.service):
            return self._announce(announcement, record)

    def _announce(self, announcement: Announcement, record: Mapping[str, Any]) -> bool:
        url = self._webhooks.get(announcement.service)
        if url is None:
            logger.info("no webhook any more")
            return True
        attempt = int(record["attributes"]["ApproximateReceiveCount"])
        call = {"host": urlsplit(url).hostname, "attempt": attempt}
        answer = self._call(url, announcement)
        if answer == _GONE or (isinstance(answer, int) and 200 <= answer < 300):
            logger.info("webhook gone" if answer == _GONE else "webhook called", extra=call)
            return True
        logger.warning("webhook not called", extra={**call, "answer": answer})
        self._hand_back(record["receiptHandle"], attempt)
        return False

    def _call(self, url: str, announcement: Announcement) -> int | str:
        """Return the status of a webhook's answer, or why there was none."""
        now = self._clock.now() // 1000
        try:
            return self._caller.send(url, announcement.id, payload_of(announcement), now)
        except InvalidValue as problem:
            return str(problem)

    def _hand_back(self, receipt: str, attempt: int) -> None:
        """Let a message rest; after the last attempt it goes to the undelivered ones when it is next due."""
        seconds = PAUSES[attempt - 1] if attempt <= len(PAUSES) else 0
        try:
            self._queue.hand_back(receipt, seconds)
        except StorageError as problem:  # it comes again when the queue's own time is over
            logger.warning("message not handed back", extra={"problem": str(problem)})


def payload_of(announcement: Announcement) -> bytes:
    """Return the body of a call: the form that Standard Webhooks recommends.

    Args:
        announcement: The announcement.
    """
    body = {"type": "job.ended", "timestamp": announcement.ended_at, "data": announcement.detail}
    return json.dumps(body, separators=(",", ":")).encode()
