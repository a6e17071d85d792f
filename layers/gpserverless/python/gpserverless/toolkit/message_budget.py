"""How many of a run's messages are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from gpserverless.toolkit.run import Message
from gpserverless.values.secrets import blank_secrets


@dataclass(frozen=True, kw_only=True)
class MessageLimits:
    """Limits of the messages of one run."""

    #: Number of messages.
    max_messages: int = 200
    #: Characters of one message; a longer text is cut.
    max_message_chars: int = 1_000
    #: Bytes of all messages as JSON; a worker pays by it whenever it reads the row.
    max_messages_bytes: int = 64_000


class MessageBudget:
    """Keeps messages within limits, and counts the others.

    Args:
        limits: The limits.
        kept: Messages that are kept already.

    Attributes:
        dropped: Number of messages that were left out.
    """

    def __init__(self, limits: MessageLimits, kept: Iterable[Message] = ()) -> None:
        self._limits = limits
        self._left = limits.max_messages
        self._bytes_left = limits.max_messages_bytes
        self.dropped = 0
        for message in kept:
            self._spend(message)

    def admit(self, message: Message) -> Message | None:
        """Return the message, or None from the first on that has no room.

        Its text is cut to the limit, and secrets in it are blank.

        Args:
            message: The next message of the run.
        """
        limit = self._limits.max_message_chars
        text = "" if self.dropped else blank_secrets(message.text)
        text = text if len(text) <= limit else text[: limit - 1] + "…"
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
