"""Lengths and areas of many geometries at once, in the plane or on the ellipsoid.

Geodesic edges are straight in longitude and latitude, as they are when polygons are cut with each other, so
that the parts of a shape add up to the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Geometries
from gpserverless.values.spatial_reference import SpatialReference

if TYPE_CHECKING:
    from pyproj import Geod

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)


def measure_areas(geometries: Geometries, reference: SpatialReference | None) -> NDArray[np.float64]:
    """Return areas in square metres, shape (N,), 0 for anything but polygons.

    Areas of longitude and latitude are geodesic, others planar. Without a spatial reference the unit of the
    coordinates is taken to be a metre.

    Args:
        geometries: Shape (N,), None counts 0.
        reference: Their spatial reference.
    """
    if reference is not None and reference.is_geographic:
        return measure_geodesic_areas(_bring_to_degrees(geometries, reference), reference.geod)
    return np.nan_to_num(shapely.area(geometries)) * _find_scale(reference) ** 2


def measure_lengths(geometries: Geometries, reference: SpatialReference | None) -> NDArray[np.float64]:
    """Return lengths of lines, or of the outlines of polygons, in metres, shape (N,).

    Lengths on longitude and latitude are geodesic, others planar. Without a spatial reference the unit of the
    coordinates is taken to be a metre.

    Args:
        geometries: Shape (N,), None counts 0.
        reference: Their spatial reference.
    """
    if reference is not None and reference.is_geographic:
        return measure_geodesic_lengths(_bring_to_degrees(geometries, reference), reference.geod)
    return np.nan_to_num(shapely.length(geometries)) * _find_scale(reference)


def measure_geodesic_areas(geometries: Geometries, geod: Geod) -> NDArray[np.float64]:
    """Return areas on the ellipsoid in square metres, shape (N,), 0 for anything but polygons.

    The area under an edge is the integral of the authalic zone function over the longitude (Snyder, Map
    Projections, eq. 3-12), by five Gauss points an edge.

    Args:
        geometries: Shape (N,), polygons in longitude and latitude; None counts 0.
        geod: The ellipsoid.
    """
    polygons, owner = shapely.get_parts(geometries, return_index=True)
    is_area = shapely.get_dimensions(polygons) == 2
    polygons, owner = shapely.orient_polygons(polygons[is_area]), owner[is_area]
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    a, b = np.radians(coordinates[:-1]), np.radians(coordinates[1:])
    strip = np.zeros(len(a))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        middle = a[:, 1] + (b[:, 1] - a[:, 1]) * (node + 1) / 2
        strip += weight / 2 * _compute_zone_area(middle, geod)
    edges = np.where(ring[1:] == ring[:-1], (a[:, 0] - b[:, 0]) * strip, 0.0)
    sums = np.bincount(owner[polygon[ring[:-1]]], weights=edges, minlength=len(geometries))
    return sums.astype(np.float64)


def measure_geodesic_lengths(geometries: Geometries, geod: Geod) -> NDArray[np.float64]:
    """Return lengths on the ellipsoid of lines or outlines of polygons, in metres, shape (N,).

    Edges are divided at one degree, each piece is measured as a geodesic.

    Args:
        geometries: Shape (N,), in longitude and latitude; None counts 0.
        geod: The ellipsoid.
    """
    parts, owner = shapely.get_parts(shapely.segmentize(geometries, 1.0), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    lines = np.concatenate([parts[is_line], rings])
    owner = np.concatenate([owner[is_line], owner[part]])
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    if len(coordinates) < 2:
        return np.zeros(len(geometries))
    a, b = coordinates[:-1], coordinates[1:]
    steps = np.where(line[1:] == line[:-1], geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2], 0.0)
    return np.bincount(owner[line[:-1]], weights=steps, minlength=len(geometries)).astype(np.float64)


def _bring_to_degrees(geometries: Geometries, reference: SpatialReference) -> Geometries:
    """Return coordinates in degrees; some geographic systems count in grads."""
    degrees = float(np.degrees(reference.crs.axis_info[0].unit_conversion_factor))
    if abs(degrees - 1) < 1e-9:
        return geometries
    return np.asarray(shapely.transform(geometries, lambda coordinates: coordinates * degrees))


def _find_scale(reference: SpatialReference | None) -> float:
    return 1.0 if reference is None else reference.metres_per_unit


def _compute_zone_area(latitude: NDArray[np.float64], geod: Geod) -> NDArray[np.float64]:
    """Return the area between the equator and a latitude, both in radians, for each radian of longitude."""
    sine, e = np.sin(latitude), np.sqrt(geod.es)
    if e == 0:
        return np.asarray(geod.a**2 * sine)
    bulge = sine / (1 - geod.es * sine**2) + np.arctanh(e * sine) / e
    return np.asarray(geod.a**2 * (1 - geod.es) / 2 * bulge)
