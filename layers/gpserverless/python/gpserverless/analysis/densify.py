"""More vertices on the edges of lines and polygons, none of which leaves its place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_features
from gpserverless.analysis.divided_edges import attach_ends, divide, place_evenly
from gpserverless.analysis.inputs import check_types, find_shapes
from gpserverless.analysis.lengths import read_length
from gpserverless.analysis.path_lengths import measure_paces
from gpserverless.analysis.paths import list_paths
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.values.units import LinearUnit

MAX_VERTICES = 50_000_000
"""Vertices that a tool makes at once: at 16 to 60 bytes each they fill the memory of a worker."""


def densify(
    features: FeatureSet[Any], distance: LinearUnit, most: int | None, watch: Watch
) -> FeatureSet[Any]:
    """Return features with vertices added, so that no edge is longer than a distance.

    Args:
        features: Lines or polygons.
        distance: The distance; a length for geographic features is measured on the ellipsoid.
        most: Most vertices that are added to an edge, None for any number.
        watch: Takes the progress.

    Raises:
        InvalidParameter: The distance does not suit the features.
        ToolError: There would be too many vertices.
    """
    check_types(features, "in_features", (POLYLINE, POLYGON))
    longest = read_length(features, distance, "distance")
    if not find_shapes(features.geometries).any():
        return features
    blocks = []
    for rows, some in split_features(features, watch, "Measuring edges"):
        paces = measure_paces(list_paths(some), some, geodesic=longest.geodesic)
        blocks.append((rows, some, want_pieces(paces, longest.value)))
    check_vertices(sum(float(wanted.sum()) for _, _, wanted in blocks))
    shapes = np.full(len(features), None, object)
    for rows, some, wanted in blocks:
        watch.progress("Adding vertices", 100 * rows.start // len(features))
        pieces = wanted.astype(np.int64)
        shapes[rows] = _divide(some, pieces if most is None else np.minimum(pieces, most + 1))
    return features.with_geometries(shapes, features.geometry_type)


def _divide(features: FeatureSet[Any], pieces: NDArray[np.int64]) -> NDArray[np.object_]:
    flat = list_paths(features)
    divided = divide(flat, pieces)
    return attach_ends(flat, divided, place_evenly(flat, divided)).to_shapely()


def want_pieces(lengths: NDArray[np.float64], longest: float) -> NDArray[np.float64]:
    """Return the number of equal pieces of each edge, at least 1.

    Args:
        lengths: Of the edges.
        longest: Most of a piece.
    """
    return np.maximum(np.ceil(lengths / longest * (1 - 1e-12)), 1)


def check_vertices(total: float) -> None:
    """Raise if there would be too many vertices.

    Args:
        total: Their number.

    Raises:
        ToolError: They are too many.
    """
    if not total <= MAX_VERTICES:
        raise ToolError(
            f"The distance would make {total:,.0f} vertices; at most {MAX_VERTICES:,} fit. Take a longer one."
        )
