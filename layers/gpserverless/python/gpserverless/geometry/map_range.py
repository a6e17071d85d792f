"""Shapes that are drawn beyond the edge of a map, brought into it."""

from __future__ import annotations

import numpy as np
import shapely

from gpserverless.geometry.antimeridian import WIDEST, cut_lines, cut_polygons
from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.spatial_reference import SpatialReference


def bring_into_map(
    geometries: Geometries,
    geometry_type: str,
    reference: SpatialReference,
    *,
    z: bool = False,
    m: bool = False,
) -> Geometries:
    """Bring shapes beyond 180 degrees, or beyond the edge of a cylindrical map, to the other side.

    Lines and polygons are cut there. Those of another map stay as they are, and so does what lies more than
    `WIDEST` turns away or has a latitude beyond 90 degrees: it is no place on the earth.

    Args:
        geometries: Shape (N,); None stays None. A polygon that is cut loses its m.
        geometry_type: Their Esri type.
        reference: Their spatial reference.
        z: Whether they have a z.
        m: Whether they have an m.
    """
    edge = find_map_edge(reference)
    bounds = shapely.bounds(geometries)
    west = edge.origin + (-180 / 360 * edge.period) if not reference.is_geographic else -edge.period / 2
    with np.errstate(invalid="ignore"):
        beyond = (bounds[:, 0] < west) | (bounds[:, 2] > west + edge.period)
        far = np.abs(bounds[:, [0, 2]] - west - edge.period / 2).max(axis=1) > WIDEST * edge.period
        if reference.is_geographic:
            far |= np.abs(bounds[:, [1, 3]]).max(axis=1) > edge.period / 4
    beyond &= ~far
    if not edge.period or not beyond.any():
        return geometries
    result, some = geometries.copy(), geometries[beyond]
    if geometry_type == POLYGON:
        result[beyond] = cut_polygons(some, west, edge.period)
    elif geometry_type == POLYLINE:
        result[beyond] = cut_lines(some, west, edge.period, z=z, m=m)
    else:
        result[beyond] = _wrap_points(some, west, edge.period, z=z)
    return result


def _wrap_points(points: Geometries, west: float, turn: float, *, z: bool) -> Geometries:
    def wrap(coordinates: Coordinates) -> Coordinates:
        x = coordinates[:, 0]
        outside = (x < west) | (x > west + turn)
        wrapped = np.where(outside, (x - west) % turn + west, x)
        return np.column_stack([wrapped, coordinates[:, 1:]])

    return np.asarray(shapely.transform(points, wrap, include_z=z))
