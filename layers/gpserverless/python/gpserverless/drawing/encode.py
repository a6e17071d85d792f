"""Pictures in the formats of the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Mapping[str, tuple[str, str]] = {
    "png": ("png", "image/png"),
    "png8": ("png", "image/png"),
    "png24": ("png", "image/png"),
    "png32": ("png", "image/png"),
    "jpg": ("jpg", "image/jpeg"),
    "gif": ("gif", "image/gif"),
    "svg": ("svg", "image/svg+xml"),
    "pdf": ("pdf", "application/pdf"),
}
"""Ending of a file's name and media type of each format."""

WHITE = (255, 255, 255, 255)

_NEARLY_WHITE = (254, 255, 254)
"""Colour that stands for the ground of a picture without opacity; drawn pixels of it become white."""

_COLORS = 256
_JPEG_QUALITY = 90


def encode_image(picture: Image, name: str, *, transparent: bool, dpi: float) -> bytes:
    """Encode a picture.

    Args:
        picture: The picture with its opacity.
        name: Name of the format, not svg.
        transparent: Whether the ground stays open, in the formats that can; it is white otherwise.
        dpi: Pixels per inch, for the size of the page of a PDF.
    """
    file = BytesIO()
    if name in ("jpg", "pdf"):
        _lay_on_white(picture).convert("RGB").save(
            file, "JPEG" if name == "jpg" else "PDF", quality=_JPEG_QUALITY, resolution=dpi
        )
        return file.getvalue()
    if not transparent:
        picture = _lay_on_white(picture)
    if name == "png32":
        picture.save(file, "PNG", compress_level=1)
    elif name == "png24":
        _encode_png24(picture, file, transparent=transparent)
    elif name == "gif":
        _encode_gif(picture, file)
    else:
        _reduce_colors(picture, _COLORS).save(file, "PNG")
    return file.getvalue()


def _lay_on_white(picture: Image) -> Image:
    from PIL import Image

    return Image.alpha_composite(Image.new("RGBA", picture.size, WHITE), picture)


def _encode_png24(picture: Image, file: BytesIO, *, transparent: bool) -> None:
    from PIL import Image

    if not transparent:
        picture.convert("RGB").save(file, "PNG", compress_level=1)
        return
    drawn = np.array(_lay_on_white(picture).convert("RGB"))
    drawn[(drawn == _NEARLY_WHITE).all(axis=2)] = WHITE[:3]
    drawn[np.asarray(picture.getchannel("A")) == 0] = _NEARLY_WHITE
    Image.fromarray(drawn).save(file, "PNG", compress_level=1, transparency=_NEARLY_WHITE)


def _encode_gif(picture: Image, file: BytesIO) -> None:
    """Write a GIF: half-open colours are mixed with white, since it has but one open colour."""
    from PIL import Image

    open_pixels = picture.getchannel("A").point(lambda opacity: 255 if opacity == 0 else 0)
    reduced = _lay_on_white(picture).convert("RGB").quantize(_COLORS - 1, dither=Image.Dither.NONE)
    reduced.paste(_COLORS - 1, mask=open_pixels)
    reduced.save(file, "GIF", transparency=_COLORS - 1)


def _reduce_colors(picture: Image, most: int) -> Image:
    """Return the picture with a palette: of its own colours if it has no more than that holds."""
    from PIL import Image

    found = picture.getcolors(most)
    if found is None:
        return picture.quantize(most, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colors = np.sort(np.array([color for _, color in found], np.uint8).view(np.uint32)[:, 0])
    index = np.searchsorted(colors, np.ascontiguousarray(picture).view(np.uint32)[..., 0])
    image = Image.fromarray(index.astype(np.uint8))
    image.putpalette(colors.view(np.uint8).tobytes(), "RGBA")
    return image
