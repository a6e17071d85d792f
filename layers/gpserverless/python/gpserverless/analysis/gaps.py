"""Gaps that polygons enclose."""

from __future__ import annotations

import numpy as np
import shapely

from gpserverless.analysis.operations import Shapes, drop_slivers, keep_dimension, subtract
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.geometry.dissolve import unite


def find_gaps(shapes: Shapes, tolerance: Tolerance) -> Shapes:
    """Return the gaps between polygons, each as a polygon without what lies on islands in it.

    Args:
        shapes: Shape (N,), valid polygons.
        tolerance: The tolerance.
    """
    whole = unite(shapes)
    parts = shapely.get_parts(whole)
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.append(False, owner[1:] == owner[:-1])
    holes = np.asarray(shapely.polygons(rings[inner]), object)
    covered = np.full(len(holes), whole, object)
    gaps = drop_slivers(keep_dimension(subtract(holes, covered, tolerance), 2), 2, tolerance)
    return gaps[~shapely.is_missing(gaps)]
