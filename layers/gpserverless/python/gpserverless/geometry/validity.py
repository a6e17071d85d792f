"""Validity of geometries, told of simple outlines without GEOS."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Geometries

_MOST_VERTICES = 64
"""Longer outlines are seldom seen whole from their middle; the look would cost more than it saves."""

_BLOCK = 2_000
"""Polygons that are looked at together, so that their vertices stay near the processor."""

_ROUNDING = 4 * np.finfo(np.float64).eps
"""Error of a cross product of two differences, as a share of its two terms: below two units of this."""

_LEAST = 1e-290
"""Cross products that are smaller may have lost digits."""

Mask = NDArray[np.bool_]


def find_valid(geometries: Geometries) -> Mask:
    """Return whether each geometry is valid, shape (N,); None is not.

    An outline whose vertices go around the middle of its box once, each to the same side, meets itself
    nowhere. Such polygons without holes need no test by GEOS, which takes ten times as long.

    Args:
        geometries: Shape (N,), shapely geometries or None.
    """
    result = np.zeros(len(geometries), bool)
    kinds, counts = shapely.get_type_id(geometries), shapely.get_num_coordinates(geometries)
    short = (kinds == 3) & (counts > 0) & (counts <= _MOST_VERTICES)
    some = np.flatnonzero(short & (shapely.get_num_interior_rings(geometries) == 0))
    for begin in range(0, len(some), _BLOCK):
        block = some[begin : begin + _BLOCK]
        result[block] = _go_around_middle(geometries[block], counts[block])
    others = np.flatnonzero(~result)
    result[others] = shapely.is_valid(geometries[others])
    return result


def _go_around_middle(polygons: Geometries, counts: NDArray[np.int32]) -> Mask:
    """Return whether outlines go around their middle once, and surely never back, shape (P,).

    Args:
        polygons: Shape (P,), polygons of one ring.
        counts: Shape (P,), the number of vertices of each.
    """
    bounds = shapely.bounds(polygons)
    x, y = np.ascontiguousarray(shapely.get_coordinates(polygons).T)
    with np.errstate(all="ignore"):  # of infinite coordinates, which are not valid
        east = x - np.repeat((bounds[:, 0] + bounds[:, 2]) / 2, counts)
        north = y - np.repeat((bounds[:, 1] + bounds[:, 3]) / 2, counts)
        one, other = east[:-1] * north[1:], north[:-1] * east[1:]
        turn, error = one - other, _ROUNDING * (np.abs(one) + np.abs(other)) + _LEAST
        left, right = turn > error, turn < -error
    upwards = (north[:-1] < 0) & (north[1:] >= 0)
    first = np.cumsum(counts) - counts
    between = first[1:] - 1  # from the last vertex of a polygon to the first of the next
    left[between] = right[between] = True
    upwards[between] = False
    one_way = np.logical_and.reduceat(left, first) | np.logical_and.reduceat(right, first)
    return np.asarray(one_way & (np.add.reduceat(upwards.astype(np.int64), first) == 1))
