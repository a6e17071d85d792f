"""What the developer reads: a banner, a line a request, a line a failure."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import TextIO

_TOKEN = re.compile(r"(?i)\b(token|agstoken|x-amz-[a-z-]+)=[^&]*")
_LONGEST_URL = 140
_COLOURS = {2: "32", 3: "36", 4: "33", 5: "31"}  # by hundred of the status


class Terminal:
    """Writes lines to a stream, coloured if somebody looks at it.

    Args:
        stream: Where to; nowhere if not given.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._coloured = stream is not None and stream.isatty()

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines as they are."""
        if self._stream is not None:
            self._stream.write("".join(f"{line}\n" for line in lines))
            self._stream.flush()

    def note(self, text: str) -> None:
        """Write something worth knowing, with the time."""
        self.lines([f"{_clock()} {text}"])

    def failure(self, what: str, text: str) -> None:
        """Write that something went wrong."""
        self.lines([f"{_clock()} {self._paint('31', what)} {text}"])

    def request(
        self, *, method: str, url: str, status: int, seconds: float, size: int, function: str
    ) -> None:
        """Write that a request was answered; values of tokens are not shown."""
        if self._stream is None:
            return
        shown = _TOKEN.sub(r"\1=…", url)
        if len(shown) > _LONGEST_URL:
            shown = shown[: _LONGEST_URL - 1] + "…"
        painted = self._paint(_COLOURS.get(status // 100, "0"), str(status))
        self.lines(
            [f"{_clock()} {method:<4} {shown}  {painted}  {seconds * 1000:.1f} ms  {size:,} B  {function}"]
        )

    def _paint(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text


def _clock() -> str:
    return time.strftime("%H:%M:%S")
