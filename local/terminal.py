"""The lines that the developer reads: the banner, requests and failures."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable
from typing import TextIO

from local.crashes import Crash

_TOKEN = re.compile(r"(?i)\b(token|agstoken|x-amz-[a-z-]+)=[^&]*")
_LONGEST_URL = 140
_MOST_NAMES = 6
_COLOURS = {2: "32", 3: "36", 4: "33", 5: "31"}  # by hundred of the status


class Terminal:
    """Writes lines to a stream, in colours if it is a terminal.

    Args:
        stream: The stream; None writes nothing.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._coloured = stream is not None and stream.isatty()

    def write_lines(self, lines: Iterable[str]) -> None:
        """Write lines as they are."""
        if self._stream is not None:
            self._stream.write("".join(f"{line}\n" for line in lines))
            self._stream.flush()

    def write_note(self, text: str) -> None:
        """Write a note with the time."""
        self.write_lines([f"{_format_time()} {text}"])

    def write_failure(self, subject: str, text: str) -> None:
        """Write a failure with the time.

        Args:
            subject: Such as the name of a function; it is painted red.
            text: The error.
        """
        self.write_lines([f"{_format_time()} {self._paint('31', subject)} {text}"])

    def write_crash(self, crash: Crash) -> None:
        """Write the trace of a tool that crashed, and what it printed."""
        first, *lines = crash.to_lines()
        self.write_lines(
            [f"{_format_time()} {self._paint('31', f'{crash.task} has crashed:')} {first}", *lines]
        )

    def write_request(
        self, *, method: str, url: str, status: int, seconds: float, size: int, function: str
    ) -> None:
        """Write a request and its answer, without the values of tokens."""
        if self._stream is None:
            return
        shown = _TOKEN.sub(r"\1=…", url)
        if len(shown) > _LONGEST_URL:
            shown = shown[: _LONGEST_URL - 1] + "…"
        painted = self._paint(_COLOURS.get(status // 100, "0"), str(status))
        took = f"{seconds * 1000:.1f} ms"
        self.write_lines([f"{_format_time()} {method:<4} {shown}  {painted}  {took}  {size:,} B  {function}"])

    def _paint(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text


def list_some(names: Collection[str]) -> str:
    """Return the first names, and the number of those that are left: a build changes hundreds of files.

    Args:
        names: Such as those of changed files.
    """
    more = len(names) - _MOST_NAMES
    some = ", ".join(sorted(names)[:_MOST_NAMES])
    return f"{some} and {more} more" if more > 0 else some


def _format_time() -> str:
    return time.strftime("%H:%M:%S")
