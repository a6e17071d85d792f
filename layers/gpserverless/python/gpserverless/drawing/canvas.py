"""A canvas of pixels: aggdraw paints shapes, Pillow pictures and texts.

Both paint as if the colours were multiplied by their opacity: a shape on a ground without colour is as bright
as its opacity. So the picture is such a one until it is handed over, which is also right for what lies above
each other. aggdraw fills a quarter of a pixel more on each side than a polygon has: neighbours have no gap.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpserverless.drawing.dashes import cut_dashes
from gpserverless.drawing.paint import Chain, Paint, TextStyle
from gpserverless.drawing.symbols import Color, PictureSymbol
from gpserverless.drawing.view import View
from gpserverless.errors import InvalidValue

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
_MOST_PICTURE_PIXELS = 4_000_000
_FEWEST_VERTICES = 2
_RIGHT_TO_LEFT = ("R", "AL")
_NO_LETTER = "\U0010ffff"
"""A code that is never a letter, which a font shows as it shows all that it has not."""

_LETTER_SIZE = 12.0


def load_libraries() -> None:
    """Load the libraries that draw, which otherwise come with the first picture."""
    import aggdraw  # noqa: F401
    from PIL import Image, ImageDraw, ImageFont  # noqa: F401


class PixelCanvas:
    """Paints pixels.

    Args:
        width: Pixels.
        height: Pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image

        self._image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        self._open: Any = None
        self._tools: dict[Paint, tuple[Any, Any]] = {}
        self._texts: list[tuple[str, tuple[float, float], TextStyle]] = []

    def paint_area(self, rings: Sequence[Chain], paint: Paint) -> None:
        """Paint a polygon.

        Args:
            rings: Its rings; holes turn the other way.
            paint: The paint.
        """
        pen, brush = self._find_tools(paint)
        whole_pen = None if paint.dashes else pen
        if whole_pen is not None or brush is not None:
            if len(rings) == 1:
                self._draw.polygon(rings[0], whole_pen, brush)
            else:
                self._draw.path(_make_path(rings), whole_pen, brush)
        if paint.dashes:
            for ring in rings:
                self.paint_line(ring, paint)

    def paint_line(self, chain: Chain, paint: Paint) -> None:
        """Paint a line.

        Args:
            chain: Its vertices.
            paint: The paint.
        """
        pen, _ = self._find_tools(paint)
        if pen is None:
            return
        for piece in cut_dashes(chain, paint.dashes) if paint.dashes else (chain,):
            self._draw.line(piece, pen)

    def paint_picture(self, symbol: PictureSymbol, places: Sequence[tuple[float, float]], view: View) -> None:
        """Paint a picture at places.

        Args:
            symbol: The picture.
            places: Pixels of its middle.
            view: The view, for its size.
        """
        self._flush()
        size = tuple(max(1, round(view.to_length(side))) for side in symbol.size)
        stamp = _load_picture(symbol, (size[0], size[1]))
        mask = stamp.getchannel("A").point(lambda opacity: 255 - opacity)
        from PIL import Image, ImageChops

        for x, y in places:
            corner = (round(x - stamp.width / 2), round(y - stamp.height / 2))
            box = (*corner, corner[0] + stamp.width, corner[1] + stamp.height)
            below = self._image.crop(box)
            faded = Image.merge("RGBA", [ImageChops.multiply(band, mask) for band in below.split()])
            self._image.paste(ImageChops.add(faded, stamp), corner)

    def write_text(self, text: str, place: tuple[float, float], style: TextStyle) -> None:
        """Write a text above everything that is painted.

        Args:
            text: The text.
            place: Pixel of its middle.
            style: The style.
        """
        self._texts.append((text, place, style))

    def has_letters(self, text: str) -> bool:
        """Return whether the font has the letters of a text, and they can be put in their order.

        Args:
            text: The text.
        """
        return has_letters(text)

    def measure_text(self, text: str, style: TextStyle) -> tuple[float, float]:
        """Return width and height of a text in pixels.

        Args:
            text: The text.
            style: The style.
        """
        return measure_text(text, style)

    def to_image(self) -> Image:
        """Return the picture, with its opacity."""
        from PIL import Image, ImageDraw

        self._flush()
        writer = ImageDraw.Draw(self._image)
        for text, place, style in self._texts:
            writer.text(
                place,
                text,
                fill=(*style.color[:3], 255),
                font=_load_font(style.size),
                anchor="mm",
                stroke_width=round(style.halo_width) if style.halo else 0,
                stroke_fill=(*style.halo[:3], 255) if style.halo else None,
            )
        self._texts.clear()
        multiplied = Image.frombytes("RGBa", self._image.size, self._image.tobytes())
        return multiplied.convert("RGBA")

    @property
    def _draw(self) -> Any:
        if self._open is None:
            import aggdraw

            self._open = aggdraw.Draw(self._image)
            self._open.setantialias(True)
        return self._open

    def _flush(self) -> None:
        if self._open is not None:
            self._open.flush()
            self._open = None

    def _find_tools(self, paint: Paint) -> tuple[Any, Any]:
        known = self._tools.get(paint)
        if known is None:
            known = self._tools[paint] = (_make_pen(paint.stroke, paint.width), _make_brush(paint.fill))
        return known


