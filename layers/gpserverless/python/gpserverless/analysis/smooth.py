"""Smooth lines and outlines: by a kernel that moves along the path, or by curves through the vertices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes
from gpserverless.analysis.crossings import Check, change_with_check
from gpserverless.analysis.densify import MAX_VERTICES
from gpserverless.analysis.inputs import check_types, drop_shapeless, find_shapes, repair
from gpserverless.analysis.lengths import Length
from gpserverless.analysis.local_plane import lay_in_plane
from gpserverless.analysis.origins import derive_features, drop_vanished, rename_origin
from gpserverless.analysis.path_lengths import measure_edges, measure_vertices
from gpserverless.analysis.paths import find_places, list_paths, rebuild
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import (
    CoordinateArrays,
    Coordinates,
    compute_offsets,
    find_owners,
)
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE

Shapes = NDArray[np.object_]
Indices = NDArray[np.int64]

REACH = 8
"""Samples of a path at each side of the middle of the kernel, which is as wide as the tolerance."""

_PIECES = 10
"""Chords of a Bezier curve between two vertices."""

_THINNING = 1e-4
"""Share of the tolerance, or of a shorter path: vertices that lie so near to the chord of others go."""


@dataclass(frozen=True)
class Smoothing:
    """How paths are smoothed.

    Attributes:
        bezier: Whether by curves through the vertices, or else by a kernel.
        fixed: Whether the first vertex of a closed path stays.
        check: Whether shapes may come to cross themselves.
    """

    bezier: bool
    fixed: bool
    check: Check


def smooth(
    features: FeatureSet[Any], tolerance: Length, smoothing: Smoothing, watch: Watch
) -> FeatureSet[Any]:
    """Return lines or polygons with smooth paths; ends of open paths stay.

    Args:
        features: Lines or polygons; those without a shape are left out, invalid polygons are repaired.
        tolerance: Length of the path that the kernel covers; curves take none.
        smoothing: How.
        watch: Takes progress and warnings.

    Raises:
        ToolError: There would be too many vertices.
    """
    check_types(features, "in_features", (POLYLINE, POLYGON))
    some = repair(drop_shapeless(features, watch), watch)
    plane = lay_in_plane(some, tolerance)

    def change(shapes: Shapes, reach: float) -> Shapes:
        block: FeatureSet[Any] = FeatureSet(geometries=shapes, geometry_type=some.geometry_type)
        block = block.with_geometries(shapes, some.geometry_type)
        flat = list_paths(block)
        if not len(flat.coordinates):
            return shapes
        return _draw_curves(flat, smoothing) if smoothing.bezier else _move_kernel(flat, reach, smoothing)

    found, flags = change_with_check(plane.shapes, change, plane.length, smoothing.check, watch)
    line = some.geometry_type == POLYLINE
    if not line:
        found = change_shapes(found, repair_polygons, watch, "Checking polygons")
        found[~find_shapes(found)] = None
    rows = np.arange(len(some))
    made = derive_features(some, rows, plane.take_back(found), some.geometry_type, watch)
    made = rename_origin(made, "InLine_FID" if line else "InPoly_FID")
    if smoothing.check == "FLAG_ERRORS":
        made = made.with_columns({"SmoLnFlag" if line else "SmoPgnFlag": flags})
    return drop_vanished(made, watch, "has no area when it is smooth")


def _move_kernel(flat: CoordinateArrays, tolerance: float, smoothing: Smoothing) -> Shapes:
    """Return shapes whose paths are means of their places, weighted by a kernel of the distance along them.

    Places are taken at equal steps. Beyond an end that stays, the path goes on as its mirror image, so that
    the mean at the end is the end itself; a closed path goes on around.
    """
    plane: FeatureSet[Any] = FeatureSet(geometry_type=flat.geometry_type)
    along = measure_vertices(flat.parts, measure_edges(flat, plane, geodesic=False))
    lengths = along[flat.parts[1:] - 1]
    counts = np.maximum(np.ceil(lengths / tolerance * 2 * REACH), 2 * REACH)
    if not counts.sum() <= MAX_VERTICES:
        raise ToolError(
            f"The tolerance would make {counts.sum():,.0f} vertices; at most {MAX_VERTICES:,} fit."
        )
    steps = counts.astype(np.int64)
    parts = compute_offsets(steps + 1)
    path = find_owners(parts)
    number = np.arange(parts[-1]) - parts[path]
    samples = find_places(flat, along, path, number * (lengths / steps)[path]).coordinates
    samples[parts[1:] - 1] = flat.coordinates[flat.parts[1:] - 1]
    turns = _find_turning(flat, smoothing)[path]
    mean = _average(samples, parts, path, turns)
    closed = np.flatnonzero(_find_turning(flat, smoothing))
    mean[parts[closed + 1] - 1] = mean[parts[closed]]
    dense = rebuild(flat, mean, parts)
    shortest = np.full(len(dense), tolerance)
    np.minimum.at(shortest, find_owners(flat.features), lengths)
    return np.asarray(shapely.simplify(dense, shortest * _THINNING, preserve_topology=False))


def _average(samples: Coordinates, parts: Indices, path: Indices, turns: NDArray[np.bool_]) -> Coordinates:
    first, last = parts[:-1][path], parts[1:][path] - 1
    place = np.arange(len(samples))
    weights = np.exp(
        -4.5 * (np.arange(-REACH, REACH + 1) / REACH) ** 2
    )  # the kernel is three deviations wide
    mean = np.zeros_like(samples)
    for offset, weight in zip(range(-REACH, REACH + 1), weights / weights.sum(), strict=True):
        at = place + offset
        around = first + (at - first) % (last - first)
        below, above = at < first, at > last
        mirror = np.where(below, 2 * first - at, np.where(above, 2 * last - at, at))
        values = samples[np.where(turns, around, mirror)]
        beyond = (below | above) & ~turns
        pivot = np.where(below, first, last)[beyond]
        values[beyond] = 2 * samples[pivot] - values[beyond]
        mean += weight * values
    return mean


def _find_turning(flat: CoordinateArrays, smoothing: Smoothing) -> NDArray[np.bool_]:
    """Return which paths are closed and free to move all around, shape (K,)."""
    first, last = flat.coordinates[flat.parts[:-1], :2], flat.coordinates[flat.parts[1:] - 1, :2]
    closed = (first == last).all(axis=1)
    return np.asarray(closed & (not smoothing.fixed))


def _draw_curves(flat: CoordinateArrays, smoothing: Smoothing) -> Shapes:
    """Return shapes whose edges are cubic Bezier curves that meet with one direction at each vertex.

    The direction at a vertex is that of the chord between its neighbours; a handle is a third of its edge
    long. At the ends of an open or fixed path it points to the other handle of the edge.
    """
    first = np.delete(np.arange(len(flat.coordinates)), flat.parts[1:] - 1)
    start, end = flat.coordinates[first], flat.coordinates[first + 1]
    size = np.hypot(*(end - start)[:, :2].T)
    direction = _find_directions(flat, smoothing)
    handles = [direction[first], direction[first + 1]]
    third = (size / 3)[:, None]
    a, b = start + third * handles[0], end - third * handles[1]
    share = (np.arange(_PIECES) / _PIECES)[None, :, None]
    rest = 1 - share
    curve = (
        rest**3 * start[:, None]
        + 3 * rest**2 * share * a[:, None]
        + 3 * rest * share**2 * b[:, None]
        + share**3 * end[:, None]
    ).reshape(-1, flat.coordinates.shape[1])
    parts = compute_offsets((np.diff(flat.parts) - 1) * _PIECES + 1)
    is_last = np.zeros(int(parts[-1]), bool)
    is_last[parts[1:] - 1] = True
    coordinates = np.empty((len(is_last), curve.shape[1]))
    coordinates[~is_last] = curve
    coordinates[is_last] = flat.coordinates[flat.parts[1:] - 1]
    return rebuild(flat, coordinates, parts)


def _find_directions(flat: CoordinateArrays, smoothing: Smoothing) -> Coordinates:
    """Return the direction of the curve at each vertex, of length 1 in the plane, shape (P, 2 to 4)."""
    count = len(flat.coordinates)
    before, after = np.arange(count) - 1, np.arange(count) + 1
    first, last = flat.parts[:-1], flat.parts[1:] - 1
    turning = _find_turning(flat, smoothing)
    before[first] = np.where(turning, last - 1, first)
    after[last] = np.where(turning, first + 1, last)
    chord = flat.coordinates[after] - flat.coordinates[before]
    size = np.hypot(chord[:, 0], chord[:, 1])[:, None]
    return np.divide(chord, size, out=np.zeros_like(chord), where=size > 0)
