"""Esri geometry types of shapely geometries."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.geometry_types import TYPE_IDS, name_geometry_type

_KNOWN = [type_id for ids in TYPE_IDS.values() for type_id in ids]


def find_geometry_types(shapes: NDArray[np.object_]) -> set[str | None]:
    """Return the Esri names of the types that occur; None stands for geometry collections.

    Args:
        shapes: Shape (N,), shapely geometries or None, which has no type.
    """
    counts = np.bincount(shapely.get_type_id(shapes) + 1)  # the id of None is -1
    return {name_geometry_type(int(type_id)) for type_id in np.flatnonzero(counts[1:])}


def find_collections(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return the mask of geometry collections, which no feature can hold, shape (N,).

    Args:
        shapes: Shape (N,), shapely geometries or None.
    """
    ids = shapely.get_type_id(shapes)
    return (ids >= 0) & ~np.isin(ids, _KNOWN)
