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

_SIDE = 24
"""Places on each side of a box that are tried."""

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


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
        found |= _turn_inside_out(geometries, projected)
    if there.latitude < 90:
        found |= _reach_beyond(bounds, projected, source, target)
    return np.asarray(found & present)


def _meet_edges(bounds: Numbers, here: MapEdge, there: MapEdge, *, geographic: bool) -> Mask:
    """Compare longitudes with the edges of both maps; bounds are those of a map with a period."""
    west, east = here.to_longitudes(bounds[:, 0]), here.to_longitudes(bounds[:, 2])
    with np.errstate(invalid="ignore"):
        if here.has_meridian_of(there) and there.period:
            return np.asarray((west < there.middle - 180 - 1e-12) | (east > there.middle + 180 + 1e-12))
        if there.is_cut:
            edge = there.middle - 180
            return np.asarray(
                np.floor((west - edge - _MARGIN) / 360) != np.floor((east - edge + _MARGIN) / 360)
            )
        edge = here.middle - 180
        # Both sides of the cut are met, or it is crossed; in the target both are one place.
        met = (west <= edge + _MARGIN) & (east >= edge + 360 - _MARGIN)
        polar = np.abs(bounds[:, [1, 3]]).max(axis=1) >= 90 - _MARGIN if geographic else False
        return np.asarray(met | polar)


def _is_clear_of_edges(bounds: Numbers, source: SpatialReference, there: MapEdge) -> bool:
    """Return whether the box of all shapes is clear of the target's edge, and of the poles."""
    low, high = (
        np.nanmin(bounds[:, :2], axis=0, initial=np.inf),
        np.nanmax(bounds[:, 2:], axis=0, initial=-np.inf),
    )
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        return True
    around = np.linspace(0, 1, _SIDE + 1)[:-1]
    x = np.concatenate([around, np.ones(_SIDE), 1 - around, np.zeros(_SIDE)]) * (high[0] - low[0]) + low[0]
    y = np.concatenate([np.zeros(_SIDE), around, np.ones(_SIDE), 1 - around]) * (high[1] - low[1]) + low[1]
    longitudes, latitudes = get_transformer(source, there.degrees).transform(
        np.append(x, x[0]), np.append(y, y[0])
    )
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
    single = shapely.get_type_id(geometries) == 3
    before, after = (shapely.is_ccw(shapely.get_exterior_ring(shapes)) for shapes in (geometries, projected))
    return np.asarray(single & ~shapely.is_missing(projected) & (before != after))


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
