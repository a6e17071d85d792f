"""Lines cut at the places nearest to points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import index_shapes, split_features, split_rows
from gpserverless.analysis.inputs import align, check_pairs, check_types, drop_shapeless
from gpserverless.analysis.lengths import Length
from gpserverless.analysis.local_plane import lay_in_plane
from gpserverless.analysis.origins import derive_features
from gpserverless.analysis.path_lengths import measure_edges, measure_vertices
from gpserverless.analysis.paths import find_places, list_paths
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import (
    CoordinateArrays,
    find_owners,
)
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYLINE

_SAME = 1e-9
"""Share of the length of a path: two places so near are one."""

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Cuts:
    """C places where paths are cut, in order along them: the path of each, and its distance along it."""

    path: Indices
    distance: Numbers


def split_at_points(
    lines: FeatureSet[Any], points: FeatureSet[Any], radius: Length | None, watch: Watch
) -> FeatureSet[Any]:
    """Return lines cut at the places nearest to points, with ORIG_FID and ORIG_SEQ.

    Args:
        lines: The lines; those that are not cut stay whole.
        points: Points or multipoints.
        radius: Lines within this distance of a point are cut; None for the nearest line alone.
        watch: Takes progress and warnings.

    Raises:
        ToolError: There are too many pairs of points and lines.
    """
    check_types(lines, "in_features", (POLYLINE,))
    check_types(points, "point_features", (POINT, MULTIPOINT))
    some = drop_shapeless(lines, watch)
    places = drop_shapeless(align(points, lines, watch), watch)
    watch.progress("Looking for the lines of points")
    xy = shapely.get_coordinates(places.geometries)
    plane = lay_in_plane(some, radius or Length(np.inf, some.is_geographic), together=True)
    if len(plane.scale):
        xy[:, 0] *= plane.scale[0]
    watch.progress("Listing vertices")
    paths = list_paths(some.with_geometries(plane.shapes, POLYLINE))
    watch.progress("Measuring lines")
    along = measure_vertices(paths.parts, measure_edges(paths, some, geodesic=False))
    reach = None if radius is None else plane.length
    cuts = _find_cuts(paths, along, np.asarray(shapely.points(xy)), reach, watch)
    return _cut(some, along, cuts, watch)


def _find_cuts(
    paths: CoordinateArrays,
    along: Numbers,
    points: NDArray[np.object_],
    radius: float | None,
    watch: Watch,
) -> Cuts:
    """Return where paths are cut; cuts at their ends, and cuts at one place twice, are none."""
    if not len(points) or not len(paths.coordinates):
        return Cuts(np.empty(0, np.int64), np.empty(0))
    lines = _make_lines(paths, watch)
    tree = index_shapes(lines, watch)
    found = [(np.empty(0, np.int64), np.empty(0))]
    for rows in split_rows(len(points), watch, "Looking for the lines of points"):
        some = points[rows]
        if radius is None:
            point, path = tree.query_nearest(some, all_matches=False)
        else:
            point, path = tree.query(some, predicate="dwithin", distance=radius)
            point, path = _keep_nearest(point, path, shapely.distance(some[point], lines[path]), paths)
        found.append((path, shapely.line_locate_point(lines[path], some[point])))
        check_pairs(sum(len(each) for each, _ in found))
    path, distance = (np.concatenate(each) for each in zip(*found, strict=True))
    return _sort_cuts(path, distance, along[paths.parts[1:] - 1][path])


def _make_lines(paths: CoordinateArrays, watch: Watch) -> NDArray[np.object_]:
    """Return each path as a line in the plane."""
    lines = np.empty(len(paths.parts) - 1, object)
    for rows in split_rows(len(lines), watch, "Listing lines"):
        offsets = paths.parts[rows.start : rows.stop + 1]
        coordinates = paths.coordinates[offsets[0] : offsets[-1], :2]
        lines[rows] = shapely.linestrings(coordinates, indices=find_owners(offsets))
    return lines


def _sort_cuts(path: Indices, distance: Numbers, length: Numbers) -> Cuts:
    """Return cuts in order along their paths, without those at an end and those at one place twice.

    Args:
        path: The path of each cut.
        distance: Its distance along the path.
        length: The length of the path.
    """
    near = length * _SAME
    inner = (distance > near) & (distance < length - near)
    path, distance, near = path[inner], distance[inner], near[inner]
    order = np.lexsort((distance, path))
    path, distance = path[order], distance[order]
    again = (np.diff(path, prepend=-1) == 0) & (np.diff(distance, prepend=-np.inf) <= near[order])
    return Cuts(path[~again], distance[~again])


def _keep_nearest(
    point: Indices, path: Indices, distance: Numbers, paths: CoordinateArrays
) -> tuple[Indices, Indices]:
    """Return the pairs with the nearest path of each line alone."""
    line = find_owners(paths.features)[path]
    order = np.lexsort((path, distance, line, point))
    kept = (np.diff(point[order], prepend=-1) != 0) | (np.diff(line[order], prepend=-1) != 0)
    return point[order][kept], path[order][kept]


def _cut(lines: FeatureSet[Any], along: Numbers, cuts: Cuts, watch: Watch) -> FeatureSet[Any]:
    """Return the pieces of lines, each as a feature; the paths of a line that is not cut stay together."""
    shapes, owners = [np.empty(0, object)], [np.empty(0, np.int64)]
    vertex = path = 0
    for rows, some in split_features(lines, watch, "Cutting lines"):
        flat = list_paths(some)
        begin, end = np.searchsorted(cuts.path, [path, path + len(flat.parts) - 1])
        own = Cuts(cuts.path[begin:end] - path, cuts.distance[begin:end])
        pieces, line = _cut_paths(flat, along[vertex : vertex + len(flat.coordinates)], own)
        made, row = _collect(pieces, line, len(some))
        shapes.append(made)
        owners.append(row + rows.start)
        vertex, path = vertex + len(flat.coordinates), path + len(flat.parts) - 1
    row = np.concatenate(owners)
    sequence = np.arange(len(row)) - np.searchsorted(row, row) + 1
    cut = derive_features(lines, row, np.concatenate(shapes), POLYLINE, watch)
    return cut.with_columns({"ORIG_SEQ": sequence})


def _cut_paths(flat: CoordinateArrays, along: Numbers, cuts: Cuts) -> tuple[CoordinateArrays, Indices]:
    """Return the pieces of paths, and the line of each; a cut ends one piece and begins the next."""
    places = find_places(flat, along, cuts.path, cuts.distance).coordinates
    vertex, taken = _find_vertices(flat, along, cuts)
    places[taken] = flat.coordinates[vertex[taken]]
    kept = np.ones(len(along), bool)
    kept[vertex[taken]] = False
    path = np.concatenate([find_owners(flat.parts)[kept], cuts.path, cuts.path])
    distance = np.concatenate([along[kept], cuts.distance, cuts.distance])
    begins = np.repeat([False, True], [int(kept.sum()) + len(cuts.path), len(cuts.path)])
    coordinates = np.concatenate([flat.coordinates[kept], places, places])
    # A path's own vertices keep their order, also where two lie at one place.
    order = np.lexsort((np.arange(len(path)), begins, distance, path))
    begins, path = begins[order], path[order]
    begins |= np.diff(path, prepend=-1) != 0
    first = np.flatnonzero(begins)
    owner = find_owners(flat.features)[path[first]]
    pieces = replace(flat, coordinates=coordinates[order], parts=np.append(first, len(path)))
    return pieces, owner


def _find_vertices(flat: CoordinateArrays, along: Numbers, cuts: Cuts) -> tuple[Indices, NDArray[np.bool_]]:
    """Return the nearest vertex of each cut, and whether the cut lies on it."""
    lengths = along[flat.parts[1:] - 1]
    origin = np.concatenate([[0.0], np.cumsum(lengths + 1.0)])[:-1]
    axis = along + np.repeat(origin, np.diff(flat.parts))
    place = np.searchsorted(axis, cuts.distance + origin[cuts.path])
    place = np.clip(place, flat.parts[cuts.path] + 1, flat.parts[cuts.path + 1] - 1)
    nearer = cuts.distance - along[place - 1] < along[place] - cuts.distance
    vertex = np.where(nearer, place - 1, place)
    return vertex, np.abs(along[vertex] - cuts.distance) <= lengths[cuts.path] * _SAME


def _collect(pieces: CoordinateArrays, owner: Indices, count: int) -> tuple[NDArray[np.object_], Indices]:
    """Return the shape of each new feature and the line that it comes from."""
    whole = np.bincount(owner, minlength=count) == np.diff(pieces.features)
    starts = ~whole[owner] | (np.diff(owner, prepend=-1) != 0)
    features = np.append(np.flatnonzero(starts), len(owner))
    return replace(pieces, features=features).to_shapely(), owner[starts]
