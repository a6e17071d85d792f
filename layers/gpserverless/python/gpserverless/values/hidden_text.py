"""Texts that must not be shown."""

from __future__ import annotations

from dataclasses import dataclass

MASK = "********"


@dataclass(frozen=True, repr=False)
class HiddenText:
    """A text such as a password: printing or logging it shows a mask, only `reveal` the text.

    Args:
        text: The text.
    """

    text: str

    def reveal(self) -> str:
        """Return the text."""
        return self.text

    def __repr__(self) -> str:
        return f"HiddenText('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.text)
