"""The symbols of a layer as small pictures of its page, made of the renderer's Esri JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gpserverless.pages.texts import Text

MOST_SWATCHES = 50
"""Symbols that a page shows."""

Shape = Literal["area", "line", "mark", "picture"]

_SHAPES: Mapping[str, Shape] = {"esriSFS": "area", "esriSLS": "line", "esriSMS": "mark", "esriPMS": "picture"}
_DASHES = {"esriSLSDash": "5 3", "esriSLSDot": "1.5 2.5", "esriSLSDashDot": "5 2.5 1.5 2.5"}
_MARKS = {
    "esriSMSSquare": "M5 5h14v14H5z",
    "esriSMSDiamond": "M12 3.5l8.5 8.5-8.5 8.500L3.500 12z",
    "esriSMSTriangle": "M12 4l8.500 15h-17z",
    "esriSMSCross": "M12 4v16M4 12h16",
    "esriSMSX": "M6 6l12 12M18 6L6 18",
}
_CIRCLE = "M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14z"
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{1,40000}", re.ASCII)
_WIDEST = 4.0
_OTHERS = Text("Other values")


@dataclass(frozen=True)
class Swatch:
    """A symbol, and the values that it stands for.

    Attributes:
        label: The values, "" if it stands for all.
        shape: How it is drawn.
        fill: Colour of its surface, "none" for none.
        stroke: Colour of its line, "none" for none.
        width: Width of its line in pixels.
        dash: Lengths of the dashes of its line, "" for none.
        path: Outline of a mark on a ground of 24 by 24.
        image: URL of a picture.
    """

    label: str
    shape: Shape
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: str = ""
    path: str = ""
    image: str = ""


def make_swatches(renderer: Mapping[str, Any]) -> list[Swatch]:
    """Return the symbols of a renderer; others than symbols are left out.

    Args:
        renderer: Esri JSON of a simple, unique value or class breaks renderer.
    """
    made = (_make_swatch(label, symbol) for label, symbol in _list_symbols(renderer))
    return [swatch for swatch in made if swatch is not None][:MOST_SWATCHES]


def name_fields(renderer: Mapping[str, Any]) -> str:
    """Return the names of the fields whose values choose the symbols, "" if all look alike.

    Args:
        renderer: Esri JSON of a renderer.
    """
    names = [renderer.get(name) for name in ("field", "field1", "field2", "field3")]
    return ", ".join(str(name) for name in names if name)


def _list_symbols(renderer: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "symbol" in renderer:
        yield str(renderer.get("label") or ""), renderer["symbol"]
    for info in renderer.get("uniqueValueInfos") or ():
        yield str(info.get("label") or info.get("value", "")), info.get("symbol")
    least = renderer.get("minValue")
    for info in renderer.get("classBreakInfos") or ():
        most = info.get("classMaxValue")
        yield (
            str(info.get("label") or f"{info.get('classMinValue', least)} \u2013 {most}"),
            info.get("symbol"),
        )
        least = most
    if renderer.get("defaultSymbol"):
        yield str(renderer.get("defaultLabel") or _OTHERS), renderer["defaultSymbol"]


def _make_swatch(label: str, symbol: Any) -> Swatch | None:
    shape = _SHAPES.get(symbol.get("type", "")) if isinstance(symbol, Mapping) else None
    if shape is None:
        return None
    if shape == "picture":
        image = _read_image(symbol)
        return Swatch(label, shape, image=image) if image else None
    line = symbol if shape == "line" else symbol.get("outline") or {}
    is_open = symbol.get("style") in ("esriSFSNull", "esriSLSNull")
    is_lines = symbol.get("style") in ("esriSMSCross", "esriSMSX")
    fill = "none" if shape == "line" or is_open or is_lines else _write_color(symbol.get("color"))
    stroke = _write_color(symbol.get("color") if is_lines else line.get("color"))
    width = _read_width(line.get("width"))
    path = _MARKS.get(symbol.get("style", ""), _CIRCLE) if shape == "mark" else ""
    return Swatch(label, shape, fill, stroke, width, _DASHES.get(line.get("style", ""), ""), path)


def _read_width(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return min(_WIDEST, max(0.5, float(value))) if is_number else 1.0


def _write_color(value: Any) -> str:
    """Return red, green, blue and opacity from 0 to 255 as SVG has them."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) not in (3, 4):
        return "none"
    if not all(isinstance(each, int | float) and 0 <= each <= 255 for each in value):
        return "none"
    red, green, blue, opacity = (*(round(each) for each in value[:3]), value[3] if len(value) == 4 else 255)
    return f"rgba({red}, {green}, {blue}, {opacity / 255:.3g})"


def _read_image(symbol: Mapping[str, Any]) -> str:
    kind, data = symbol.get("contentType", "image/png"), symbol.get("imageData")
    if kind not in _PICTURES or not isinstance(data, str) or not _BASE64.fullmatch(data):
        return ""
    return f"data:{kind};base64,{data}"
