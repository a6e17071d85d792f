"""Warnings about losses in a file or a format."""

from __future__ import annotations

from collections.abc import Callable

Warn = Callable[[str], None]
"""Takes one sentence, such as `run.warn`."""


def ignore_warning(text: str) -> None:
    """Ignore a warning, for callers that pass no `warn`.

    Args:
        text: The text of the warning.
    """
