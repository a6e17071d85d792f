"""A run whose messages a test can read."""

from __future__ import annotations

from gpserverless.jobs.job import Progress
from gpserverless.toolkit.run import Message, Run


class RecordedRun(Run):
    """A run that keeps the messages of a tool, for tests that call the tool as a function.

    Attributes:
        messages: The messages, oldest first.
        steps: The states of the progress bar, oldest first.
    """

    def __init__(self) -> None:
        recorder = _Recorder()
        super().__init__(recorder)
        self.messages = recorder.messages
        self.steps = recorder.steps

    @property
    def texts(self) -> list[str]:
        """The texts of the messages, oldest first."""
        return [message.text for message in self.messages]


class _Recorder:
    """The watcher of a recorded run."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.steps: list[Progress] = []

    def message(self, message: Message) -> None:
        self.messages.append(message)

    def progress(self, text: str, percent: int | None) -> None:
        self.steps.append(Progress(text, percent))

    def check_cancelled(self) -> None:
        """Never raise."""
