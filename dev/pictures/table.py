"""A table in the place of a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from dev.pictures.frame import Frame
from dev.pictures.look import EDGE, QUIET, TEXT


def draw_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], frame: Frame, first: float = 0.3
) -> Iterator[str]:
    """Yield a table that fills a frame; the first column holds texts, the others numbers.

    Args:
        head: Names of the columns.
        rows: The cells of each row.
        frame: Its place.
        first: Share of the width that the first column has.
    """
    line = min(frame.height / (len(rows) + 1), 48)
    left, width = frame.x, frame.width
    yield f'<rect x="{left:g}" y="{frame.y:.1f}" width="{width:g}" height="{line:.1f}" fill="#f0f5f4"/>'
    for number, cells in enumerate([head, *rows]):
        end = frame.y + line * (number + 1)
        weight = "" if number else f' font-size="12" font-weight="600" fill="{QUIET}"'
        yield f'<g font-size="14" fill="{TEXT}"><g{weight}>'
        yield from _draw_cells(cells, frame, end - line / 2 + 5, first)
        yield f'</g></g><path d="M{left:g} {end:.1f}h{width:g}" stroke="{EDGE}"/>'


def _draw_cells(cells: Sequence[str], frame: Frame, y: float, first: float) -> Iterator[str]:
    step = frame.width * (1 - first) / max(len(cells) - 1, 1)
    yield f'<text x="{frame.x + 20:g}" y="{y:.1f}">{escape(cells[0])}</text>'
    for number, cell in enumerate(cells[1:], 1):
        x = frame.x + frame.width * first + step * number - 20
        yield f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="end">{escape(cell)}</text>'
