"""What a tool prints and logs: one JSON object a line, with the ids of the call and the job it runs for.

The keys are those of the functions' own lines, so that one query finds all that was said about a job.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

LONGEST_LINE = 64_000
"""Bytes of printed text after which a line is ended for it; CloudWatch takes 256 KB."""

_STDOUT = 1
_STANDARD = frozenset(vars(logging.makeLogRecord({})))


class ChildLog(logging.Handler):
    """Writes lines of logs to the standard output of the process, past whatever `sys.stdout` is.

    Attributes:
        ids: What tells whose run it is, such as `job`; part of every line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ids: Mapping[str, str] = {}
        self._service = os.environ.get("POWERTOOLS_SERVICE_NAME", "")

    def emit(self, record: logging.LogRecord) -> None:
        """Write what somebody has logged."""
        try:
            more = {name: value for name, value in vars(record).items() if name not in _STANDARD}
            if record.exc_info:
                more["exception"] = logging.Formatter().formatException(record.exc_info)
            more["location"] = f"{record.name}:{record.lineno}"
            self.line(record.levelname, record.getMessage(), record.created, more)
        except Exception:  # a mistake in a format must not end a run
            self.handleError(record)

    def line(self, level: str, text: str, created: float, more: Mapping[str, Any]) -> None:
        """Write one line.

        Args:
            level: Name of the level.
            text: What is said.
            created: When, in seconds since 1970-01-01 UTC.
            more: Further keys.
        """
        at = datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds")
        known = {"level": level, "message": text, "timestamp": at, "service": self._service}
        whole = json.dumps({**known, **more, **self.ids}, default=str).encode() + b"\n"
        while whole:
            whole = whole[os.write(_STDOUT, whole) :]


class _Printed(io.RawIOBase):
    """The far end of a standard stream: what is written becomes lines of the log."""

    def __init__(self, log: ChildLog, level: str, descriptor: int) -> None:
        self._log = log
        self._level = level
        self._descriptor = descriptor
        self._begun = bytearray()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """Return the descriptor, for processes that a tool starts: what these say is not structured."""
        return self._descriptor

    def write(self, data: Any) -> int:
        self._begun += data
        *lines, rest = bytes(self._begun).split(b"\n")
        self._begun[:] = rest
        for line in lines:
            self._say(line)
        if len(rest) > LONGEST_LINE:
            self.end_line()
        return len(data)

    def end_line(self) -> None:
        """Write a line that has been begun."""
        if self._begun:
            self._say(bytes(self._begun))
            self._begun.clear()

    def _say(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if text.strip():
            self._log.line(self._level, text, time.time(), {})


class ChildLogs:
    """Everything that a child says: its logs, and what is printed.

    It is made before there are children, so that all of them, and the record of what the tools' modules hold,
    know one and the same handler.
    """

    def __init__(self) -> None:
        self._log = ChildLog()
        self._printed = (_Printed(self._log, "INFO", 1), _Printed(self._log, "WARNING", 2))

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Let the loggers be for a moment as they are in a child."""
        loggers = (logging.root, logging.getLogger("gpserverless"))
        before = [(logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
        self._hear()
        try:
            yield
        finally:
            for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
                logger.handlers[:], logger.propagate = handlers, propagate
                logger.setLevel(level)

    def take_over(self) -> None:
        """Hear the logs and the standard streams of this process from now on."""
        self._hear()
        sys.stdout, sys.stderr = map(_stream, self._printed)

    def begin(self, ids: Mapping[str, str]) -> None:
        """Let every line from now on carry these ids."""
        self._log.ids = ids

    def end(self) -> None:
        """Write what has been begun, and let loggers forget which levels they have been asked for."""
        logging.root.setLevel(logging.root.level)
        for stream, printed in zip((sys.stdout, sys.stderr), self._printed, strict=True):
            with suppress(ValueError):  # the tool has closed it
                stream.flush()
            printed.end_line()

    def _hear(self) -> None:
        levels = logging.getLevelNamesMapping()
        logging.root.handlers[:] = [self._log]
        logging.root.setLevel(levels.get(os.environ.get("LOG_LEVEL", ""), logging.INFO))
        ours = logging.getLogger("gpserverless")
        ours.handlers[:] = []
        ours.setLevel(logging.NOTSET)
        ours.propagate = True


def _stream(printed: _Printed) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(printed), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
