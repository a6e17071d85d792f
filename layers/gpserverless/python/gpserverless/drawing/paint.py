"""How a shape is painted, in pixels, and the port of what paints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gpserverless.drawing.symbols import Color, PictureSymbol, Stroke
from gpserverless.drawing.view import View

Chain = Sequence[float]
"""Pixels x and y of vertices in turn: x, y, x, y and so on."""


@dataclass(frozen=True, eq=False)
class Paint:
    """How a shape is painted; a canvas prepares each once, and knows it again by its identity.

    Attributes:
        fill: Colour of its area, None for none.
        stroke: Colour of its line, None for none.
        width: Width of the line in pixels.
        dashes: Lengths of line and gap in turn, in pixels; none for a line without gaps.
    """

    fill: Color | None = None
    stroke: Color | None = None
    width: float = 0.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class TextStyle:
    """How a text is written.

    Attributes:
        color: Its colour.
        size: Height of the letters in pixels.
        halo: Colour of its edge, None for none.
        halo_width: Width of the edge in pixels.
    """

    color: Color
    size: float
    halo: Color | None = None
    halo_width: float = 0.0


class Canvas(Protocol):
    """Paints shapes over each other."""

    def paint_area(self, rings: Sequence[Chain], paint: Paint) -> None:
        """Paint a polygon.

        Args:
            rings: Its rings; holes turn the other way.
            paint: The paint.
        """

    def paint_line(self, chain: Chain, paint: Paint) -> None:
        """Paint a line.

        Args:
            chain: Its vertices.
            paint: The paint.
        """

    def paint_picture(self, symbol: PictureSymbol, places: Sequence[tuple[float, float]], view: View) -> None:
        """Paint a picture at places.

        Args:
            symbol: The picture.
            places: Pixels of its middle.
            view: The view, for its size.
        """

    def write_text(self, text: str, place: tuple[float, float], style: TextStyle) -> None:
        """Write a text above everything that was painted before the picture is made.

        Args:
            text: The text.
            place: Pixel of its middle.
            style: The style.
        """

    def has_letters(self, text: str) -> bool:
        """Return whether a text can be written so that it is read.

        Args:
            text: The text.
        """

    def measure_text(self, text: str, style: TextStyle) -> tuple[float, float]:
        """Return width and height of a text in pixels.

        Args:
            text: The text.
            style: The style.
        """


def make_paint(fill: Color | None, stroke: Stroke | None, view: View) -> Paint:
    """Return a paint.

    Args:
        fill: Colour of the area, None for none.
        stroke: The line, None for none.
        view: The view, which tells the pixels of a point.
    """
    if stroke is None:
        return Paint(fill)
    dashes = tuple(view.to_length(part) for part in stroke.dashes)
    return Paint(fill, stroke.color, view.to_length(stroke.width), dashes)
