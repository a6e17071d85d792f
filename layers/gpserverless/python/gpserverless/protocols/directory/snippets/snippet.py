"""Code of a client, in lines with places for the values of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["shell", "json", "python"]
"""The spelling of a value: between the apostrophes of a shell, as a literal of JavaScript or of Python."""


@dataclass(frozen=True)
class Piece:
    """A piece of a line.

    Attributes:
        text: Its text.
        parameter: Name of the parameter whose value it is, "" for none.
        style: Spelling of the value.
    """

    text: str
    parameter: str = ""
    style: Style = "shell"


@dataclass(frozen=True)
class CodeLine:
    """A line of code.

    Attributes:
        pieces: Its pieces.
        parameter: Name of the parameter that the line gives, "" for none.
        is_blank: Whether it gives no value, so that a page hides it; the code is right with it, too.
    """

    pieces: tuple[Piece, ...]
    parameter: str = ""
    is_blank: bool = False

    @classmethod
    def of(cls, text: str) -> CodeLine:
        """Return a line without a value.

        Args:
            text: Its text.
        """
        return cls((Piece(text),))

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Snippet:
    """Code of a client.

    Attributes:
        key: Its name in the page.
        title: Name of the client.
        lines: The code.
        note: A sentence about it, "" for none.
    """

    key: str
    title: str
    lines: tuple[CodeLine, ...]
    note: str = ""

    @property
    def text(self) -> str:
        """The code as one text."""
        return "\n".join(map(str, self.lines))
