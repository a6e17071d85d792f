"""Which shapes cross the edge of a map, hold a pole or reach beyond the range of a map.

Most layers do not come near: their bounds alone say so.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Geometries
from gpserverless.geometry.map_edges import MapEdge, find_map_edge
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

_MARGIN = 0.01
"""Degrees from a meridian that count as on it; a change of datum moves a longitude by less."""

_APART = 100.0
"""Metres between a place and its image's image, above which the place is not on the map."""

_SIDE = 24
"""Places on each side of a box that are tried."""

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def drop_shapes_off_map(geometries: Geometries, reference: SpatialReference) -> Geometries:
    """Replace shapes by None that reach beyond a map which is cut and does not repeat itself.

    PROJ answers some longitude for a place beside such a map, such as Robinson. It is that of another place.

    Args:
        geometries: Shape (N,), in the reference.
        reference: Their spatial reference.
    """
    edge = find_map_edge(reference)
    if edge.period or not edge.is_cut:
        return geometries
    outline = _draw_outline(shapely.bounds(geometries))
    if outline is None or not _lie_beside_map(outline, reference, edge).any():
        return geometries
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    result = geometries.copy()
    result[index[_lie_beside_map(coordinates, reference, edge)]] = None
    return result


def _lie_beside_map(coordinates: Numbers, reference: SpatialReference, edge: MapEdge) -> Mask:
    """Return whether places are not the image of their longitude and latitude, shape (P,)."""
    change = get_transformer(edge.degrees, reference)
    placed = change.transform(coordinates[:, 0], coordinates[:, 1], direction="INVERSE")
    x, y = change.transform(*placed)
    middle = change.transform(edge.middle, 0.0)[0]
    with np.errstate(invalid="ignore"):
        # On the edge itself the image may be that of the other side.
        across = np.minimum(np.abs(x - coordinates[:, 0]), np.abs(2 * middle - x - coordinates[:, 0]))
        apart = np.maximum(across, np.abs(y - coordinates[:, 1])) * reference.metres_per_unit
    return np.asarray(np.isfinite(apart) & (apart > _APART))


def find_moved_shapes(
    geometries: Geometries, projected: Geometries, source: SpatialReference, target: SpatialReference
) -> Mask:
    """Return whether each line or polygon needs more than a transformation of its vertices, shape (N,).

    Args:
        geometries: Shape (N,), in the source.
        projected: Shape (N,), their vertices transformed to the target.
        source: Their spatial reference.
        target: The other one.
    """
    here, there = find_map_edge(source), find_map_edge(target)
    bounds = shapely.bounds(geometries)
    present = np.isfinite(bounds[:, 0])
    if here.period:
        found = _meet_edges(bounds, here, there, geographic=source.is_geographic)
    elif _is_clear_of_edges(bounds, source, there):
        found = np.zeros(len(geometries), bool)
    else:
        found = _turn_around(geometries, source, here, there)
    if not there.is_cut:
        found |= _turn_inside_out(geometries, projected)
    if there.latitude < 90:
        found |= _reach_beyond(bounds, projected, source, target)
    return np.asarray(found & present)


def _meet_edges(bounds: Numbers, here: MapEdge, there: MapEdge, *, geographic: bool) -> Mask:
    """Compare longitudes with the edges of both maps; bounds are those of a map with a period."""
    west, east = here.to_longitudes(bounds[:, 0]), here.to_longitudes(bounds[:, 2])
    with np.errstate(invalid="ignore"):
        polar = np.abs(bounds[:, [1, 3]]).max(axis=1) >= 90 - _MARGIN if geographic else False
        if here.has_meridian_of(there) and there.period:
            # Another datum moves a longitude of 180 degrees beyond, and gives a pole some longitude.
            same = here.degrees == there.degrees
            reach = 180 + (1e-12 if same else -_MARGIN)
            away = (west < there.middle - reach) | (east > there.middle + reach)
            return np.asarray(away if same else away | polar)
        if there.is_cut:
            edge = there.middle - 180
            return np.asarray(
                np.floor((west - edge - _MARGIN) / 360) != np.floor((east - edge + _MARGIN) / 360)
            )
        edge = here.middle - 180
        # Both sides of the cut are met, or it is crossed; in the target both are one place.
        met = (west <= edge + _MARGIN) & (east >= edge + 360 - _MARGIN)
        return np.asarray(met | polar)


