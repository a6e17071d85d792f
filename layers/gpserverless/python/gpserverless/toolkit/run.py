"""One execution of a tool, as the tool sees it: messages, progress, and whether to go on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")
MessageKind = Literal["informative", "warning", "error"]


@dataclass(frozen=True)
class Message:
    """One line of a run's message list, plain text."""

    kind: MessageKind
    text: str


class Watcher(Protocol):
    """Who a run reports to: nobody, a terminal, or the record of a job."""

    def message(self, message: Message) -> None:
        """Take one message, in order."""

    def progress(self, text: str, percent: int | None) -> None:
        """Take the state of the progress bar; it replaces the one before. `percent` is 0 to 100."""

    def measured(self, peak_bytes: int) -> None:
        """Take the most memory that the tool's process had resident, when it has ended; not always known."""

    def check(self) -> None:
        """Return if the run should go on.

        Raises:
            Cancelled: The caller asked the job to stop.
            DeadlinePassed: The time is over.
        """


class Unwatched:
    """The watcher of a run that nobody looks at."""

    def message(self, message: Message) -> None:
        """Drop the message."""

    def progress(self, text: str, percent: int | None) -> None:
        """Drop the progress."""

    def measured(self, peak_bytes: int) -> None:
        """Drop the measure."""

    def check(self) -> None:
        """Go on."""


class Run:
    """What a tool may say and ask while it runs; injected where a tool declares `run: Run`.

    Args:
        watcher: Who listens. Without one the run is quiet, which is what a test wants.
    """

    def __init__(self, watcher: Watcher | None = None) -> None:
        self._watcher: Watcher = watcher or Unwatched()

    def info(self, text: str) -> None:
        """Add an informative message."""
        self._watcher.message(Message("informative", text))

    def warn(self, text: str) -> None:
        """Add a warning."""
        self._watcher.message(Message("warning", text))

    def progress(self, text: str, percent: int | None = None) -> None:
        """Show `text`, and a share done of 0 to 100 if known, and check whether to go on."""
        self._watcher.progress(text, percent)
        self._watcher.check()

    def check(self) -> None:
        """Go on, or end the run if it was cancelled or its time is over."""
        self._watcher.check()

    def track(self, items: Collection[T], text: str) -> Iterator[T]:
        """Yield every item, reporting at each tenth and checking whether to go on.

        Args:
            items: What to iterate over; its length gives the share done.
            text: What is being done, for the progress bar.
        """
        total, shown = len(items), -1
        for done, item in enumerate(items):
            percent = 100 * done // total
            if percent // 10 != shown:
                shown = percent // 10
                self.progress(text, percent)
            yield item
        self.progress(text, 100)
