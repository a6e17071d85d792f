"""Edges of paths divided in equal pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.paths import find_edges
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, Coordinates, compute_offsets


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


def attach_ends(flat: CoordinateArrays, divided: Divided, coordinates: Coordinates) -> CoordinateArrays:
    """Return the paths of divided edges.

    Args:
        flat: The former paths.
        divided: Their edges.
        coordinates: Shape (Q, 2 to 4), of the vertices but for the last of each path.
    """
    is_last = np.zeros(int(divided.parts[-1]), bool)
    is_last[divided.parts[1:] - 1] = True
    result = np.empty((len(is_last), coordinates.shape[1]))
    result[~is_last] = coordinates
    result[is_last] = flat.coordinates[flat.parts[1:] - 1]
    return replace(flat, coordinates=result, parts=divided.parts)


def place_evenly(flat: CoordinateArrays, divided: Divided) -> Coordinates:
    """Return the vertices of divided edges on their straight lines, but for the last of each path.

    Args:
        flat: The paths.
        divided: Their edges.
    """
    first = find_edges(flat.parts)[divided.edge]
    start, end = flat.coordinates[first], flat.coordinates[first + 1]
    return np.asarray(start + divided.share[:, None] * (end - start))
