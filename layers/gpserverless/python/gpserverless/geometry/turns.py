"""Shapes and places in other turns of a map that repeats itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gpserverless.geometry.boxes import MOST_TURNS, Box
from gpserverless.geometry.coordinate_arrays import Coordinates
from gpserverless.geometry.map_edges import MapEdge

if TYPE_CHECKING:
    from pyproj import Transformer

TOUCH = 1e-9
"""Share of a turn by which bounds may miss each other and still touch."""

_FARTHEST = 1000.0
"""Turns around the earth beyond which a place is none."""


def transform_places(change: Transformer, places: Coordinates, edge: MapEdge) -> Coordinates:
    """Return x and y of places in another map; PROJ knows none at 600 degrees, but that of a nearer turn.

    Args:
        change: The transformation.
        places: Shape (P, 2).
        edge: The edge of the map of these places.
    """
    x, y = places[:, 0], places[:, 1]
    placed = np.column_stack(change.transform(x, y))
    if not edge.period:
        return placed
    with np.errstate(invalid="ignore"):
        turns = np.round((x - edge.origin) / edge.period)
        lost = ~np.isfinite(placed[:, 0]) & (turns != 0) & (np.abs(turns) <= _FARTHEST)
    if lost.any():
        placed[lost] = np.column_stack(change.transform(x[lost] - turns[lost] * edge.period, y[lost]))
    return placed


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
