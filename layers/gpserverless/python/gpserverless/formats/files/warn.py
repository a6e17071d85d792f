"""Warnings about losses in a file or a format."""

from __future__ import annotations

from collections.abc import Callable

from gpserverless.values.counts import write_count

Warn = Callable[[str], None]
"""Takes one sentence, such as `run.warn`."""


def ignore_warning(text: str) -> None:
    """Ignore a warning, for callers that pass no `warn`.

    Args:
        text: The text of the warning.
    """


def warn_of_nulls(rows: int, reason: str, warn: Warn) -> None:
    """Warn of rows whose shape is null.

    Args:
        rows: Their number.
        reason: The thing that they have instead, such as "no WKT that can be read".
        warn: Takes the sentence.
    """
    one, many = f"row has {reason}; its shape is null.", f"rows have {reason}; their shape is null."
    warn(write_count(rows, one, many))
