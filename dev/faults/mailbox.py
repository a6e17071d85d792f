"""A standard queue on the stage's clock: what SQS promises, and no more.

moto's queues go by the wall clock, so this one stands in for a client of SQS. Delivery is at least once, a
received message is hidden for the visibility timeout, and after so many receives it goes to the dead letters
(docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from dev.faults.injection import Injection
from dev.faults.stage import Stage


@dataclass
class Letter:
    """A message: its text, when it can be received, how often it was, and whether it is a second copy."""

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


class Mailbox:
    """A queue with its dead letters, to be used as a client of SQS.

    Args:
        stage: Whose clock it goes by.
        injection: What goes wrong.
        visibility_ms: For how long a received message is hidden.
        receives: How often a message is received at most.
    """

    def __init__(self, stage: Stage, injection: Injection, visibility_ms: int, receives: int) -> None:
        self.dead: list[Letter] = []
        self._stage = stage
        self._injection = injection
        self._visibility = visibility_ms
        self._receives = receives
        self._letters: dict[int, Letter] = {}
        self._number = itertools.count()

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803  # as botocore spells them
        """Take a message, as the client of SQS does."""
        with self._injection.call("send"):
            if not self._injection.rolls("send swallowed"):
                self._put(MessageBody)

    def change_message_visibility(
        self,
        QueueUrl: str,  # noqa: N803
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> None:
        """Let a message come again, as the client of SQS does."""
        with self._injection.call("hand back"):
            if letter := self._letters.get(int(ReceiptHandle)):
                letter.visible_at = self._stage.now + VisibilityTimeout * 1000

    def receive(self) -> Letter | None:
        """Return a visible message, if there is one, and hide it."""
        for letter in self._due():
            if letter.received >= self._receives:
                self.dead.append(self._letters.pop(letter.number))
                continue
            letter.received += 1
            letter.visible_at = self._stage.now + self._visibility
            if not letter.is_copy and self._injection.rolls("delivered twice"):
                self._put(letter.body, is_copy=True)
            return letter
        return None

    def delete(self, letter: Letter) -> None:
        """Forget a message that was worked on."""
        self._letters.pop(letter.number, None)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing can be received now."""
        return not self._due() and not self.dead

    def _due(self) -> list[Letter]:
        return [letter for letter in self._letters.values() if letter.visible_at <= self._stage.now]

    def _put(self, body: str, *, is_copy: bool = False) -> None:
        number = next(self._number)
        arrives = self._stage.now + (self._injection.random.randint(0, 90_000) if is_copy else 0)
        self._letters[number] = Letter(number, body, arrives, is_copy=is_copy)
