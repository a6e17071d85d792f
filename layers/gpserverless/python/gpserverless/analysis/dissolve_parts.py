"""The features that have a part in each part of their union."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.features.feature_set import FeatureSet

Indices = NDArray[np.int64]

_SHARES = (0.382, 0.618)
"""Two places on an edge, as shares of it, where few lines cross it."""

_REACH = 1e-9
"""The distance at which an edge lies on a line, as a share of the extent: crossings are rounded."""


def find_members(
    features: FeatureSet[Any], case: Indices, parts: NDArray[np.object_], part_case: Indices
) -> tuple[Indices, Indices]:
    """Return the pairs of a part and a feature that has a part in it, in order, each of shape (M,).

    Args:
        features: N features without null.
        case: Shape (N,), the case of each feature.
        parts: Shape (P,), the parts of the unions.
        part_case: Shape (P,), the case of each part.
    """
    if features.geometry_type == "esriGeometryPolyline":
        part, row = _find_lines(features.geometries, parts)
    else:
        part, row = _find_pieces(features.geometries, parts)
    same = part_case[part] == case[row]
    pairs = np.unique(np.column_stack([part[same], row[same]]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _find_pieces(shapes: NDArray[np.object_], parts: NDArray[np.object_]) -> tuple[Indices, Indices]:
    """Find points, or polygons by a point inside each of their parts."""
    pieces, owner = shapely.get_parts(shapes, return_index=True)
    places = shapely.point_on_surface(pieces)
    shapely.prepare(parts)
    part, piece = shapely.STRtree(places).query(parts, predicate="intersects")
    return part, owner[piece]


def _find_lines(shapes: NDArray[np.object_], parts: NDArray[np.object_]) -> tuple[Indices, Indices]:
    """Find lines by two places on each edge of the parts: a line that crosses it has one at most."""
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    edge = part[1:] == part[:-1]
    starts, ends = coordinates[:-1][edge], coordinates[1:][edge]
    xmin, ymin, xmax, ymax = shapely.total_bounds(parts)
    reach = _REACH * max(xmax - xmin, ymax - ymin) if len(parts) else 0.0
    tree = shapely.STRtree(shapes)
    found = [
        tree.query(shapely.points(starts + share * (ends - starts)), predicate="dwithin", distance=reach)
        for share in _SHARES
    ]
    pairs = [place * len(shapes) + row for place, row in found]
    both = np.intersect1d(*pairs)
    return part[1:][edge][both // len(shapes)], both % len(shapes)
