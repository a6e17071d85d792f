"""Heights and measures that some vertices of a layer have, and others have not."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

_SHAPES_AT_ONCE = 20_000


def has_ordinate_gaps(shapes: NDArray[np.object_], *, has_z: bool, has_m: bool) -> bool:
    """Return whether some vertices have a height, or a measure, that others have not.

    Args:
        shapes: Shape (N,), shapely geometries or None.
        has_z: Whether any has heights.
        has_m: Whether any has measures.
    """
    if not has_z and not has_m:
        return False
    seen, missed = np.zeros(2, bool), np.zeros(2, bool)
    for start in range(0, len(shapes), _SHAPES_AT_ONCE):
        some: Any = shapes[start : start + _SHAPES_AT_ONCE]
        missing = np.isnan(shapely.get_coordinates(some, include_z=True, include_m=True)[:, 2:])
        missed |= missing.any(axis=0)
        seen |= ~missing.all(axis=0) & bool(len(missing))
        if (seen & missed).any():
            return True
    return False
