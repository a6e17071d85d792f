"""Vertices of features as points: all of them, the middles, the ends, or the ends that meet no other line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import index_shapes, split_features, split_rows
from gpserverless.analysis.inputs import check_types, drop_shapeless
from gpserverless.analysis.origins import derive_features
from gpserverless.analysis.path_lengths import list_measured_paths
from gpserverless.analysis.paths import find_places, list_paths
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, Coordinates, find_owners
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE

Found = tuple[Coordinates, NDArray[np.int64]]


def make_vertex_points(features: FeatureSet[Any], location: str, watch: Watch) -> FeatureSet[Any]:
    """Return points at vertices of features, in their order.

    Args:
        features: Lines, polygons or multipoints; those without a shape are left out.
        location: ALL, MID, START, END, BOTH_ENDS or DANGLE.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The features are points, polygons for DANGLE, or multipoints for MID or DANGLE.
    """
    check_types(features, "in_features", _ACCEPTED.get(location, (POLYLINE, POLYGON, MULTIPOINT)))
    some = drop_shapeless(features, watch)
    if location == "DANGLE":
        flat = list_paths(some)
        coordinates, rows = _find_dangles(flat, watch)
        return derive_features(some, rows, make_points(flat, coordinates), POINT, watch)
    points, owners = [np.empty(0, object)], [np.empty(0, np.int64)]
    for block, part in split_features(some, watch, "Finding vertices"):
        flat = list_paths(part)
        coordinates, rows = _FINDERS[location](flat, part)
        points.append(make_points(flat, coordinates))
        owners.append(rows + block.start)
    return derive_features(some, np.concatenate(owners), np.concatenate(points), POINT, watch)


def make_points(flat: CoordinateArrays, coordinates: Coordinates) -> NDArray[np.object_]:
    """Return a point for each row of coordinates, with the ordinates of some paths.

    Args:
        flat: The paths.
        coordinates: Shape (Q, 2 to 4).
    """
    every = np.arange(len(coordinates) + 1)
    points = replace(flat, geometry_type=POINT, coordinates=coordinates, parts=every, features=every)
    return points.to_shapely()


def _find_all(flat: CoordinateArrays, features: FeatureSet[Any]) -> Found:
    return flat.coordinates, find_owners(flat.features)[find_owners(flat.parts)]


def _find_starts(flat: CoordinateArrays, features: FeatureSet[Any]) -> Found:
    return flat.coordinates[flat.parts[flat.features[:-1]]], np.arange(len(features))


def _find_ends(flat: CoordinateArrays, features: FeatureSet[Any]) -> Found:
    return flat.coordinates[flat.parts[flat.features[1:]] - 1], np.arange(len(features))


def _find_both_ends(flat: CoordinateArrays, features: FeatureSet[Any]) -> Found:
    """Return start and end of each feature, one behind the other."""
    both = np.stack([_find_starts(flat, features)[0], _find_ends(flat, features)[0]], axis=1)
    return both.reshape(-1, flat.coordinates.shape[1]), np.repeat(np.arange(len(features)), 2)


def _find_middles(flat: CoordinateArrays, features: FeatureSet[Any]) -> Found:
    """Return the place at half of the length of each feature, its parts one behind the other."""
    flat, along = list_measured_paths(features, geodesic=features.is_geographic)
    lengths = along[flat.parts[1:] - 1]
    before = _lay_end_to_end(lengths)
    bounds = before[flat.features]
    half = (bounds[:-1] + bounds[1:]) / 2
    path = np.searchsorted(before, half, side="right") - 1
    path = np.clip(path, flat.features[:-1], flat.features[1:] - 1)
    distance = np.clip(half - before[path], 0, lengths[path])
    return find_places(flat, along, path, distance).coordinates, np.arange(len(features))


def _lay_end_to_end(lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distances at which paths begin that are laid end to end, shape (K + 1,)."""
    return np.concatenate([[0.0], np.cumsum(lengths)])


def _find_dangles(flat: CoordinateArrays, watch: Watch) -> Found:
    """Return the ends of paths that no other path touches, nor their own path elsewhere."""
    owner = find_owners(flat.features)
    ends = np.stack([flat.parts[:-1], flat.parts[1:] - 1], axis=1).ravel()
    path = np.repeat(np.arange(len(owner)), 2)
    first = np.delete(np.arange(len(flat.coordinates)), flat.parts[1:] - 1)
    edges = np.empty(len(first), object)
    for rows in split_rows(len(first), watch, "Listing edges"):
        both = np.stack([first[rows], first[rows] + 1], axis=1)
        edges[rows] = shapely.linestrings(flat.coordinates[both, :2])
    tree = index_shapes(edges, watch)
    joined = np.zeros(len(ends), bool)
    for rows in split_rows(len(ends), watch, "Looking for the ends that meet no line"):
        block = ends[rows]
        place, edge = tree.query(shapely.points(flat.coordinates[block, :2]), predicate="intersects")
        # An end lies on the edge that it bounds; every other edge that it meets joins it, or the path closes.
        own = (first[edge] == block[place]) | (first[edge] + 1 == block[place])
        joined[rows] = np.bincount(place[~own], minlength=len(block)) > 0
    return flat.coordinates[ends[~joined]], owner[path[~joined]]


_FINDERS: Mapping[str, Callable[[CoordinateArrays, FeatureSet[Any]], Found]] = MappingProxyType(
    {
        "ALL": _find_all,
        "MID": _find_middles,
        "START": _find_starts,
        "END": _find_ends,
        "BOTH_ENDS": _find_both_ends,
    }
)
_ACCEPTED = {"DANGLE": (POLYLINE,), "MID": (POLYLINE, POLYGON)}
