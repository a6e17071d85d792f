"""A picture of growth: processor time a feature over the number of features, one small frame an operation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from dev.benchmarks.table import Table

_GREY = "#7f8791"
_BLUE = "#2f81f7"
_WIDTH, _HEIGHT, _ACROSS = 290, 110, 3
_DECADES = 1.0
"""Decades that the height of a frame spans, half of them above the first size."""


def draw_growth(table: Table, sizes: Sequence[int]) -> str:
    """Return the picture as SVG.

    Args:
        table: Rows of a name, and features per processor second at each size.
        sizes: The sizes.
    """
    frames = [_draw_frame(number, row, sizes) for number, row in enumerate(table.rows)]
    height = math.ceil(len(frames) / _ACROSS) * _HEIGHT + 30
    counts = ", ".join(f"{size:,}" for size in sizes)
    title = f"Processor time a feature with {counts} features; the dashed line is that of the fewest"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH * _ACROSS} {height}" '
        f'font-family="sans-serif" font-size="11" fill="{_GREY}">\n'
        f'<text x="10" y="18" font-size="13">{title}</text>\n' + "\n".join(frames) + "\n</svg>\n"
    )


def _draw_frame(number: int, row: Sequence[object], sizes: Sequence[int]) -> str:
    name, *rates = row
    left, top = number % _ACROSS * _WIDTH + 10, number // _ACROSS * _HEIGHT + 30
    known = [(size, float(str(rate))) for size, rate in zip(sizes, rates, strict=True) if rate is not None]
    span = math.log10(sizes[-1] / sizes[0]) or 1.0
    middle = top + 55
    places = []
    for size, rate in known:
        growth = known[0][1] / rate
        x = left + 10 + (_WIDTH - 60) * math.log10(size / sizes[0]) / span
        y = middle - max(-1.0, min(1.0, math.log10(growth) / _DECADES)) * 35
        places.append((x, y, f"{size:,}: x{growth:.2g}"))
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_BLUE}"><title>{told}</title></circle>'
        f'<text x="{x:.1f}" y="{y - 6:.1f}" text-anchor="middle" font-size="9">{told.split(": ")[1]}</text>'
        for x, y, told in places
    )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    return (
        f'<text x="{left}" y="{top + 10}">{escape(str(name))}</text>'
        f'<line x1="{left}" x2="{left + _WIDTH - 30}" y1="{middle}" y2="{middle}" stroke="{_GREY}" '
        f'stroke-dasharray="3 3" stroke-opacity="0.5"/>'
        f'<polyline points="{line}" fill="none" stroke="{_BLUE}"/>{marks}'
    )
