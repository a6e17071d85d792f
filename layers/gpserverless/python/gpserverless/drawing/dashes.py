"""Lines with gaps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

LEAST_PATTERN = 2.0
"""Pixels of a line and its gap below which a line is drawn without gaps: nobody would see them."""

MOST_DASHES = 20_000
"""Dashes of one line, above which it is drawn without gaps."""


def cut_dashes(chain: Sequence[float], dashes: Sequence[float]) -> list[list[float]]:
    """Return the pieces of a line between its gaps.

    Args:
        chain: x and y of its vertices in turn.
        dashes: Lengths of line and gap in turn.
    """
    points = np.asarray(chain, float).reshape(-1, 2)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    pattern, total = math.fsum(dashes), float(along[-1])
    if pattern < LEAST_PATTERN or total <= dashes[0] or total / pattern * len(dashes) > MOST_DASHES:
        return [list(chain)]
    marks = np.cumsum(np.tile(dashes, math.ceil(total / pattern)))
    marks = np.concatenate([[0.0], marks[marks < total], [total]])
    x, y = np.interp(marks, along, points[:, 0]), np.interp(marks, along, points[:, 1])
    first = np.searchsorted(along, marks, side="right")
    pieces = []
    for start in range(0, len(marks) - 1, 2):
        inner = points[first[start] : np.searchsorted(along, marks[start + 1])]
        pieces.append([x[start], y[start], *inner.reshape(-1).tolist(), x[start + 1], y[start + 1]])
    return pieces
