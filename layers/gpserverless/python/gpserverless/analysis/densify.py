"""More vertices on the edges of lines and polygons, none of which leaves its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.inputs import check_types
from gpserverless.analysis.lengths import read_length
from gpserverless.analysis.paths import find_edges, list_paths, measure_edges, rebuild
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, compute_offsets
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.values.units import LinearUnit

MAX_VERTICES = 50_000_000
"""Vertices that a tool makes at once: at 16 to 60 bytes each they fill the memory of a worker."""


@dataclass(frozen=True)
class Divided:
    """Edges divided in pieces.

    Attributes:
        edge: Shape (Q,), the edge of each new vertex; the first vertex of an edge is one of them.
        share: Shape (Q,), its place on the edge, 0 to less than 1.
        parts: Shape (K + 1,), offsets of the vertices of each path, with its last vertex.
    """

    edge: NDArray[np.int64]
    share: NDArray[np.float64]
    parts: NDArray[np.int64]


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
    watch.progress("Adding vertices")
    flat = list_paths(features)
    if not len(flat.coordinates):
        return features
    pieces = count_pieces(measure_edges(flat, features, geodesic=longest.geodesic), longest.value)
    if most is not None:
        pieces = np.minimum(pieces, most + 1)
    divided = divide(flat, pieces)
    first = find_edges(flat.parts)[divided.edge]
    start, end = flat.coordinates[first], flat.coordinates[first + 1]
    return features.with_geometries(
        join_ends(flat, divided, start + divided.share[:, None] * (end - start)), features.geometry_type
    )


def count_pieces(lengths: NDArray[np.float64], longest: float) -> NDArray[np.int64]:
    """Return the number of equal pieces of each edge, at least 1.

    Args:
        lengths: Of the edges.
        longest: Most of a piece.

    Raises:
        ToolError: There would be too many vertices.
    """
    wanted = np.ceil(lengths / longest * (1 - 1e-12))
    total = wanted.sum()
    if not total <= MAX_VERTICES:
        raise ToolError(
            f"The distance would make {total:,.0f} vertices; at most {MAX_VERTICES:,} fit. Take a longer one."
        )
    return np.maximum(wanted, 1).astype(np.int64)


def divide(flat: CoordinateArrays, pieces: NDArray[np.int64]) -> Divided:
    """Return where the vertices of divided edges lie.

    Args:
        flat: The paths.
        pieces: Number of pieces of each edge.
    """
    before = compute_offsets(pieces)
    edge = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(before[-1]) - before[edge]) / pieces[edge]
    edges = compute_offsets(np.diff(flat.parts) - 1)
    return Divided(edge, share, compute_offsets(np.diff(before[edges]) + 1))


def join_ends(
    flat: CoordinateArrays, divided: Divided, coordinates: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return the shapes of divided edges.

    Args:
        flat: The paths.
        divided: Their edges.
        coordinates: Shape (Q, 2 to 4), of the vertices but for the last of each path.
    """
    last = np.zeros(int(divided.parts[-1]), bool)
    last[divided.parts[1:] - 1] = True
    result = np.empty((len(last), coordinates.shape[1]))
    result[~last] = coordinates
    result[last] = flat.coordinates[flat.parts[1:] - 1]
    return rebuild(flat, result, divided.parts)
