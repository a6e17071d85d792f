"""Tools that crashed: found in the logs of the functions, and shown to the developer at once.

A caller is only told that the tool failed. Its developer wants the trace, and what the tool printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MESSAGE = "tool crashed"  # of gpserverless.sandbox.child
_FOLDER = "/toolboxes/"
_MOST_BYTES = 4_000_000
_MOST_LINES = 50


@dataclass(frozen=True)
class Crash:
    """A tool that raised an error of its own.

    Attributes:
        task: Service and task.
        job: Id of its job; "" of a task that was executed.
        printed: The lines that it printed or logged before.
        trace: The trace, from the first frame in the toolboxes.
        log: The file with all lines.
    """

    task: str
    job: str
    printed: tuple[str, ...]
    trace: str
    log: Path

    def to_lines(self) -> list[str]:
        """Return the lines for the terminal."""
        where = f"job {self.job}, " if self.job else ""
        lines = [f"  {line}" for line in self.trace.splitlines()]
        if self.printed:
            lines += ["  It printed:", *(f"    {line}" for line in self.printed)]
        return [f"{where}log {self.log}", *lines]


class CrashReader:
    """Finds the crashes in one log since it was last read.

    Args:
        log: The file, to which several processes may write.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._offset = log.stat().st_size if log.exists() else 0

    def read(self) -> list[Crash]:
        """Return the crashes of the lines that are new and whole."""
        try:
            with self._log.open("rb") as file:
                file.seek(self._offset)
                text = file.read(_MOST_BYTES)
        except OSError:  # nothing has been logged yet
            return []
        whole = text[: text.rfind(b"\n") + 1] or (text if len(text) == _MOST_BYTES else b"")
        self._offset += len(whole)
        if _MESSAGE.encode() not in whole:
            return []
        lines = list(_parse(whole))
        return [self._describe(line, lines[:number]) for number, line in enumerate(lines) if _is_crash(line)]

    def _describe(self, line: dict[str, Any], before: Sequence[dict[str, Any]]) -> Crash:
        run = line.get("function_request_id")
        own = [each for each in before if each.get("function_request_id") == run]
        printed = [str(each["message"]) for each in own if _is_of_tool(each)]
        return Crash(
            task=f"{line.get('toolbox', '')}/{line.get('task', '')}",
            job=str(line.get("job", "")),
            printed=tuple(printed[-_MOST_LINES:]),
            trace=_shorten(str(line["exception"])),
            log=self._log,
        )


def _parse(text: bytes) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            document = json.loads(line)
        except ValueError:  # of a C library, say
            continue
        if isinstance(document, dict) and "message" in document:
            yield document


def _is_crash(line: dict[str, Any]) -> bool:
    return line["message"] == _MESSAGE and "exception" in line


def _is_of_tool(line: dict[str, Any]) -> bool:
    """Return whether a tool has printed or logged a line; those of the package say where in it they are."""
    return not str(line.get("location", "")).startswith("gpserverless") and "_aws" not in line


def _shorten(trace: str) -> str:
    """Leave out the frames before the toolboxes: the tool's own come first."""
    head, *lines = trace.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith("  File ") and _FOLDER in line), 0)
    return "\n".join([head, *lines[first:]])
