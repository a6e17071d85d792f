"""Swatches of legends, drawn by the code that draws maps."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import numpy as np

from gpserverless.drawing.canvas import PixelCanvas
from gpserverless.drawing.draw import draw_symbol
from gpserverless.drawing.encode import encode_image
from gpserverless.drawing.paint import make_paint
from gpserverless.drawing.symbols import AreaSymbol, LineSymbol, MarkerSymbol, PictureSymbol, Symbol
from gpserverless.drawing.view import STANDARD_DPI, View

SIDE = 20
"""Pixels of a swatch at 96 dots per inch."""

_LARGEST = 14.0
"""Points of a symbol in a swatch; a larger one is drawn smaller."""

_AREA = (0.1, 0.2, 0.9, 0.2, 0.9, 0.8, 0.1, 0.8)
_LINE = (0.05, 0.7, 0.35, 0.3, 0.65, 0.7, 0.95, 0.3)


def draw_swatch(symbol: Symbol, dpi: float = STANDARD_DPI) -> tuple[bytes, int]:
    """Return a PNG of a symbol, and the pixels of its sides.

    Args:
        symbol: The symbol.
        dpi: Pixels per inch.
    """
    side = max(1, round(SIDE * dpi / STANDARD_DPI))
    view, canvas = View((0.0, 0.0, float(side), float(side)), side, side, dpi), PixelCanvas(side, side)
    if isinstance(symbol, AreaSymbol):
        canvas.paint_area([[part * side for part in _AREA]], make_paint(symbol.fill, symbol.outline, view))
    elif isinstance(symbol, LineSymbol):
        canvas.paint_line([part * side for part in _LINE], make_paint(None, symbol.stroke, view))
    else:
        draw_symbol(canvas, np.array([[side / 2, side / 2]]), _shrink(symbol), view)
    return encode_image(canvas.to_image(), "png32", transparent=True, dpi=dpi), side


def name_swatch(content: bytes) -> str:
    """Return the name of a swatch, 32 hexadecimal digits.

    Args:
        content: Its bytes.
    """
    return blake2b(content, digest_size=16).hexdigest()


def _shrink(symbol: MarkerSymbol | PictureSymbol) -> MarkerSymbol | PictureSymbol:
    if isinstance(symbol, MarkerSymbol):
        return replace(symbol, size=min(symbol.size, _LARGEST), offset=(0.0, 0.0))
    share = min(1.0, _LARGEST / max(*symbol.size, 1e-9))
    return replace(symbol, size=(symbol.size[0] * share, symbol.size[1] * share), offset=(0.0, 0.0))
