"""Symbols of Esri JSON: the look of features."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pybase64

from gpserverless.errors import InvalidValue
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE

Color = tuple[int, int, int, int]
"""Red, green, blue and opacity, each 0 to 255."""

MOST_POINTS = 400.0
"""Largest size of a symbol in points."""

MOST_PICTURE_BYTES = 1_000_000

HATCH_OPACITY = 0.4
"""Share of the opacity that a hatched area gets, which is drawn as a lighter solid one."""

DASHES: Mapping[str, tuple[float, ...]] = {
    "esriSLSSolid": (),
    "esriSLSInsideFrame": (),
    "esriSLSDash": (4.0, 3.0),
    "esriSLSDot": (1.0, 2.0),
    "esriSLSDashDot": (4.0, 2.0, 1.0, 2.0),
    "esriSLSDashDotDot": (4.0, 2.0, 1.0, 2.0, 1.0, 2.0),
}
"""Lengths of line and gap in turn, in widths of the line, but in points at least."""

HATCHES = tuple(
    f"esriSFS{kind}"
    for kind in ("BackwardDiagonal", "ForwardDiagonal", "Cross", "DiagonalCross", "Horizontal", "Vertical")
)
MARKERS = tuple(f"esriSMS{kind}" for kind in ("Circle", "Square", "Cross", "X", "Diamond", "Triangle"))


@dataclass(frozen=True)
class Stroke:
    """A line.

    Attributes:
        color: Its colour.
        width: In points.
        dashes: Lengths of line and gap in turn, in points; none for a line without gaps.
    """

    color: Color
    width: float
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class AreaSymbol:
    """The look of polygons.

    Attributes:
        fill: Colour of the area, None for none.
        outline: The outline, None for none.
    """

    fill: Color | None
    outline: Stroke | None


@dataclass(frozen=True)
class LineSymbol:
    """The look of lines.

    Attributes:
        stroke: The line, None for one that is not drawn.
    """

    stroke: Stroke | None


@dataclass(frozen=True)
class MarkerSymbol:
    """The look of points: a marker.

    Attributes:
        shape: One of `MARKERS`.
        size: Height in points.
        fill: Colour of the area, None for none.
        outline: The outline, None for none.
        angle: Turn in degrees, against the clock.
        offset: Place beside the point, to the right and up, in points.
    """

    shape: str
    size: float
    fill: Color | None
    outline: Stroke | None
    angle: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class PictureSymbol:
    """The look of points: a picture.

    Attributes:
        content: Bytes of the picture.
        content_type: Their media type.
        size: Width and height in points.
        angle: Turn in degrees, against the clock.
        offset: Place beside the point, to the right and up, in points.
    """

    content: bytes
    content_type: str
    size: tuple[float, float]
    angle: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)


Symbol = AreaSymbol | LineSymbol | MarkerSymbol | PictureSymbol

_TYPES = {
    POINT: ("esriSMS", "esriPMS"),
    MULTIPOINT: ("esriSMS", "esriPMS"),
    POLYLINE: ("esriSLS",),
    POLYGON: ("esriSFS",),
}


def read_symbol(document: Any, geometry_type: str) -> Symbol:
    """Read a symbol.

    Args:
        document: Esri JSON of a symbol.
        geometry_type: Esri type of the shapes that it is for.

    Raises:
        InvalidValue: It is none, or none for such shapes.
    """
    accepted = _TYPES[geometry_type]
    kind = document.get("type") if isinstance(document, Mapping) else None
    if kind not in accepted:
        raise InvalidValue(f"{str(kind)[:40]!r} is no symbol for {geometry_type}", ", ".join(accepted))
    if kind == "esriSLS":
        return LineSymbol(_read_stroke(document))
    if kind == "esriSFS":
        return _read_area(document)
    return _read_marker(document) if kind == "esriSMS" else _read_picture(document)


def read_color(value: Any) -> Color | None:
    """Read a colour; None for none.

    Args:
        value: `[red, green, blue, opacity]`, each 0 to 255; the opacity may be missing.

    Raises:
        InvalidValue: It is no colour.
    """
    if value is None:
        return None
    parts = value if isinstance(value, list | tuple) else ()
    if len(parts) not in (3, 4) or not all(_is_number(part) and 0 <= part <= 255 for part in parts):
        raise InvalidValue(f"{str(value)[:40]!r} is not a colour", "[76, 129, 205, 191]")
    red, green, blue, opacity = (round(part) for part in (*parts, 255)[:4])
    return (red, green, blue, opacity) if opacity else None


def read_length(value: Any, name: str, default: float) -> float:
    """Read a length in points.

    Args:
        value: The length; None for the default.
        name: Name of the member, for the error.
        default: The default.

    Raises:
        InvalidValue: It is no number, negative, or too large.
    """
    if value is None:
        return default
    if not _is_number(value) or not 0 <= value <= MOST_POINTS:
        raise InvalidValue(f"{name} of a symbol is {str(value)[:40]!r}", f"0 to {MOST_POINTS:g} points")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_style(document: Mapping[str, Any], known: tuple[str, ...]) -> str:
    style = document.get("style") or known[0]
    if style not in known:
        raise InvalidValue(f"{str(style)[:40]!r} is not a style of symbols", ", ".join(known))
    return str(style)


def _read_stroke(document: Any) -> Stroke | None:
    if document is None:
        return None
    if not isinstance(document, Mapping):
        raise InvalidValue("an outline is not an object", '{"type": "esriSLS", "color": [0, 0, 0, 255]}')
    style = _read_style(document, (*DASHES, "esriSLSNull"))
    color, width = read_color(document.get("color")), read_length(document.get("width"), "width", 1.0)
    if style == "esriSLSNull" or color is None or width == 0:
        return None
    return Stroke(color, width, tuple(part * max(width, 1.0) for part in DASHES[style]))


def _read_area(document: Mapping[str, Any]) -> AreaSymbol:
    style = _read_style(document, ("esriSFSSolid", "esriSFSNull", "esriSFSHollow", *HATCHES))
    color = read_color(document.get("color"))
    if style in ("esriSFSNull", "esriSFSHollow"):
        color = None
    if color is not None and style in HATCHES:
        color = (*color[:3], round(color[3] * HATCH_OPACITY))
    return AreaSymbol(color, _read_stroke(document.get("outline")))


def _read_offset(document: Mapping[str, Any]) -> tuple[float, float]:
    offset = [document.get(name) or 0 for name in ("xoffset", "yoffset")]
    if not all(_is_number(part) and abs(part) <= MOST_POINTS for part in offset):
        raise InvalidValue("the offset of a symbol is not two numbers", f"at most {MOST_POINTS:g} points")
    return float(offset[0]), float(offset[1])


def _read_angle(document: Mapping[str, Any]) -> float:
    angle = document.get("angle") or 0
    if not _is_number(angle):
        raise InvalidValue(f"the angle of a symbol is {str(angle)[:40]!r}", "degrees")
    return float(angle) % 360


def _read_marker(document: Mapping[str, Any]) -> MarkerSymbol:
    return MarkerSymbol(
        _read_style(document, MARKERS),
        read_length(document.get("size"), "size", 6.0),
        read_color(document.get("color")),
        _read_stroke(document.get("outline")),
        _read_angle(document),
        _read_offset(document),
    )


def _read_picture(document: Mapping[str, Any]) -> PictureSymbol:
    text = document.get("imageData")
    accepted = "imageData in base64 with contentType image/png, image/jpeg or image/gif"
    if not isinstance(text, str) or len(text) > MOST_PICTURE_BYTES:
        raise InvalidValue("a picture symbol has no imageData, or too much", accepted)
    try:
        content = pybase64.b64decode(text, validate=True)
    except ValueError as problem:
        raise InvalidValue("imageData of a symbol is not base64", accepted) from problem
    content_type = document.get("contentType") or "image/png"
    if content_type not in ("image/png", "image/jpeg", "image/gif"):
        raise InvalidValue("contentType of a symbol is unknown", accepted)
    width = read_length(document.get("width"), "width", 12.0)
    height = read_length(document.get("height"), "height", 12.0)
    return PictureSymbol(
        content, content_type, (width, height), _read_angle(document), _read_offset(document)
    )
