"""Polygons that were cut at 180 degrees or along a pole, made whole in a map that has no cut there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries

if TYPE_CHECKING:
    from pyproj import Transformer

_LONGEST_EDGE = 1.0
_GRID = 1e-4
"""Units of the map, within which the ends of both sides of a cut meet."""
_NEAR = 1e-7
"""Degrees from the meridian of the cut, or from the pole, that count as on it."""
_DECIMALS = 9


def join_polygons(polygons: Geometries, middle: float, change: Transformer) -> Geometries:
    """Bring polygons to a map without a cut, and drop their edges along the cut and the poles there.

    The other edges are drawn in the map, and the faces between them that lie inside are united. Edges are
    divided at one degree first: an edge from -180 to 180 degrees would have no length. Z stays, m is lost.

    Args:
        polygons: Shape (N,), in degrees, within half a turn of `middle`; None stays None.
        middle: Longitude opposite to the meridian at which they were cut.
        change: From degrees to the map.

    Returns:
        Shape (N,), in the map; None where there is no place.
    """
    result: Geometries = np.full(len(polygons), None, object)
    for index in np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons))):
        result[index] = _join(polygons[index], middle, change)
    return result


def _join(polygon: shapely.Geometry, middle: float, change: Transformer) -> shapely.Geometry | None:
    divided = shapely.segmentize(polygon, _LONGEST_EDGE)
    rings = shapely.get_rings(shapely.get_parts(divided))
    edges = _list_inner_edges(rings, middle)
    named = _name_places(edges.reshape(-1, edges.shape[2]), middle)
    x, y = change.transform(named[:, 0], named[:, 1])
    drawn = np.column_stack([x, y, named[:, 2:]]).reshape(edges.shape)
    if not len(drawn) or not np.isfinite(drawn[:, :, :2]).all():
        return None
    lines = shapely.union_all(shapely.linestrings(drawn), grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return None
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    longitudes, latitudes = change.transform(inside[:, 0], inside[:, 1], direction="INVERSE")
    longitudes = (np.asarray(longitudes) - middle + 180) % 360 - 180 + middle
    kept = faces[shapely.intersects_xy(shapely.make_valid(polygon), longitudes, latitudes)]
    return shapely.union_all(kept) if len(kept) else None


def _name_places(vertices: Coordinates, middle: float) -> Coordinates:
    """Give both sides of the cut one longitude, and a pole one too, so that they come to one place."""
    named = vertices.copy()
    at_cut = np.abs(np.abs(named[:, 0] - middle) - 180) < _NEAR
    named[at_cut, 0] = middle + 180
    named[at_cut, 1] = named[at_cut, 1].round(_DECIMALS)
    named[np.abs(named[:, 1]) > 90 - _NEAR, 0] = middle
    return named


def _list_inner_edges(rings: Geometries, middle: float) -> Coordinates:
    """Return the edges but those along a pole or along both sides of the cut, shape (E, 2, 2 or 3)."""
    has_z = bool(shapely.has_z(rings).any())
    coordinates, index = shapely.get_coordinates(rings, include_z=has_z, return_index=True)
    a, b = coordinates[:-1], coordinates[1:]
    at_cut = np.abs(np.abs(coordinates[:, 0] - middle) - 180) < _NEAR
    at_pole = np.abs(coordinates[:, 1]) > 90 - _NEAR
    same_ring = index[1:] == index[:-1]
    upright = at_cut[:-1] & at_cut[1:] & (np.abs(a[:, 0] - b[:, 0]) < 1) & same_ring
    along = at_pole[:-1] & at_pole[1:] & (np.abs(a[:, 1] - b[:, 1]) < 1)
    inner = np.stack([a, b], axis=1)[same_ring & ~upright & ~along]
    return np.concatenate([inner, _list_edges_on_one_side(np.stack([a, b], axis=1)[upright], middle)])


def _list_edges_on_one_side(upright: Coordinates, middle: float) -> Coordinates:
    """Return the edges along the cut without those that lie on both of its sides: those are no outline."""
    if not len(upright):
        return upright
    east = upright[:, 0, 0] > middle
    placed = upright.copy()
    placed[:, :, 0] = 0.0
    placed[:, :, 1] = placed[:, :, 1].round(_DECIMALS)
    right, left = (shapely.union_all(shapely.linestrings(placed[side])) for side in (east, ~east))
    parts = shapely.get_parts(shapely.symmetric_difference(right, left))
    has_z = upright.shape[2] == 3
    ends, index = shapely.get_coordinates(parts, include_z=has_z, return_index=True)
    edges: Coordinates = np.stack([ends[:-1], ends[1:]], axis=1)[index[1:] == index[:-1]]
    edges[:, :, 0] = middle + 180
    return edges
