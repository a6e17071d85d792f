"""Shapes in other turns of a map that repeats itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from gpserverless.geometry.boxes import MOST_TURNS, Box
from gpserverless.geometry.map_edges import MapEdge

TOUCH = 1e-9
"""Share of a turn by which bounds may miss each other and still touch."""


def list_turns_of(shape: Any, edge: MapEdge, extent: Box | None) -> list[Any]:
    """Return a geometry in each other turn in which it meets an extent.

    Args:
        shape: The geometry.
        edge: The edge of the map.
        extent: Bounds of all features of the layer, None for no feature.
    """
    period = abs(edge.period)
    west, _, east, _ = shape.bounds
    if not period or extent is None or not math.isfinite(east - west):
        return []
    first = math.ceil((extent[0] - east) / period - TOUCH)
    last = math.floor((extent[2] - west) / period + TOUCH)
    turns = range(max(first, -MOST_TURNS), min(last, MOST_TURNS) + 1)
    return [move_east(shape, turn * period) for turn in turns if turn]


def move_east(shape: Any, distance: float) -> Any:
    """Return a geometry farther east.

    Args:
        shape: The geometry.
        distance: Units of its coordinates.
    """
    return shapely.transform(shape, lambda places: places + np.array([distance, 0.0]))
