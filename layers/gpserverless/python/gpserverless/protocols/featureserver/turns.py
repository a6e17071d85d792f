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
from gpserverless.geometry.antimeridian import WIDEST
from gpserverless.geometry.map_edges import MapEdge
from gpserverless.geometry.turns import TOUCH, move_east


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
    if not period or not math.isfinite(east - west):
        return shape
    if east - west > WIDEST * period:
        if not shape.equals(shapely.box(west, south, east, north)):
            problem = f"it reaches around the earth more than {WIDEST:g} times"
            raise InvalidValue(problem, "one that reaches around it once")
        return shapely.box(edge.origin - period / 2, south, edge.origin + period / 2, north)
    turns = round(((west + east) / 2 - edge.origin) / period)
    return move_east(shape, -turns * period) if turns else shape


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
    at_west, at_east = (np.abs(shapely.bounds(parts)[:, [0, 2]] - sides) < TOUCH * period).T
    if not at_west.any() or not at_east.any() or (at_west & at_east).any():
        return shape
    return shapely.union_all([*(move_east(part, period) for part in parts[at_west]), *parts[~at_west]])
