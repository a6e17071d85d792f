"""Shapes and labels as elements of SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import numpy as np
import shapely

from dev.pictures.frame import Frame
from dev.pictures.look import PAPER, TEXT, Style

_MANY = 40
"""Points of which each circle would be too long."""

_STRIP = 150
"""Height in tenths of a pixel of the strips in which many points are written from left to right."""


def draw_shapes(shapes: Any, frame: Frame, style: Style, detail: float = 0.3) -> Iterator[str]:
    """Yield the elements of shapes in one style.

    Args:
        shapes: Geometries in the coordinates of the frame.
        frame: The place of the map.
        style: The look.
        detail: How far a simplified outline may depart, in pixels.
    """
    parts = shapely.get_parts(frame.place(shapes, detail))
    kinds = shapely.get_type_id(parts)
    yield f'<g fill-rule="evenodd" {style.write()}>'
    areas = parts[kinds == shapely.GeometryType.POLYGON]
    yield from (f'<path d="{_write_area(area)}"/>' for area in areas)
    lines = parts[kinds == shapely.GeometryType.LINESTRING]
    if len(lines):
        yield f'<path d="{"".join(_write_line(line) for line in lines)}"/>'
    yield from _draw_points(shapely.get_coordinates(parts[kinds == shapely.GeometryType.POINT]), style)
    yield "</g>"


def _draw_points(places: Any, style: Style) -> Iterator[str]:
    """Yield a circle for each point; of many, lines without length and with round ends, which are shorter."""
    if len(places) < _MANY:
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{style.radius:g}"/>' for x, y in places)
        return
    tenths = np.rint(places * 10).astype(int)
    tenths = tenths[np.lexsort((tenths[:, 0], tenths[:, 1] // _STRIP))]  # neighbours follow, steps are short
    steps = np.vstack([tenths[:1], np.diff(tenths, axis=0)])
    path = "".join(f"m{_write_pair(step)}h0" for step in steps)
    for colour, width in ((style.stroke, style.radius * 2 + style.width), (style.fill, style.radius * 2)):
        if colour != "none":
            yield f'<path d="{path}" stroke-linecap="round" stroke="{colour}" stroke-width="{width:g}"/>'


def _write_area(area: Any) -> str:
    return "".join(_write_line(ring) + "z" for ring in shapely.get_rings(area))


def _write_line(line: Any) -> str:
    """Return path data in steps of tenths of a pixel from vertex to vertex, which is shorter than places."""
    tenths = np.rint(shapely.get_coordinates(line) * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    start, *rest = [tenths[0], *steps[np.any(steps != 0, axis=1)]]
    return "M" + _write_pair(start) + ("l" + _join(rest) if rest else "")


def _join(pairs: list[Any]) -> str:
    """Return pairs of numbers; a minus parts two numbers as well as a space does."""
    return " ".join(_write_pair(pair) for pair in pairs).replace(" -", "-")


def _write_pair(pair: Any) -> str:
    return " ".join(_write_tenths(int(number)) for number in pair).replace(" -", "-")


def _write_tenths(number: int) -> str:
    text = f"{number / 10:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def draw_labels(
    points: Any,
    texts: Iterable[str],
    frame: Frame,
    size: float = 12,
    shift: tuple[float, float] = (8, 4),
    ink: str = TEXT,
    rim: float = 3,
) -> Iterator[str]:
    """Yield a text beside each point, with a rim that keeps it readable on any ground.

    Args:
        points: The points.
        texts: A text for each.
        frame: The place of the map.
        size: Size of the letters in pixels.
        shift: Pixels from the point to the right and down; a shift to the left
            ends the text there, one of 0 centres it.
        ink: Colour of the letters.
        rim: Width of the rim in pixels.
    """
    right, down = shift
    anchor = "middle" if right == 0 else "start" if right > 0 else "end"
    yield (
        f'<g font-size="{size:g}" font-weight="600" fill="{ink}" stroke="{PAPER}" stroke-width="{rim:g}"'
        f' stroke-linejoin="round" paint-order="stroke" text-anchor="{anchor}">'
    )
    for point, text in zip(np.asarray(points, object), texts, strict=True):
        placed = frame.place([point])
        for x, y in shapely.get_coordinates(placed):
            yield f'<text x="{x + right:.1f}" y="{y + down:.1f}">{escape(text)}</text>'
    yield "</g>"
