"""Lengths along paths, in the plane or on the ellipsoid.

Edges are straight in the coordinates. On longitudes and latitudes the way along a long edge is not even, so
such edges are divided first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.divided_edges import Divided, attach_ends, divide, place_evenly
from gpserverless.analysis.paths import find_edges, list_paths
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, Offsets

Numbers = NDArray[np.float64]

_LONGEST = 0.1
"""Degrees of an edge along which the way is taken to be even: at 60 degrees north the error is 3 metres."""


def list_measured_paths(features: FeatureSet[Any], *, geodesic: bool) -> tuple[CoordinateArrays, Numbers]:
    """Return the paths of features, and the distance of each vertex from the beginning of its path.

    Args:
        features: Lines or polygons.
        geodesic: Whether distances are metres on the ellipsoid; then long edges are divided.
    """
    flat = list_paths(features)
    if geodesic and len(flat.coordinates):
        divided = _divide_long(flat)
        flat = attach_ends(flat, divided, place_evenly(flat, divided))
    return flat, measure_vertices(flat.parts, measure_edges(flat, features, geodesic=geodesic))


def measure_paces(flat: CoordinateArrays, features: FeatureSet[Any], *, geodesic: bool) -> Numbers:
    """Return the length of each edge at its greatest pace: no equal piece of it is longer than its share.

    Args:
        flat: The paths of the features.
        features: Their spatial reference counts.
        geodesic: Whether lengths are metres on the ellipsoid.
    """
    if not geodesic:
        return measure_edges(flat, features, geodesic=False)
    divided = _divide_long(flat)
    lengths = measure_edges(attach_ends(flat, divided, place_evenly(flat, divided)), features, geodesic=True)
    pieces = np.bincount(divided.edge)
    paces = np.zeros(len(pieces))
    np.maximum.at(paces, divided.edge, lengths)
    return np.asarray(paces * pieces)


def measure_edges(flat: CoordinateArrays, features: FeatureSet[Any], *, geodesic: bool) -> Numbers:
    """Return the length of each edge, in metres on the ellipsoid or in map units.

    Args:
        flat: The paths of the features.
        features: Their spatial reference counts; it is geographic if geodesic.
        geodesic: Whether lengths are measured on the ellipsoid.
    """
    first = find_edges(flat.parts)
    start, end = flat.coordinates[first, :2], flat.coordinates[first + 1, :2]
    if geodesic and features.spatial_reference is not None:
        geod = features.spatial_reference.geod
        return np.asarray(geod.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2])
    return np.asarray(np.hypot(*(end - start).T))


def measure_vertices(parts: Offsets, lengths: Numbers) -> Numbers:
    """Return the distance of each vertex from the beginning of its path, shape (P,).

    Args:
        parts: Offsets of the vertices of each path.
        lengths: Length of each edge.
    """
    steps = np.zeros(int(parts[-1]))
    steps[find_edges(parts) + 1] = lengths
    total = np.cumsum(steps)
    return np.asarray(total - np.repeat(total[parts[:-1]], np.diff(parts)))


def _divide_long(flat: CoordinateArrays) -> Divided:
    first = find_edges(flat.parts)
    width = np.abs(flat.coordinates[first + 1, :2] - flat.coordinates[first, :2]).max(axis=1)
    return divide(flat, np.maximum(np.ceil(width / _LONGEST), 1).astype(np.int64))
