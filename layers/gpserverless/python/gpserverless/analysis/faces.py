"""Faces: the parts into which polygons divide the plane, each with the polygons that cover it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gpserverless.analysis.components import split_components
from gpserverless.analysis.contacts import count_pairs
from gpserverless.analysis.operations import Indices, Shapes, drop_slivers
from gpserverless.analysis.relations import NO_INDICES, join_blocks
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.analysis.watch import Watch


@dataclass(frozen=True)
class Faces:
    """F parts that do not overlap, and the M pairs of a part and a polygon that covers it."""

    #: Shape (F,).
    shapes: Shapes
    #: Shape (M,), index of the face, ascending.
    face: Indices
    #: Shape (M,), index of the polygon.
    polygon: Indices


def find_faces(shapes: Shapes, tolerance: Tolerance, watch: Watch) -> Faces:
    """Return the faces of polygons that may overlap each other; faces outside all of them are left out.

    The outlines of all polygons are cut with each other. They bound the faces, and a point inside a face
    tells the polygons that cover it.

    Args:
        shapes: Shape (N,), valid polygons.
        tolerance: The tolerance.
        watch: Takes the progress.
    """
    if not len(shapes):
        return Faces(np.empty(0, object), np.empty(0, np.int64), np.empty(0, np.int64))
    count_pairs(shapes, shapely.STRtree(shapes))
    faces: list[Shapes] = []
    blocks = [(NO_INDICES, NO_INDICES)]
    total = 0
    for rows in split_components(shapes, 2 * tolerance.grid, watch, "Dividing polygons by each other"):
        some = shapes[rows]
        lines = shapely.union_all(shapely.boundary(some), grid_size=tolerance.grid or None)
        found = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        found = found[~shapely.is_missing(drop_slivers(found, 2, tolerance))]
        tree = shapely.STRtree(shapely.point_on_surface(found))
        polygon, face = tree.query(some, predicate="intersects")
        order = np.lexsort((polygon, face))
        used, number = np.unique(face[order], return_inverse=True)
        faces.append(found[used])
        blocks.append((number + total, rows[polygon[order]]))
        total += len(used)
    return Faces(np.concatenate(faces), *join_blocks(blocks))
