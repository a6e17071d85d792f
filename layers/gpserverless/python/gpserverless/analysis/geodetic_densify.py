"""Edges of lines and polygons along lines on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_features
from gpserverless.analysis.densify import check_vertices, want_pieces
from gpserverless.analysis.divided_edges import attach_ends, divide, place_evenly
from gpserverless.analysis.geodetic_lines import DRAWINGS, Draw, Ends, Measure
from gpserverless.analysis.inputs import check_types, find_shapes, project
from gpserverless.analysis.paths import find_edges, list_paths, rebuild
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, Coordinates, Offsets, compute_offsets
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.values.counts import write_count

if TYPE_CHECKING:
    from pyproj import Geod


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
    earth = project(features, reference.geographic, watch)
    if not find_shapes(earth.geometries).any():
        return features
    measure, draw = DRAWINGS[kind]
    blocks = _count_pieces(earth, measure, reference.geod, metres, watch)
    check_vertices(sum(float(block.pieces.sum()) for block in blocks))
    shapes = np.full(len(features), None, object)
    for block in blocks:
        watch.progress("Drawing edges on the ellipsoid", 100 * block.rows.start // len(features))
        drawn = _draw(block.features, block.pieces.astype(np.int64), reference.geod, draw)
        whole = _unroll(drawn, block.features)
        shapes[block.rows] = (
            block.features.with_geometries(whole, earth.geometry_type).cut_at_antimeridian().geometries
        )
    return project(earth.with_geometries(shapes, earth.geometry_type), reference, watch)


@dataclass(frozen=True)
class _Block:
    """Features that are densified at once, and the number of pieces of each of their E edges."""

    rows: slice
    features: FeatureSet[Any]
    #: Shape (E,), whole numbers as floats, which may be very large.
    pieces: NDArray[np.float64]


def _count_pieces(
    features: FeatureSet[Any], measure: Measure, geod: Geod, metres: float, watch: Watch
) -> list[_Block]:
    """Return features in blocks with the number of pieces of each edge; warn of wide edges."""
    blocks, wide = [], 0
    for rows, some in split_features(features, watch, "Measuring edges"):
        if not find_shapes(some.geometries).any():
            continue
        ends = _list_ends(list_paths(some), geod)
        wide += int((np.abs(ends.end[:, 0] - ends.start[:, 0]) > 180).sum())
        blocks.append(_Block(rows, some, want_pieces(measure(ends), metres)))
    _warn_of_width(wide, watch)
    return blocks


def _list_ends(flat: CoordinateArrays, geod: Geod) -> Ends:
    first = find_edges(flat.parts)
    return Ends(flat.coordinates[first, :2], flat.coordinates[first + 1, :2], geod)


def _draw(features: FeatureSet[Any], pieces: NDArray[np.int64], geod: Geod, draw: Draw) -> Any:
    """Return shapes with new vertices on the lines between the ends of their edges."""
    flat = list_paths(features)
    divided = divide(flat, pieces)
    places = place_evenly(flat, divided)
    inner = np.flatnonzero(divided.share > 0)
    ends = _list_ends(flat, geod)
    places[inner, :2] = draw(ends.take(divided.edge[inner]), divided.share[inner])
    return attach_ends(flat, divided, places).to_shapely()


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
    closed = np.insert(coordinates, places, way.reshape(-1, coordinates.shape[1]), axis=0)
    return closed, compute_offsets(sizes)


def _warn_of_width(wide: int, watch: Watch) -> None:
    if wide:
        one = "edge is wider than 180 degrees; it runs the shorter way around the earth."
        many = "edges are wider than 180 degrees; each runs the shorter way around the earth."
        watch.warn(write_count(wide, one, many))
