"""A standard SQS queue on the virtual clock.

moto's queues go by the wall clock, so this class replaces a client of SQS. Delivery is at least once. A
received message is hidden for the visibility timeout, and after some receives it becomes a dead letter
(docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from dev.faults.lab.injection import Injection
from dev.faults.lab.scheduler import Scheduler


@dataclass
class QueuedMessage:
    """One message.

    Attributes:
        number: Its id and its receipt handle.
        body: Its text.
        visible_at: When it can be received, in milliseconds.
        received: How often it was received.
        is_copy: Whether it is a second delivery of another message.
    """

    number: int
    body: str
    visible_at: int
    received: int = 0
    is_copy: bool = False

    @property
    def event(self) -> dict[str, object]:
        """The Lambda event with this message alone."""
        name = str(self.number)
        return {"Records": [{"messageId": name, "receiptHandle": name, "body": self.body}]}


class SimulatedQueue:
    """A queue with its dead letters, used as a client of SQS.

    Args:
        scheduler: Its clock.
        injection: The faults.
        visibility_ms: Milliseconds for which a received message is hidden.
        receives: Receives of a message before it becomes a dead letter.

    Attributes:
        dead: The dead letters.
    """

    def __init__(self, scheduler: Scheduler, injection: Injection, visibility_ms: int, receives: int) -> None:
        self.dead: list[QueuedMessage] = []
        self._scheduler = scheduler
        self._injection = injection
        self._visibility = visibility_ms
        self._receives = receives
        self._messages: dict[int, QueuedMessage] = {}
        self._number = itertools.count()

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803  # as botocore spells them
        """Send a message, as the client of SQS does."""
        with self._injection.call("send"):
            if not self._injection.rolls("send swallowed"):
                self._put(MessageBody)

    def change_message_visibility(
        self,
        QueueUrl: str,  # noqa: N803
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> None:
        """Change when a message can be received again, as the client of SQS does."""
        with self._injection.call("hand back"):
            if message := self._messages.get(int(ReceiptHandle)):
                message.visible_at = self._scheduler.now + VisibilityTimeout * 1000

    def receive(self) -> QueuedMessage | None:
        """Return a visible message, if there is one, and hide it."""
        for message in self._find_visible():
            if message.received >= self._receives:
                self.dead.append(self._messages.pop(message.number))
                continue
            message.received += 1
            message.visible_at = self._scheduler.now + self._visibility
            if not message.is_copy and self._injection.rolls("delivered twice"):
                self._put(message.body, is_copy=True)
            return message
        return None

    def delete(self, message: QueuedMessage) -> None:
        """Delete a message; it may be gone already."""
        self._messages.pop(message.number, None)

    @property
    def is_quiet(self) -> bool:
        """Whether there is neither a visible message nor a dead letter."""
        return not self._find_visible() and not self.dead

    def _find_visible(self) -> list[QueuedMessage]:
        return [each for each in self._messages.values() if each.visible_at <= self._scheduler.now]

    def _put(self, body: str, *, is_copy: bool = False) -> None:
        number = next(self._number)
        arrives = self._scheduler.now + (self._injection.random.randint(0, 90_000) if is_copy else 0)
        self._messages[number] = QueuedMessage(number, body, arrives, is_copy=is_copy)
