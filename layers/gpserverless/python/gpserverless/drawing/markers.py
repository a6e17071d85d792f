"""The markers of points, as chains of pixels around their middle."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gpserverless.drawing.symbols import MarkerSymbol

Marker = NDArray[np.float64]
"""Shape (V, 2), x to the right and y down, around 0, 0."""

_SQUARE = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
_DIAMOND = [(0, -1), (1, 0), (0, 1), (-1, 0)]
_TRIANGLE = [(0, -1), (1, 1), (-1, 1)]
_AREAS = {"esriSMSSquare": _SQUARE, "esriSMSDiamond": _DIAMOND, "esriSMSTriangle": _TRIANGLE}
_LINES = {
    "esriSMSCross": [[(-1, 0), (1, 0)], [(0, -1), (0, 1)]],
    "esriSMSX": [[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]],
}


def list_lines(symbol: MarkerSymbol, height: float) -> list[Marker]:
    """Return the lines of a cross; none for a marker that has an area.

    Args:
        symbol: The symbol.
        height: Its height in pixels.
    """
    return [_turn(np.array(line, float) * height / 2, symbol.angle) for line in _LINES.get(symbol.shape, [])]


def make_area(symbol: MarkerSymbol, height: float) -> Marker:
    """Return the outline of a marker that has an area.

    Args:
        symbol: The symbol.
        height: Its height in pixels.
    """
    if symbol.shape in _AREAS:
        return _turn(np.array(_AREAS[symbol.shape], float) * height / 2, symbol.angle)
    vertices = max(12, min(96, round(2 * math.sqrt(height) * 3)))
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    return np.column_stack([np.cos(turns), np.sin(turns)]) * height / 2


def _turn(marker: Marker, degrees: float) -> Marker:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned: Marker = marker @ np.array([[cosine, -sine], [sine, cosine]])
    return turned
