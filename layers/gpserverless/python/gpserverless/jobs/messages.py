"""Messages of a job beside those of its tool, and the limits within which those are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage
from gpserverless.toolkit.run import Message

_VERBS = {Status.SUCCEEDED: "Succeeded", Status.FAILED: "Failed", Status.TIMED_OUT: "Timed out"}


def info(text: str) -> Message:
    """Return an informative message."""
    return Message("informative", text)


def warning(text: str) -> Message:
    """Return a warning."""
    return Message("warning", text)


def error(text: str) -> Message:
    """Return an error message."""
    return Message("error", text)


SUBMITTED = info("Submitted.")
EXECUTING = info("Executing...")
CANCELLED = info("Cancelled.")


def describe_outcome(status: Status, ended_at: int, started_at: int | None) -> Message:
    """Return the last message of a job.

    Args:
        status: A final status.
        ended_at: When it ended, in milliseconds since 1970-01-01 UTC.
        started_at: When its run began; None when it never did.
    """
    if status is Status.CANCELLED:
        return CANCELLED
    text = f"{_VERBS[status]} at {datetime.fromtimestamp(ended_at / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if started_at is not None:
        text += f" (Elapsed Time: {(ended_at - started_at) / 1000:.2f} seconds)"
    return info(text)


def describe_usage(usage: Usage) -> Message:
    """Return the message with a job's time, memory and cost; it comes before the last one.

    Clients may read the last message as the outcome, so the last message stays ArcGIS's own.
    """
    parts = [f"Queued {usage.queue_ms / 1000:.2f} seconds"]
    if usage.run_ms:
        parts.append(f"ran {usage.run_ms / 1000:.2f} seconds")
    if usage.peak_bytes is not None:
        parts.append(f"peak memory {usage.peak_bytes / 2**20:.0f} MB")
    return info(f"{', '.join(parts)}, cost about ${usage.dollars:.6f}.")


class MessageBudget:
    """Keeps a job's messages within the limits of its row, and counts those left out.

    Args:
        rules: The limits.
        kept: The messages that the row holds already.

    Attributes:
        dropped: Number of messages left out.
    """

    def __init__(self, rules: JobRules, kept: Iterable[Message] = ()) -> None:
        self._rules = rules
        self._left = rules.max_messages
        self._bytes_left = rules.max_messages_bytes
        self.dropped = 0
        for message in kept:
            self._spend(message)

    def admit(self, message: Message) -> Message | None:
        """Return the message with its text cut to the limit, or None once there is no room."""
        limit = self._rules.max_message_chars
        text = message.text if len(message.text) <= limit else message.text[: limit - 1] + "…"
        short = Message(message.kind, text)
        if self.dropped or self._left < 1 or self._bytes_left < _size(short):
            self.dropped += 1
            return None
        self._spend(short)
        return short

    def _spend(self, message: Message) -> None:
        self._left -= 1
        self._bytes_left -= _size(message)


def _size(message: Message) -> int:
    return len(json.dumps(message.text, ensure_ascii=False).encode("utf-8", "replace"))