def _draw_outline(bounds: Numbers) -> Numbers | None:
    """Return places along the box of all shapes, shape (4 * _SIDE + 1, 2); None if there is no shape."""
    known = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(known):
        return None
    low, high = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
    along, zero, one = np.linspace(0, 1, _SIDE + 1)[:-1], np.zeros(_SIDE), np.ones(_SIDE)
    x = np.concatenate([along, one, 1 - along, zero, [0.0]])
    y = np.concatenate([zero, along, one, 1 - along, [0.0]])
    return np.asarray(np.column_stack([x, y]) * (high - low) + low)


def _is_clear_of_edges(bounds: Numbers, source: SpatialReference, there: MapEdge) -> bool:
    """Return whether the box of all shapes is clear of the target's edge, and of the poles."""
    outline = _draw_outline(bounds)
    if outline is None:
        return True
    longitudes, latitudes = get_transformer(source, there.degrees).transform(*outline.T)
    with np.errstate(invalid="ignore"):
        away = (np.asarray(longitudes) - there.middle + 180) % 360 - 180
    if not (np.isfinite(away).all() and np.isfinite(latitudes).all()):
        return False
    near_pole = np.abs(latitudes).max() > 89
    return not (near_pole or np.abs(away).max() > 179 or np.abs(np.diff(away)).max() > 90)


def _turn_around(geometries: Geometries, source: SpatialReference, here: MapEdge, there: MapEdge) -> Mask:
    """Look at the longitude of every vertex: whether it jumps, is at the edge, or at a pole."""
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    change = get_transformer(source, there.degrees)
    longitudes, latitudes = map(np.asarray, change.transform(coordinates[:, 0], coordinates[:, 1]))
    found = np.zeros(len(geometries), bool)
    if not there.is_cut and not here.is_cut:
        return found
    middle = there.middle if there.is_cut else here.middle
    with np.errstate(invalid="ignore"):
        away = (longitudes - middle + 180) % 360 - 180
        jump = (np.abs(np.diff(away)) > 180 - _MARGIN) & (index[1:] == index[:-1])
        near = (np.abs(away) > 180 - _MARGIN) | (np.abs(latitudes) > 90 - _MARGIN)
        # Some maps have vertices on their edge that PROJ finds no longitude for.
        near |= ~np.isfinite(longitudes) & here.is_cut
    found[index[1:][jump]] = True
    found[index[near]] = True
    return found


def _turn_inside_out(geometries: Geometries, projected: Geometries) -> Mask:
    """Return whether polygons hold a place that the target has not: their rings then change direction."""
    result = np.zeros(len(geometries), bool)
    kinds, placed = shapely.get_type_id(geometries), ~shapely.is_missing(projected)
    single, several = np.flatnonzero((kinds == 3) & placed), np.flatnonzero((kinds == 6) & placed)
    result[single] = _differ_in_direction(geometries[single], projected[single])
    parts, owner = shapely.get_parts(geometries[several], return_index=True)
    moved = shapely.get_parts(projected[several])
    result[several[owner[_differ_in_direction(parts, moved)]]] = True
    return result


def _differ_in_direction(before: Geometries, after: Geometries) -> Mask:
    directions = [shapely.is_ccw(shapely.get_exterior_ring(polygons)) for polygons in (before, after)]
    return np.asarray(directions[0] != directions[1])


def _reach_beyond(
    bounds: Numbers, projected: Geometries, source: SpatialReference, target: SpatialReference
) -> Mask:
    """Return whether shapes reach beyond the latitudes of a target whose poles are far away."""
    there = find_map_edge(target)
    if source.is_geographic and find_map_edge(source).period == 360:
        with np.errstate(invalid="ignore"):
            return np.asarray((bounds[:, 1] < -there.latitude) | (bounds[:, 3] > there.latitude))
    limit = get_transformer(there.degrees, target).transform(there.middle, there.latitude)[1]
    south = get_transformer(there.degrees, target).transform(there.middle, -there.latitude)[1]
    reached = shapely.bounds(projected)
    with np.errstate(invalid="ignore"):
        return np.asarray(shapely.is_missing(projected) | (reached[:, 1] < south) | (reached[:, 3] > limit))
