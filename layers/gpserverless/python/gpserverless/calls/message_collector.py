"""The messages of an execute."""

from __future__ import annotations

from gpserverless.cancellation import CheckCancelled
from gpserverless.toolkit.message_budget import MessageBudget, MessageLimits
from gpserverless.toolkit.run import Message


class MessageCollector:
    """The watcher of an execute: keeps as many messages as a job does, and drops the progress.

    Args:
        check_cancelled: Raises if the run must stop.
    """

    def __init__(self, check_cancelled: CheckCancelled) -> None:
        self.check_cancelled = check_cancelled
        self.messages: list[Message] = []
        self._budget = MessageBudget(MessageLimits())

    def message(self, message: Message) -> None:
        """Keep one message, if there is room for it."""
        admitted = self._budget.admit(message)
        if admitted is not None:
            self.messages.append(admitted)

    def progress(self, text: str, percent: int | None) -> None:
        """Drop the progress: nobody sees it before the answer."""
