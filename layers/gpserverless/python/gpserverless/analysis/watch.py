"""The port of a run: an engine tells its progress and its losses."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """The receiver of the progress and warnings of an engine; a tool's `Run` is one."""

    def progress(self, text: str, percent: int | None = None) -> None:
        """Show the progress, and end the run if it was cancelled or its time is over.

        Args:
            text: The text of the progress bar.
            percent: The share that is done, 0 to 100, if known.
        """

    def info(self, text: str) -> None:
        """Add an informative message.

        Args:
            text: The text.
        """

    def warn(self, text: str) -> None:
        """Add a warning.

        Args:
            text: The text.
        """
