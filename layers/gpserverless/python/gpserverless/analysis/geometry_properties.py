"""Properties of shapes: sizes, counts, positions and bearings, one number for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.edges import divide_edges
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.values.spatial_reference import WGS84, SpatialReference

Values = NDArray[np.float64]
Features = FeatureSet[Any]
Measure = Literal["length", "area", "count", "position", "angle"]

_DEPARTURE = 0.01
"""Metres that a divided edge may be off its place on the ellipsoid."""


_PIECE = 0.1
"""Degrees of the pieces of an edge that are measured as geodesics: one of a parallel is right to 1e-7."""


@dataclass(frozen=True)
class Property:
    """One property of shapes."""

    #: Returns its value for each feature, shape (N,): metres, square metres, a number or a coordinate.
    compute: Callable[[Features], Values]
    #: The kind of the value.
    measure: Measure
    #: Geometry types that have it.
    types: tuple[str, ...]


def find_geographic(reference: SpatialReference | None) -> SpatialReference:
    """Return the geographic reference of the same datum; WGS84 for an unknown one.

    Args:
        reference: A spatial reference or None.
    """
    return WGS84 if reference is None else reference.geographic


def _project_edges(features: Features) -> Features:
    """Return the features in degrees, their edges divided so that they keep their place."""
    target = find_geographic(features.spatial_reference)
    if not features.is_geographic:
        features = divide_edges(features, target, _DEPARTURE)
    return features.project(target)


def _measure_drawn_lengths(features: Features) -> Values:
    placed = _project_edges(features)
    pieces = shapely.segmentize(placed.geometries, _PIECE)
    return placed.with_geometries(pieces, placed.geometry_type).lengths()


def _list_lines(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the paths or rings of shapes, and the index of the shape of each."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    return np.concatenate([parts[is_line], rings]), np.concatenate([owner[is_line], owner[part]])


def _degrees(features: Features) -> Features:
    """Return the features with their vertices in degrees of their own datum."""
    target = find_geographic(features.spatial_reference)
    placed = features.project(target)
    factor = float(np.degrees(target.crs.axis_info[0].unit_conversion_factor))
    if abs(factor - 1) < 1e-9:
        return placed
    return placed.with_geometries(shapely.transform(placed.geometries, lambda each: each * factor))


def _measure_geodesic_edges(features: Features) -> Values:
    """Add up the geodesics from vertex to vertex."""
    lines, owner = _list_lines(_degrees(features).geometries)
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    a, b = coordinates[:-1][same], coordinates[1:][same]
    geod = find_geographic(features.spatial_reference).geod
    steps = np.asarray(geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])
    return np.bincount(owner[line[:-1][same]], weights=steps, minlength=len(features)).astype(np.float64)


def _measure_geodesic_areas(features: Features) -> Values:
    """Add up the areas within geodesics from vertex to vertex (Karney 2013)."""
    geod = find_geographic(features.spatial_reference).geod
    parts, owner = shapely.get_parts(_degrees(features).geometries, return_index=True)
    areas = [geod.geometry_area_perimeter(part)[0] for part in shapely.orient_polygons(parts)]
    return np.bincount(owner, weights=np.abs(areas), minlength=len(features)).astype(np.float64)


def _measure_in_space(features: Features) -> Values:
    """Add up the lengths of edges with their heights, which are in the unit of x and y, or in metres."""
    lines, owner = _list_lines(features.geometries)
    coordinates, line = shapely.get_coordinates(lines, include_z=True, return_index=True)
    same = line[1:] == line[:-1]
    a, b = coordinates[:-1][same], coordinates[1:][same]
    reference = features.spatial_reference
    scale = 1.0 if reference is None else reference.metres_per_unit
    flat = np.hypot(*(b - a)[:, :2].T) * scale
    if reference is not None and reference.is_geographic:
        flat = np.asarray(reference.geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])
    steps = np.hypot(flat, (b - a)[:, 2] * scale)
    return np.bincount(owner[line[:-1][same]], weights=steps, minlength=len(features)).astype(np.float64)


def _find_ends(features: Features) -> tuple[Values, Values]:
    """Return the first and the last vertex of each line, shape (N, 2) each."""
    coordinates, owner = shapely.get_coordinates(features.geometries, return_index=True)
    ends = np.full((2, len(features), 2), np.nan)
    found, first = np.unique(owner, return_index=True)
    last = np.append(first[1:], len(owner)) - 1
    ends[0, found], ends[1, found] = coordinates[first], coordinates[last]
    return ends[0], ends[1]


def _measure_bearings(features: Features) -> Values:
    """Return the bearing from the first to the last vertex in degrees, 0 is north and 90 east."""
    first, last = _find_ends(features)
    if features.is_geographic:
        geod = find_geographic(features.spatial_reference).geod
        known = np.isfinite(first[:, 0])
        bearing = np.full(len(features), np.nan)
        bearing[known] = geod.inv(*first[known].T, *last[known].T)[0]
    else:
        bearing = np.degrees(np.arctan2(*(last - first).T))
    return np.where((first == last).all(axis=1), np.nan, bearing % 360)


def _count_holes(features: Features) -> Values:
    parts, owner = shapely.get_parts(features.geometries, return_index=True)
    holes = shapely.get_num_interior_rings(parts)
    return np.bincount(owner, weights=holes, minlength=len(features)).astype(np.float64)


_FUNCTIONS: dict[str, Callable[[Features], Values]] = {
    "plane length": lambda features: features.lengths(),
    "plane area": lambda features: features.areas(),
    "ellipsoid length": _measure_drawn_lengths,
    "ellipsoid area": lambda features: _project_edges(features).areas(),
}


def _pick(make: Callable[[Any], Any], read: Callable[[Any], Any]) -> Callable[[Features], Values]:
    return lambda features: np.asarray(read(make(features.geometries)), np.float64)


def _bound(column: int) -> Callable[[Features], Values]:
    return lambda features: np.asarray(shapely.bounds(features.geometries)[:, column], np.float64)


def _end(which: int, axis: int) -> Callable[[Features], Values]:
    return lambda features: _find_ends(features)[which][:, axis]


def _same(shapes: Any) -> Any:
    return shapes


_LINE, _AREA, _POINT = (POLYLINE,), (POLYGON,), (POINT,)
_ANY = (POINT, MULTIPOINT, POLYLINE, POLYGON)

PROPERTIES: dict[str, Property] = {
    "AREA": Property(_FUNCTIONS["plane area"], "area", _AREA),
    "AREA_GEODESIC": Property(_FUNCTIONS["ellipsoid area"], "area", _AREA),
    "AREA_GEODESIC_EDGES": Property(_measure_geodesic_areas, "area", _AREA),
    "PERIMETER_LENGTH": Property(_FUNCTIONS["plane length"], "length", _AREA),
    "PERIMETER_LENGTH_GEODESIC": Property(_FUNCTIONS["ellipsoid length"], "length", _AREA),
    "PERIMETER_LENGTH_GEODESIC_EDGES": Property(_measure_geodesic_edges, "length", _AREA),
    "LENGTH": Property(_FUNCTIONS["plane length"], "length", _LINE),
    "LENGTH_GEODESIC": Property(_FUNCTIONS["ellipsoid length"], "length", _LINE),
    "LENGTH_GEODESIC_EDGES": Property(_measure_geodesic_edges, "length", _LINE),
    "LENGTH_3D": Property(_measure_in_space, "length", _LINE),
    "LINE_BEARING": Property(_measure_bearings, "angle", _LINE),
    "LINE_START_X": Property(_end(0, 0), "position", _LINE),
    "LINE_START_Y": Property(_end(0, 1), "position", _LINE),
    "LINE_END_X": Property(_end(1, 0), "position", _LINE),
    "LINE_END_Y": Property(_end(1, 1), "position", _LINE),
    "POINT_X": Property(_pick(_same, shapely.get_x), "position", _POINT),
    "POINT_Y": Property(_pick(_same, shapely.get_y), "position", _POINT),
    "POINT_Z": Property(_pick(_same, shapely.get_z), "position", _POINT),
    "POINT_M": Property(_pick(_same, shapely.get_m), "position", _POINT),
    "CENTROID_X": Property(_pick(shapely.centroid, shapely.get_x), "position", _ANY),
    "CENTROID_Y": Property(_pick(shapely.centroid, shapely.get_y), "position", _ANY),
    "INSIDE_X": Property(_pick(shapely.point_on_surface, shapely.get_x), "position", _ANY),
    "INSIDE_Y": Property(_pick(shapely.point_on_surface, shapely.get_y), "position", _ANY),
    "EXTENT_MIN_X": Property(_bound(0), "position", _ANY),
    "EXTENT_MIN_Y": Property(_bound(1), "position", _ANY),
    "EXTENT_MAX_X": Property(_bound(2), "position", _ANY),
    "EXTENT_MAX_Y": Property(_bound(3), "position", _ANY),
    "POINT_COUNT": Property(_pick(_same, shapely.get_num_coordinates), "count", _ANY),
    "PART_COUNT": Property(_pick(_same, shapely.get_num_geometries), "count", _ANY),
    "HOLE_COUNT": Property(_count_holes, "count", _AREA),
}
"""The properties by ArcGIS' names; those with EDGES take edges for geodesics, the other geodesic ones take
them as they are drawn."""
