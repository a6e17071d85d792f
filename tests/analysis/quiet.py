"""A watch that keeps what an engine tells."""

from __future__ import annotations


class Notes:
    """The warnings and messages of an engine."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.messages: list[str] = []

    def progress(self, text: str, percent: int | None = None) -> None:
        assert text
        assert percent is None or 0 <= percent <= 100

    def info(self, text: str) -> None:
        self.messages.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)
