"""The sides of a geometry that cross each other, counted before GEOS takes time for each of them.

GEOS repairs, grows and compares a geometry in a time that grows with its crossings, which may be half the
square of its sides. It cannot be interrupted. Who takes geometries from callers counts them first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue

MOST_CROSSINGS = 10_000
"""Crossings of a geometry: a geodesic buffer of a line with so many takes three seconds."""

MOST_NEAR = 2_000_000
"""Pairs of sides whose bounds meet; to compare so many takes half a second."""

_FEW_SIDES = 100  # their crossings are below the limit
_BOTH_WAYS = 2
_PAIRS_AT_ONCE = 10_000_000

Sides = NDArray[np.float64]


def require_few_crossings(geometry: Any) -> None:
    """Raise if too many sides of a geometry cross each other.

    Args:
        geometry: A shapely geometry.

    Raises:
        InvalidValue: They do.
    """
    sides = _list_sides(geometry)
    if len(sides) <= _FEW_SIDES:
        return
    tree = shapely.STRtree(np.asarray(shapely.linestrings(sides)))
    near = crossings = 0
    step = max(1, _PAIRS_AT_ONCE // len(sides))
    for start in range(0, len(sides), step):
        first, second = tree.query(tree.geometries[start : start + step])
        near += len(first)
        if near <= MOST_NEAR:
            crossings += _count_crossings(sides[start + first], sides[second])
        if near > MOST_NEAR or crossings > _BOTH_WAYS * MOST_CROSSINGS:
            problem = f"its sides cross or cover each other more than {MOST_CROSSINGS:,} times"
            raise InvalidValue(problem, "a simpler geometry")


def _list_sides(geometry: Any) -> Sides:
    """Return the sides of rings and lines, shape (N, 2, 2)."""
    parts = shapely.get_parts(geometry)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines = np.concatenate([shapely.get_rings(parts[is_polygon]), parts[~is_polygon]])
    vertices, owners = shapely.get_coordinates(lines, return_index=True)
    sides = np.stack([vertices[:-1], vertices[1:]], axis=1)
    return np.asarray(sides[owners[1:] == owners[:-1]])


def _count_crossings(one: Sides, other: Sides) -> int:
    """Return how many pairs of sides cross within both; sides that touch do not."""
    apart = (_turn(one, other[:, 0]) * _turn(one, other[:, 1]) < 0) & (
        _turn(other, one[:, 0]) * _turn(other, one[:, 1]) < 0
    )
    return int(np.count_nonzero(apart))


def _turn(sides: Sides, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the side on which places lie: the sign of the cross product."""
    along, away = sides[:, 1] - sides[:, 0], places - sides[:, 0]
    return np.asarray(np.sign(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]))
