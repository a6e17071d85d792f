"""The geometry of a query in every turn of a map in which features of a layer lie.

A map of longitudes, or a cylindrical one, repeats itself. The same place is at 190 and at -170 degrees, and a
tool may have stored features at either.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.featurelayers.manifest import Extent
from gpserverless.geometry.antimeridian import WIDEST
from gpserverless.geometry.boxes import MOST_TURNS
from gpserverless.geometry.map_edges import MapEdge

_TOUCH = 1e-9
"""Share of a turn by which bounds may miss each other and still touch."""


def bring_near(shape: Any, edge: MapEdge) -> Any:
    """Return a geometry in the turn that is nearest to the middle of the map: PROJ knows no far ones.

    Args:
        shape: The geometry.
        edge: The edge of the map.

    Raises:
        InvalidValue: It reaches around the earth more often than is supported, and is no box.
    """
    period = abs(edge.period)
    west, south, east, north = shape.bounds
    if not period:
        return shape
    if east - west > WIDEST * period:
        if not shape.equals(shapely.box(west, south, east, north)):
            problem = f"it reaches around the earth more than {WIDEST:g} times"
            raise InvalidValue(problem, "one that reaches around it once")
        return shapely.box(edge.origin - period / 2, south, edge.origin + period / 2, north)
    turns = round(((west + east) / 2 - edge.origin) / period)
    return _move(shape, -turns * period) if turns else shape


def join_at_edge(shape: Any, edge: MapEdge) -> Any:
    """Return a geometry whole where it was cut at the edge of its map, beyond which it then reaches.

    Args:
        shape: The geometry.
        edge: The edge of the map.
    """
    period = abs(edge.period)
    if not period:
        return shape
    sides = edge.origin - period / 2, edge.origin + period / 2
    parts = shapely.get_parts(shape)
    at_west, at_east = (np.abs(shapely.bounds(parts)[:, [0, 2]] - sides) < _TOUCH * period).T
    if not at_west.any() or not at_east.any() or (at_west & at_east).any():
        return shape
    return shapely.union_all([*(_move(part, period) for part in parts[at_west]), *parts[~at_west]])


def list_turns_of(shape: Any, edge: MapEdge, extent: Extent | None) -> list[Any]:
    """Return a geometry in each other turn in which it meets an extent.

    Args:
        shape: The geometry.
        edge: The edge of the map.
        extent: Bounds of all features of the layer, None for no feature.
    """
    period = abs(edge.period)
    if not period or extent is None:
        return []
    west, _, east, _ = shape.bounds
    first = math.ceil((extent[0] - east) / period - _TOUCH)
    last = math.floor((extent[2] - west) / period + _TOUCH)
    turns = range(max(first, -MOST_TURNS), min(last, MOST_TURNS) + 1)
    return [_move(shape, turn * period) for turn in turns if turn]


def _move(shape: Any, distance: float) -> Any:
    return shapely.transform(shape, lambda places: places + np.array([distance, 0.0]))
