"""Which of Esri's geometry types an array of shapes holds."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.geometry_types import TYPE_IDS, geometry_type_of

_KNOWN = [type_id for ids in TYPE_IDS.values() for type_id in ids]


def kinds_of(shapes: NDArray[np.object_]) -> set[str | None]:
    """Return the Esri names of the types that occur, None for shapes of several types.

    Args:
        shapes: Shape (N,), shapely geometries or None, which is of no type.
    """
    counts = np.bincount(shapely.get_type_id(shapes) + 1)  # the id of None is -1
    return {geometry_type_of(int(type_id)) for type_id in np.flatnonzero(counts[1:])}


def are_of_several_types(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which shapes are collections that no feature can hold.

    Args:
        shapes: Shape (N,), shapely geometries or None.
    """
    ids = shapely.get_type_id(shapes)
    return (ids >= 0) & ~np.isin(ids, _KNOWN)
