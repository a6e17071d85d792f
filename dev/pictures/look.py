"""Colours and sizes of the pictures. They go with the accent of the pages, see pages/style/base.css."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, PADDING, GAP = 960.0, 24.0, 48.0
"""Pixels: of a picture, around it, and between its two maps."""

MAP_WIDTH = (WIDTH - 2 * PADDING - GAP) / 2

PAPER, SEA, LAND, BORDER, EDGE = "#ffffff", "#e3edee", "#fbfaf6", "#c9d2ce", "#d3dcd9"
TEXT, QUIET = "#17211f", "#566461"
INPUT, INPUT_LIGHT, OUTPUT = "#b8481f", "#e8825a", "#0b6b5d"

RAMP = ("#d2e9e4", "#a9d5cb", "#7fc0b3", "#459f8f", "#0b6b5d", "#064239")
"""From few to many."""


@dataclass(frozen=True)
class Style:
    """The look of the shapes of a layer.

    Attributes:
        fill: Colour of areas and points, "none" for none.
        stroke: Colour of lines and outlines, "none" for none.
        width: Width of lines in pixels.
        opacity: Opacity of the fill, 0 to 1.
        dashes: Lengths of dashes and gaps in pixels, "" for a whole line.
        radius: Radius of points in pixels.
    """

    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    opacity: float = 1.0
    dashes: str = ""
    radius: float = 4.0

    def write(self) -> str:
        """Return the attributes of an SVG element."""
        written = f'fill="{self.fill}"'
        if self.opacity < 1:
            written += f' fill-opacity="{self.opacity:g}"'
        if self.stroke != "none":
            written += f' stroke="{self.stroke}" stroke-width="{self.width:g}" stroke-linejoin="round"'
        return written + (f' stroke-dasharray="{self.dashes}"' if self.dashes else "")


LAND_STYLE = Style(LAND, BORDER, 0.8)
POINT_STYLE = Style(INPUT, PAPER, 1.5, radius=5)
SMALL_POINT_STYLE = Style(INPUT, PAPER, 0.6, radius=2.6)
LINE_STYLE = Style(stroke=INPUT, width=1.8)
AREA_STYLE = Style(INPUT_LIGHT, INPUT, 1.6, 0.18)
ZONE_STYLE = Style(OUTPUT, OUTPUT, 1.4, 0.28)
SOFT_STYLE = Style("#fbfaf6", "#8fa09b", 0.9)
OTHER_STYLE = Style("#a9c8da", "#5f8aa3", 1.2, 0.55)
RESULT_STYLE = Style(OUTPUT, PAPER, 1, 0.75)
RESULT_LINE = Style(stroke=OUTPUT, width=1.8)
RESULT_POINT = Style(OUTPUT, PAPER, 1.2, radius=4.5)
DOT_STYLE = Style(INPUT, radius=2)
FAINT_LINE = Style(stroke="#c3a394", width=1)
FAINT_POINT = Style("#d9a78f", radius=1.8)

HUES = ("#0b6b5d", "#e8825a", "#6a8fb8", "#d9b44a", "#8a6aa8", "#7fc0b3", "#b8481f", "#4a5f86", "#a3a84a")
"""Colours that tell kinds apart."""