def measure_text(text: str, style: TextStyle) -> tuple[float, float]:
    """Return width and height of a text in pixels.

    Args:
        text: The text.
        style: The style.
    """
    left, top, right, bottom = _load_font(style.size).getbbox(text, stroke_width=round(style.halo_width))
    return right - left, bottom - top


def has_letters(text: str) -> bool:
    """Return whether the font has the letters of a text, and they can be put in their order.

    Args:
        text: The text.
    """
    return all(map(_has_letter, text))


@lru_cache(maxsize=10_000)
def _has_letter(letter: str) -> bool:
    """Return whether a letter looks unlike one that there is not; Pillow turns texts only with a library."""
    from PIL import features

    if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT and not features.check_feature("fribidi"):
        return False
    if letter.isspace() or not letter.isprintable():
        return True
    return _draw_letter(letter) != _draw_letter(_NO_LETTER)


def _draw_letter(letter: str) -> bytes:
    return bytes(_load_font(_LETTER_SIZE).getmask(letter))


def _make_pen(color: Color | None, width: float) -> Any:
    import aggdraw

    return None if color is None else aggdraw.Pen(color[:3], width, color[3])


def _make_brush(color: Color | None) -> Any:
    import aggdraw

    return None if color is None else aggdraw.Brush(color[:3], color[3])


def _make_path(rings: Sequence[Chain]) -> Any:
    import aggdraw

    path = aggdraw.Path()
    move, line, close = path.moveto, path.lineto, path.close
    for ring in rings:
        if len(ring) > 2 * _FEWEST_VERTICES:
            move(ring[0], ring[1])
            for x, y in zip(ring[2::2], ring[3::2], strict=True):
                line(x, y)
            close()
    return path


@lru_cache(maxsize=16)
def _load_font(size: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(_FONT), max(1.0, size))


@lru_cache(maxsize=64)
def _load_picture(symbol: PictureSymbol, size: tuple[int, int]) -> Image:
    """Return the picture in its size, its colours multiplied by its opacity."""
    from PIL import Image, UnidentifiedImageError

    accepted = "a picture of at most 4,000,000 pixels in PNG, JPEG or GIF"
    try:
        with Image.open(BytesIO(symbol.content), formats=("PNG", "JPEG", "GIF")) as source:
            if source.width * source.height > _MOST_PICTURE_PIXELS:
                raise InvalidValue("the picture of a symbol is too large", accepted)
            picture = source.convert("RGBA").convert("RGBa").resize(size, Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise InvalidValue("the picture of a symbol cannot be read", accepted) from problem
    if symbol.angle:
        picture = picture.rotate(symbol.angle, Image.Resampling.BILINEAR, expand=True)
    return Image.frombytes("RGBA", picture.size, picture.tobytes())
