"""The report of a run while it goes on: messages, and a progress bar, for people, on standard error."""

from __future__ import annotations

import pdb
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_COLOURS = {"warning": "yellow", "error": "red"}


class RunReport:
    """The report of one run, on the terminal.

    Args:
        title: What runs, for the first line; "" for no such line.
    """

    def __init__(self, title: str = "") -> None:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._title = title
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._line = self._bar.add_task("Running", total=None)

    def say(self, kind: str, text: str) -> None:
        """Show a message.

        Args:
            kind: informative, warning or error.
            text: The message.
        """
        colour = _COLOURS.get(kind)
        shown = escape(text if colour is None else f"{kind.capitalize()}: {text}")
        self._bar.console.print(f"[{colour}]{shown}[/]" if colour else shown)

    def progress(self, text: str, percent: float | None) -> None:
        """Show the progress.

        Args:
            text: The present step.
            percent: 0 to 100; None if it is not known.
        """
        total = None if percent is None else 100
        self._bar.update(self._line, description=escape(text), completed=percent or 0, total=total)

    @contextmanager
    def giving_way(self) -> Iterator[None]:
        """Leave the terminal to the debugger when the tool calls `breakpoint()`."""
        before = sys.breakpointhook

        def stop_at_breakpoint(*arguments: Any, **options: Any) -> Any:
            self._bar.stop()
            sys.breakpointhook = before
            debugger = pdb.Pdb()
            debugger.set_trace(sys._getframe(1))

        sys.breakpointhook = stop_at_breakpoint
        try:
            yield
        finally:
            sys.breakpointhook = before

    def __enter__(self) -> Self:
        self._bar.start()
        if self._title:
            self._bar.console.print(escape(self._title))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
