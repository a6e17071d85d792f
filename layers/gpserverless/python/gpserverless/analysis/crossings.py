"""Changes of lines and polygons that must not make them cross themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes, split_rows
from gpserverless.analysis.watch import Watch
from gpserverless.values.counts import write_count

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
Check = Literal["NO_CHECK", "FLAG_ERRORS", "RESOLVE_ERRORS"]
Change = Callable[[Shapes, float], Shapes]

_ROUNDS = 8
"""Halvings of a tolerance; a shape that still crosses itself stays as it was."""


def change_with_check(
    shapes: Shapes, change: Change, tolerance: float, check: Check, watch: Watch
) -> tuple[Shapes, Flags]:
    """Return changed shapes, and which of them cross themselves though they did not before.

    Args:
        shapes: Shape (N,), lines or polygons.
        change: Returns changed shapes, given shapes and a tolerance.
        tolerance: Its tolerance.
        check: Whether to look for new crossings, and whether to avoid them with smaller tolerances.
        watch: Takes progress, and a message of the crossings.
    """
    found = change_shapes(shapes, _with(change, tolerance), watch, "Changing shapes")
    if check == "NO_CHECK":
        return found, np.zeros(len(shapes), bool)
    bad = _look_for_crossings(shapes, found, watch)
    if check == "RESOLVE_ERRORS" and bad.any():
        one, many = (f"{noun} changed less, so as not to cross" for noun in ("shape was", "shapes were"))
        watch.info(write_count(int(bad.sum()), f"{one} itself.", f"{many} themselves."))
        _resolve(shapes, found, bad, (change, tolerance), watch)
        bad = np.zeros(len(shapes), bool)
    elif bad.any():
        watch.warn(write_count(int(bad.sum()), "shape crosses itself.", "shapes cross themselves."))
    return found, bad


def _resolve(shapes: Shapes, found: Shapes, bad: Flags, changes: tuple[Change, float], watch: Watch) -> None:
    """Change the bad shapes again in place, with half of the tolerance each time."""
    change, tolerance = changes
    rows = np.flatnonzero(bad)
    for _ in range(_ROUNDS):
        tolerance /= 2
        found[rows] = change_shapes(shapes[rows], _with(change, tolerance), watch, "Changing shapes less")
        rows = rows[_look_for_crossings(shapes[rows], found[rows], watch)]
        if not len(rows):
            return
    found[rows] = shapes[rows]


def _with(change: Change, tolerance: float) -> Callable[[Shapes], Shapes]:
    return lambda shapes: change(shapes, tolerance)


def _look_for_crossings(before: Shapes, after: Shapes, watch: Watch) -> Flags:
    result = np.zeros(len(before), bool)
    for rows in split_rows(len(before), watch, "Looking for new crossings"):
        result[rows] = _find_new_crossings(before[rows], after[rows])
    return result


def _find_new_crossings(before: Shapes, after: Shapes) -> Flags:
    is_good = shapely.is_valid if (shapely.get_dimensions(before) == 2).any() else shapely.is_simple
    crossing = ~is_good(after) & ~shapely.is_missing(after)
    crossing[crossing] = is_good(before[crossing])
    return np.asarray(crossing)
