"""The lines that a tool prints and logs: one JSON object each, with the ids of its call and its job.

The keys are those of the functions' own lines, so that one query finds every line about a job.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from gpserverless.values.secrets import blank_members, blank_secrets

LONGEST_LINE = 64_000
"""Bytes of printed text after which a line is ended for it; CloudWatch takes 256 KB."""

_STDOUT, _STDERR = 1, 2
_RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({})))


class JsonLogHandler(logging.Handler):
    """Writes log records to the standard output of the process, also if `sys.stdout` is another.

    Attributes:
        ids: Part of every line, such as `job`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ids: Mapping[str, str] = {}
        self._service = os.environ.get("POWERTOOLS_SERVICE_NAME", "")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record.

        Args:
            record: The record.
        """
        try:
            extra = {name: value for name, value in vars(record).items() if name not in _RECORD_ATTRIBUTES}
            if record.exc_info:
                extra["exception"] = logging.Formatter().formatException(record.exc_info)
            extra["location"] = f"{record.name}:{record.lineno}"
            self.write_line(record.levelname, record.getMessage(), record.created, extra)
        except Exception:  # a mistake in a format must not end a run
            self.handleError(record)

    def write_line(self, level: str, text: str, created: float, extra: Mapping[str, Any]) -> None:
        """Write one line; secrets in it are blank.

        Args:
            level: Name of the level.
            text: The message.
            created: When, in seconds since 1970-01-01 UTC.
            extra: Further keys.
        """
        at = datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds")
        known = {"level": level, "message": text, "timestamp": at, "service": self._service}
        shown = blank_members({**known, **extra, **self.ids})
        line = json.dumps(shown, default=lambda value: blank_secrets(str(value))).encode() + b"\n"
        while line:
            line = line[os.write(_STDOUT, line) :]


class _LineWriter(io.RawIOBase):
    """A standard stream whose text becomes lines of the log."""

    def __init__(self, handler: JsonLogHandler, level: str, descriptor: int) -> None:
        self._handler = handler
        self._level = level
        self._descriptor = descriptor
        self._unfinished = bytearray()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """Return the descriptor, for processes that a tool starts: their lines are not structured."""
        return self._descriptor

    def write(self, data: Any) -> int:
        self._unfinished += data
        *lines, rest = bytes(self._unfinished).split(b"\n")
        self._unfinished[:] = rest
        for line in lines:
            self._write_line(line)
        if len(rest) > LONGEST_LINE:
            self.end_line()
        return len(data)

    def end_line(self) -> None:
        """Write the unfinished line."""
        if self._unfinished:
            self._write_line(bytes(self._unfinished))
            self._unfinished.clear()

    def _write_line(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if text.strip():
            self._handler.write_line(self._level, text, time.time(), {})


class ChildLogs:
    """Takes over the loggers and the standard streams of a child."""

    def __init__(self) -> None:
        self._handler = JsonLogHandler()
        self._writers = (
            _LineWriter(self._handler, "INFO", _STDOUT),
            _LineWriter(self._handler, "WARNING", _STDERR),
        )

    def take_over(self) -> None:
        """Take over the loggers and the standard streams of this process, and of those that it forks."""
        self._take_over_loggers()
        sys.stdout, sys.stderr = map(_open_stream, self._writers)

    def begin(self, ids: Mapping[str, str]) -> None:
        """Give every following line these ids.

        Args:
            ids: Ids by their name in the log: `job`, `toolbox`, `task`.
        """
        self._handler.ids = ids

    def end(self) -> None:
        """Write the unfinished lines."""
        for stream, writer in zip((sys.stdout, sys.stderr), self._writers, strict=True):
            with suppress(ValueError):  # the tool has closed it
                stream.flush()
            writer.end_line()

    def _take_over_loggers(self) -> None:
        levels = logging.getLevelNamesMapping()
        logging.root.handlers[:] = [self._handler]
        logging.root.setLevel(levels.get(os.environ.get("LOG_LEVEL", ""), logging.INFO))
        ours = logging.getLogger("gpserverless")
        ours.handlers[:] = []
        ours.setLevel(logging.NOTSET)
        ours.propagate = True


def _open_stream(writer: _LineWriter) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(writer), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
