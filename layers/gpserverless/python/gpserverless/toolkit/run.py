"""One execution of a tool: its messages, its progress, its result, and whether to go on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from gpserverless.clock import SystemClock
from gpserverless.toolkit.call import Output

T = TypeVar("T")
MessageKind = Literal["informative", "warning", "error"]


@dataclass(frozen=True)
class Message:
    """One line of a run's message list, plain text."""

    kind: MessageKind
    text: str


@dataclass(frozen=True)
class RunResult:
    """The result of a run that succeeded.

    Attributes:
        outputs: Its outputs, in the order of the task's output parameters.
        peak_bytes: Most memory that the tool's process had resident, where that is known.
    """

    outputs: tuple[Output, ...] = ()
    peak_bytes: int | None = None


def attach_peak(error: BaseException, peak_bytes: int | None) -> None:
    """Let the error that ends a run carry the peak memory of its process, as `RunResult` does.

    Args:
        error: Any error, also one that is not of this package.
        peak_bytes: The peak, or None where it is not known.
    """
    vars(error)["peak_bytes"] = peak_bytes


def peak_of(error: BaseException) -> int | None:
    """Return the peak memory that `attach_peak` has attached, in bytes; None if it is not known.

    Args:
        error: The error of a run.
    """
    peak: int | None = vars(error).get("peak_bytes")
    return peak


class Watcher(Protocol):
    """The receiver of a run's reports: nobody, a terminal, or the record of a job."""

    def message(self, message: Message) -> None:
        """Take one message, in order.

        Args:
            message: The message.
        """

    def progress(self, text: str, percent: int | None) -> None:
        """Take the state of the progress bar; it replaces the one before. `percent` is 0 to 100.

        Args:
            text: Text beside the progress bar.
            percent: 0 to 100; None if it is not known.
        """

    def check_cancelled(self) -> None:
        """Raise if the run must stop.

        Raises:
            Cancelled: The caller asked the job to stop.
            DeadlinePassed: The time is over.
        """


class NullWatcher:
    """A watcher that drops everything."""

    def message(self, message: Message) -> None:
        """Drop the message."""

    def progress(self, text: str, percent: int | None) -> None:
        """Drop the progress."""

    def check_cancelled(self) -> None:
        """Raise nothing."""


class Run:
    """The run that a tool reports to; injected where a tool declares `run: Run`.

    Args:
        watcher: Receives the reports. Without one they are dropped, which suits a test.

    Example:
        >>> from gpserverless.testing import RecordedRun
        >>> run = RecordedRun()
    """

    def __init__(self, watcher: Watcher | None = None) -> None:
        self._watcher: Watcher = watcher or NullWatcher()
        self._started = SystemClock().now()

    @property
    def started(self) -> int:
        """When the run began, in milliseconds since 1970-01-01 UTC: the time of CURRENT_TIMESTAMP in SQL.

        Example:
            >>> SqlExpression("BUILT < CURRENT_TIMESTAMP", run.started).fields
            ('BUILT',)
        """
        return self._started

    def info(self, text: str) -> None:
        """Add an informative message.

        Args:
            text: The text.

        Example:
            >>> run.info("2 wells.")
            >>> run.texts
            ['2 wells.']
        """
        self._watcher.message(Message("informative", text))

    def warn(self, text: str) -> None:
        """Add a warning.

        Args:
            text: The text.

        Example:
            >>> run.warn("1 well has no depth.")
            >>> run.messages[-1].kind
            'warning'
        """
        self._watcher.message(Message("warning", text))

    def progress(self, text: str, percent: int | None = None) -> None:
        """Show the progress, and end the run if it was cancelled or its time is over.

        Args:
            text: The text of the progress bar.
            percent: The share that is done, 0 to 100, if known.

        Example:
            >>> run.progress("Half is done", 50)
            >>> run.steps[-1].percent
            50
        """
        self._watcher.progress(text, percent)
        self._watcher.check_cancelled()

    def check(self) -> None:
        """End the run if it was cancelled or its time is over.

        Example:
            >>> run.check()
        """
        self._watcher.check_cancelled()

    def track(self, items: Collection[T], text: str) -> Iterator[T]:
        """Yield every item, and report progress at each tenth of them.

        Args:
            items: The items; their number gives the share done.
            text: The text of the progress bar.

        Example:
            >>> [depth * 2 for depth in run.track([1, 2, 3], "Doubling")]
            [2, 4, 6]
            >>> run.steps[-1].percent
            100
        """
        total, shown = len(items), -1
        for done, item in enumerate(items):
            percent = 100 * done // total
            if percent // 10 != shown:
                shown = percent // 10
                self.progress(text, percent)
            yield item
        self.progress(text, 100)
