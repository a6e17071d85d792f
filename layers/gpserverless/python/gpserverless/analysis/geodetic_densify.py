"""Edges of lines and polygons along lines on the ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpserverless.analysis.densify import count_pieces
from gpserverless.analysis.divided_edges import attach_ends, divide, place_evenly
from gpserverless.analysis.geodetic_lines import DRAWINGS, Ends
from gpserverless.analysis.inputs import check_types
from gpserverless.analysis.paths import find_edges, list_paths, rebuild
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, Coordinates, Offsets, compute_offsets
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.values.counts import write_count


def densify_geodetically(
    features: FeatureSet[Any], kind: str, metres: float, watch: Watch
) -> FeatureSet[Any]:
    """Return features whose edges are lines on the ellipsoid, as chains of short pieces.

    Args:
        features: Lines or polygons; what crosses 180 degrees comes out in two parts.
        kind: GEODESIC, LOXODROME, GREAT_ELLIPTIC or NORMAL_SECTION.
        metres: Most of a piece.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The features have no spatial reference, or the length is not above 0.
        ToolError: There would be too many vertices.
    """
    check_types(features, "in_features", (POLYLINE, POLYGON))
    reference = features.spatial_reference
    if reference is None:
        raise InvalidParameter(
            "in_features", "they have no spatial reference", "features with a spatialReference"
        )
    if not metres > 0:
        raise InvalidParameter("distance", "it is not above 0", "a length above 0")
    watch.progress("Drawing edges on the ellipsoid")
    earth = features.project(reference.geographic, warn=watch.warn)
    flat = list_paths(earth)
    if not len(flat.coordinates):
        return features
    first = find_edges(flat.parts)
    start, end = flat.coordinates[first], flat.coordinates[first + 1]
    ends = Ends(start[:, :2], end[:, :2], reference.geod)
    _warn_of_width(ends, watch)
    measure, draw = DRAWINGS[kind]
    divided = divide(flat, count_pieces(measure(ends), metres))
    edge, places = divided.edge, place_evenly(flat, divided)
    inner = np.flatnonzero(divided.share > 0)
    places[inner, :2] = draw(ends.take(edge[inner]), divided.share[inner])
    shapes = attach_ends(flat, divided, places).to_shapely()
    drawn = earth.with_geometries(_unroll(shapes, earth), earth.geometry_type).cut_at_antimeridian()
    return drawn.project(reference, warn=watch.warn)


def _unroll(shapes: Any, features: FeatureSet[Any]) -> Any:
    """Return shapes whose longitudes have no jump of a turn along a path."""
    flat: CoordinateArrays = list_paths(features.with_geometries(shapes, features.geometry_type))
    x: Coordinates = flat.coordinates[:, 0]
    steps = np.diff(x, prepend=x[0])
    steps[flat.parts[:-1]] = 0
    turns = np.cumsum(-360 * np.round(steps / 360))
    turns -= np.repeat(turns[flat.parts[:-1]], np.diff(flat.parts))
    if not turns.any():
        return shapes
    coordinates = flat.coordinates.copy()
    coordinates[:, 0] += turns
    if features.geometry_type == POLYGON:
        return rebuild(flat, *_close_at_poles(coordinates, flat.parts))
    return rebuild(flat, coordinates, flat.parts)


def _close_at_poles(coordinates: Coordinates, parts: Offsets) -> tuple[Coordinates, Offsets]:
    """Return rings closed along the pole that they run around: their ends are a turn apart."""
    first, last = parts[:-1], parts[1:] - 1
    around = np.flatnonzero(np.abs(coordinates[last, 0] - coordinates[first, 0]) > 180)
    if not len(around):
        return coordinates, parts
    starts, ends = coordinates[first[around]], coordinates[last[around]]
    pole = np.where(ends[:, 1] < 0, -90.0, 90.0)
    way = np.stack([ends, starts, starts], axis=1)
    way[:, :2, 1] = pole[:, None]
    sizes = np.diff(parts)
    sizes[around] += 3
    places = np.repeat(last[around] + 1, 3)
    return np.insert(coordinates, places, way.reshape(-1, coordinates.shape[1]), axis=0), compute_offsets(
        sizes
    )


def _warn_of_width(ends: Ends, watch: Watch) -> None:
    wide = int((np.abs(ends.end[:, 0] - ends.start[:, 0]) > 180).sum())
    if wide:
        one = "edge is wider than 180 degrees; it runs the shorter way around the earth."
        many = "edges are wider than 180 degrees; each runs the shorter way around the earth."
        watch.warn(write_count(wide, one, many))
