"""Directions of rings as Esri JSON has them: outer rings clockwise, holes counter-clockwise.

The direction of a ring is the sign of its area, as readers of Esri JSON compute it. For a ring that crosses
itself, GEOS looks at one corner alone, and can take a hole for an outer ring.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from gpserverless.geometry.coordinate_arrays import CoordinateArrays, Geometries, compute_signed_areas


def orient_rings(flat: CoordinateArrays, geometries: Geometries) -> CoordinateArrays:
    """Turn the rings that run the wrong way; one whose area is 0 stays as it is.

    Args:
        flat: The rings of the polygons, as `flatten` returns them.
        geometries: Shape (N,), the polygons.
    """
    areas = compute_signed_areas(flat.coordinates, flat.parts)
    wrong = np.where(_find_outer_rings(geometries), areas > 0, areas < 0)
    return turn_parts(flat, wrong) if wrong.any() else flat


def turn_parts(flat: CoordinateArrays, wrong: NDArray[np.bool_]) -> CoordinateArrays:
    """Return the same geometries with some parts in the other direction.

    Args:
        flat: The geometries.
        wrong: Which parts are to be turned, shape (K,).
    """
    starts, sizes = flat.parts[:-1][wrong], np.diff(flat.parts)[wrong]
    forth = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    coordinates = flat.coordinates.copy()
    coordinates[np.repeat(starts, sizes) + forth] = flat.coordinates[
        np.repeat(starts + sizes - 1, sizes) - forth
    ]
    return replace(flat, coordinates=coordinates)


def _find_outer_rings(geometries: Geometries) -> NDArray[np.bool_]:
    """Return which rings are outer ones, shape (K,), in the order of the polygons."""
    kinds = shapely.get_type_id(geometries)
    # Parts are copies, which take longer than all the rest.
    polygons = geometries[kinds >= 0]
    polygons = polygons if (kinds <= GeometryType.POLYGON).all() else shapely.get_parts(polygons)
    polygons = polygons[~shapely.is_empty(polygons)]
    counts = shapely.get_num_interior_rings(polygons) + 1
    outer = np.zeros(int(counts.sum()), np.bool_)
    outer[np.cumsum(counts) - counts] = True
    return outer
