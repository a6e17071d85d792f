"""Paths of lines and rings of polygons as flat arrays, and the places along them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import (
    CoordinateArrays,
    Coordinates,
    Offsets,
    compute_offsets,
    find_owners,
    flatten,
)
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.geometry.ring_directions import orient_rings

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """Q places on paths, each on one edge.

    Attributes:
        path: Shape (Q,), the path of each, ascending.
        coordinates: Shape (Q, 2 to 4).
    """

    path: Indices
    coordinates: Coordinates


def list_paths(features: FeatureSet[Any]) -> CoordinateArrays:
    """Return the paths or rings of features; outer rings run clockwise, holes counter-clockwise.

    Args:
        features: Lines or polygons.
    """
    flat = flatten(features.geometries, features.geometry_type, z=features.has_z, m=features.has_m)
    return orient_rings(flat, features.geometries) if features.geometry_type == POLYGON else flat


def find_path_owners(flat: CoordinateArrays) -> Indices:
    """Return the feature of each path, shape (K,).

    Args:
        flat: The paths.
    """
    return find_owners(flat.features)


def find_edges(parts: Offsets) -> Indices:
    """Return the first vertex of each edge, ascending; the second is the next.

    Args:
        parts: Shape (K + 1,), offsets of the vertices of each path.
    """
    is_start = np.ones(int(parts[-1]), bool)
    is_start[parts[1:] - 1] = False
    return np.flatnonzero(is_start)


def find_places(flat: CoordinateArrays, along: Numbers, path: Indices, distance: Numbers) -> Places:
    """Return the places at distances along paths.

    Args:
        flat: The paths.
        along: Distance of each vertex from the beginning of its path.
        path: Shape (Q,), the path of each place, ascending.
        distance: Shape (Q,), from its beginning, ascending in each path and not above its length.
    """
    # Paths are laid end to end on one axis, each in a stretch of its own, so that one search finds all edges.
    lengths = along[flat.parts[1:] - 1]
    origin = np.concatenate([[0.0], np.cumsum(lengths * (1 + 1e-9) + 1.0)])[:-1]
    axis = along + np.repeat(origin, np.diff(flat.parts))
    right = np.searchsorted(axis, distance + origin[path], side="right")
    first = np.clip(right - 1, flat.parts[path], flat.parts[path + 1] - 2)
    step = along[first + 1] - along[first]
    share = np.divide(distance - along[first], step, out=np.zeros(len(first)), where=step > 0)
    start, end = flat.coordinates[first], flat.coordinates[first + 1]
    found = start + np.clip(share, 0, 1)[:, None] * (end - start)
    found[share >= 1] = end[share >= 1]
    return Places(path, found)


def rebuild(flat: CoordinateArrays, coordinates: Coordinates, parts: Offsets) -> NDArray[np.object_]:
    """Return shapes with other vertices in the same paths or rings, shape (N,).

    Args:
        flat: The former paths.
        coordinates: Shape (Q, 2 to 4), the vertices.
        parts: Shape (K + 1,), their offsets; an empty path is left out.
    """
    sizes = np.diff(parts)
    counts = np.bincount(find_owners(flat.features)[sizes > 0], minlength=len(flat.features) - 1)
    offsets = compute_offsets(sizes[sizes > 0]), compute_offsets(counts)
    return replace(flat, coordinates=coordinates, parts=offsets[0], features=offsets[1]).to_shapely()
