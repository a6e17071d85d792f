"""Secret texts, such as passwords."""

from __future__ import annotations

from dataclasses import dataclass

MASK = "********"


@dataclass(frozen=True, repr=False)
class HiddenText:
    """A secret text: print and log show a mask, `reveal` returns the text.

    Args:
        text: The text.

    Example:
        >>> password = HiddenText("correct horse")
        >>> print(password)
        ********
    """

    text: str

    def reveal(self) -> str:
        """Return the text.

        Example:
            >>> password.reveal()
            'correct horse'
        """
        return self.text

    def __repr__(self) -> str:
        return f"HiddenText('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.text)
