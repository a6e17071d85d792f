"""A watch that keeps what an engine tells."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Recorder:
    """Keeps the texts of an engine."""

    warnings: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def progress(self, text: str, percent: int | None = None) -> None:
        assert text
        assert percent is None or 0 <= percent <= 100

    def info(self, text: str) -> None:
        self.messages.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)
