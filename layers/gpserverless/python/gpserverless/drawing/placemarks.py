"""The classes of a renderer as styles of KML, so that a globe shows what a map does.

KML has no dashes, no hatches and no outline of a marker: a line is whole, an area lighter, and a marker has
the colour of its area. A marker is a white picture that its style colours; a picture stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpserverless.drawing.canvas import PixelCanvas
from gpserverless.drawing.draw import draw_symbol
from gpserverless.drawing.encode import WHITE, encode_image
from gpserverless.drawing.renderer import read_renderer
from gpserverless.drawing.symbols import (
    AreaSymbol,
    Color,
    LineSymbol,
    MarkerSymbol,
    PictureSymbol,
    Stroke,
    Symbol,
)
from gpserverless.drawing.view import POINTS_PER_INCH, STANDARD_DPI, View
from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.placemark_styles import PlacemarkStyles

_PIXELS_PER_POINT = STANDARD_DPI / POINTS_PER_INCH
_ICON_PIXELS = 32.0
"""Pixels of an icon of the scale 1 in Google Earth."""

_SIDE = 64
_HEIGHT = 46.0
"""Points of a marker in a picture of 64 pixels, with room for its smooth edge."""

_STROKE = 0.12
"""Width of the lines of a marker without an area, as a share of its height."""

_LINES = ("esriSMSCross", "esriSMSX")


def make_placemark_styles(document: Mapping[str, Any], features: FeatureSet[Any]) -> PlacemarkStyles:
    """Return the styles of features that a renderer draws.

    Args:
        document: Esri JSON of the renderer, {} for the default of the type of the features.
        features: The features.
    """
    told = ""
    try:
        renderer = read_renderer(document, features.geometry_type)
        numbers = renderer.number_classes(features)
    except InvalidValue as error:
        told = f"The features are drawn with one symbol: {error.problem}."
        renderer = read_renderer({}, features.geometry_type)
        numbers = renderer.number_classes(features)
    pictures: dict[str, bytes] = {}
    styles = tuple(_write_style(each.symbol, pictures) for each in renderer.classes)
    return PlacemarkStyles(styles, numbers, pictures, told)


def _write_style(symbol: Symbol, pictures: dict[str, bytes]) -> str:
    """Return the elements of a style; its picture is added to those of the others."""
    if isinstance(symbol, AreaSymbol):
        fill = f"{_write_color(symbol.fill)}<fill>1</fill>" if symbol.fill else "<fill>0</fill>"
        outline = f"<outline>{int(symbol.outline is not None)}</outline>"
        return f"{_write_line(symbol.outline)}<PolyStyle>{fill}{outline}</PolyStyle>"
    if isinstance(symbol, LineSymbol):
        return _write_line(symbol.stroke)
    if isinstance(symbol, PictureSymbol):
        name = f"files/{len(pictures)}.{symbol.content_type.removeprefix('image/')}"
        pictures[name] = symbol.content
        return _write_icon(name, max(symbol.size), symbol.angle)
    return _write_marker(symbol, pictures)


def _write_marker(symbol: MarkerSymbol, pictures: dict[str, bytes]) -> str:
    color = symbol.fill if symbol.shape not in _LINES else None
    is_open = color is None
    color = color or (symbol.outline.color if symbol.outline else None)
    if color is None:
        return "<IconStyle><scale>0</scale></IconStyle>"
    name = f"files/{symbol.shape.removeprefix('esriSMS').lower()}{'-open' if is_open else ''}.png"
    if name not in pictures:
        pictures[name] = _draw_icon(symbol.shape, is_open=is_open)
    height = symbol.size * _SIDE / (_HEIGHT * _PIXELS_PER_POINT)
    return _write_icon(name, height, symbol.angle, color)


def _draw_icon(shape: str, *, is_open: bool) -> bytes:
    stroke = Stroke(WHITE, _HEIGHT * _STROKE) if is_open else None
    height = _HEIGHT * (1 - _STROKE) if is_open else _HEIGHT
    marker = MarkerSymbol(shape, height, None if is_open else WHITE, stroke)
    canvas, view = PixelCanvas(_SIDE, _SIDE), View((0.0, 0.0, float(_SIDE), float(_SIDE)), _SIDE, _SIDE)
    draw_symbol(canvas, np.array([[_SIDE / 2, _SIDE / 2]]), marker, view)
    return encode_image(canvas.to_image(), "png32", transparent=True, dpi=STANDARD_DPI)


def _write_icon(name: str, height: float, angle: float, color: Color | None = None) -> str:
    scale = f"<scale>{height * _PIXELS_PER_POINT / _ICON_PIXELS:.3g}</scale>"
    heading = f"<heading>{(360 - angle) % 360:g}</heading>" if angle else ""
    middle = '<hotSpot x="0.5" y="0.5" xunits="fraction" yunits="fraction"/>'
    icon = f"<Icon><href>{name}</href></Icon>{middle}"
    return f"<IconStyle>{_write_color(color)}{scale}{heading}{icon}</IconStyle>"


def _write_line(stroke: Stroke | None) -> str:
    if stroke is None:
        return "<LineStyle><width>0</width></LineStyle>"
    width = f"<width>{stroke.width * _PIXELS_PER_POINT:.3g}</width>"
    return f"<LineStyle>{_write_color(stroke.color)}{width}</LineStyle>"


def _write_color(color: Color | None) -> str:
    """Return a colour as KML writes it: opacity, blue, green and red."""
    return f"<color>{bytes(reversed(color)).hex()}</color>" if color else ""
