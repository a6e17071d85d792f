"""A canvas that writes SVG: paths and texts, without anything that could run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import pybase64

from gpserverless.drawing.canvas import measure_text
from gpserverless.drawing.paint import Chain, Paint, TextStyle
from gpserverless.drawing.symbols import Color, PictureSymbol
from gpserverless.drawing.view import View
from gpserverless.errors import TooLarge

MOST_CHARACTERS = 50_000_000
"""Characters of an SVG; a picture of pixels has no such limit."""

_CONTROLS = {number: None for number in range(32) if chr(number) not in "\t\n\r"}


class SvgCanvas:
    """Writes SVG.

    Args:
        width: Pixels.
        height: Pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._parts: list[str] = []
        self._texts: list[str] = []
        self._length = 0

    def paint_area(self, rings: Sequence[Chain], paint: Paint) -> None:
        """Paint a polygon.

        Args:
            rings: Its rings.
            paint: The paint.
        """
        data = "".join(f"M{_write_chain(ring)}Z" for ring in rings)
        self._add(f'<path d="{data}"{_write_fill(paint.fill)}{_write_stroke(paint)}/>')

    def paint_line(self, chain: Chain, paint: Paint) -> None:
        """Paint a line.

        Args:
            chain: Its vertices.
            paint: The paint.
        """
        if paint.stroke is not None:
            self._add(f'<path d="M{_write_chain(chain)}" fill="none"{_write_stroke(paint)}/>')

    def paint_picture(self, symbol: PictureSymbol, places: Sequence[tuple[float, float]], view: View) -> None:
        """Paint a picture at places.

        Args:
            symbol: The picture.
            places: Pixels of its middle.
            view: The view, for its size.
        """
        width, height = (view.to_length(side) for side in symbol.size)
        content = pybase64.b64encode(symbol.content).decode()
        for x, y in places:
            self._add(
                f'<image x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" '
                f'height="{height:.1f}" preserveAspectRatio="none" '
                f'transform="rotate({-symbol.angle:.1f} {x:.1f} {y:.1f})" '
                f'href="data:{symbol.content_type};base64,{content}"/>'
            )

    def write_text(self, text: str, place: tuple[float, float], style: TextStyle) -> None:
        """Write a text above everything that is painted.

        Args:
            text: The text.
            place: Pixel of its middle.
            style: The style.
        """
        halo = ""
        if style.halo is not None:
            halo = f' stroke="{_write_color(style.halo)}" stroke-width="{2 * style.halo_width:.1f}"'
        self._texts.append(
            f'<text x="{place[0]:.1f}" y="{place[1]:.1f}" font-size="{style.size:.1f}" '
            f'fill="{_write_color(style.color)}"{halo}>{escape(text.translate(_CONTROLS))}</text>'
        )

    def has_letters(self, text: str) -> bool:
        """Return true: who shows the picture has fonts of its own.

        Args:
            text: The text.
        """
        return True

    def measure_text(self, text: str, style: TextStyle) -> tuple[float, float]:
        """Return width and height of a text in pixels.

        Args:
            text: The text.
            style: The style.
        """
        return measure_text(text, style)

    def to_bytes(self, ground: Color | None) -> bytes:
        """Return the picture.

        Args:
            ground: Colour of the ground, None for none.
        """
        width, height = self._size
        box = "" if ground is None else f'<rect width="100%" height="100%" fill="{_write_color(ground)}"/>'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">{box}'
        )
        text = (
            '<g font-family="DejaVu Sans, sans-serif" text-anchor="middle" dominant-baseline="central" '
            'paint-order="stroke" stroke-linejoin="round">'
        )
        body = [head, '<g fill-rule="nonzero">', *self._parts, "</g>", text, *self._texts, "</g></svg>"]
        return "\n".join(body).encode()

    def _add(self, part: str) -> None:
        self._length += len(part)
        if self._length > MOST_CHARACTERS:
            raise TooLarge(
                f"The picture has more than {MOST_CHARACTERS:,} characters of SVG. Ask for PNG, or for a "
                "part of the map."
            )
        self._parts.append(part)


def _write_chain(chain: Chain) -> str:
    return "L".join(_write_places(chain))


def _write_places(chain: Chain) -> Iterable[str]:
    return (f"{x:.1f} {y:.1f}" for x, y in zip(chain[::2], chain[1::2], strict=True))


def _write_color(color: Color) -> str:
    return f"#{color[0]:02x}{color[1]:02x}{color[2]:02x}"


def _write_fill(color: Color | None) -> str:
    if color is None:
        return ' fill="none"'
    return f' fill="{_write_color(color)}"{_write_opacity("fill", color)}'


def _write_stroke(paint: Paint) -> str:
    if paint.stroke is None:
        return ""
    dashes = f' stroke-dasharray="{" ".join(f"{part:.1f}" for part in paint.dashes)}"' if paint.dashes else ""
    opacity = _write_opacity("stroke", paint.stroke)
    return f' stroke="{_write_color(paint.stroke)}" stroke-width="{paint.width:.2f}"{opacity}{dashes}'


def _write_opacity(name: str, color: Color) -> str:
    return "" if color[3] == 255 else f' {name}-opacity="{color[3] / 255:.2f}"'
