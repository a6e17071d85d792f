"""The course of an edit of a KML document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

GX = "http://www.google.com/kml/ext/2.2"
"""Namespace of Google's extensions."""


@dataclass
class KmlEdit:
    """The course of an edit: whether anything was changed, and how often a loss occurred.

    Attributes:
        changed: Whether the document differs from the file.
        losses: Number of times by the sentence for one and the sentence for several.
    """

    changed: bool = False
    losses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def lose(self, one: str, several: str, number: int = 1) -> None:
        """Count a loss.

        Args:
            one: Sentence for one, behind "1 ".
            several: Sentence for several, behind their number.
            number: How often it occurred.
        """
        self.losses[one, several] += number
