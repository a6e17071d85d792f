"""Geodesic buffers of lines and polygons.

Every shape is projected to polar coordinates about its own middle (distance and azimuth by the inverse
geodesic problem, all vertices at once), buffered there in the plane, and projected back by the direct
problem. Distances from the middle are exact. Distances across it grow by about (r / R)^2 / 6, the scale
error of the azimuthal equidistant projection, so shapes wider than `WIDEST` are cut: their outline is
buffered in pieces and the pieces are united. Edges are straight in longitude and latitude, as in ArcGIS'
shape-preserving method, so they are divided first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, LinearRing, Point

from gpserverless.geometry.antimeridian import close_around_pole, cut_at_antimeridian, normalise_longitudes
from gpserverless.geometry.circles import draw_geodesic_circles
from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries
from gpserverless.geometry.dissolve import repair_polygons, unite

if TYPE_CHECKING:
    from pyproj import Geod

PlaneBuffer = Callable[[Geometries, NDArray[np.float64]], Geometries]

WIDEST = 500_000.0
"""Metres across, beyond which a shape is cut; the error stays near 1e-4 of the distance."""

FARTHEST = 2_000_000.0
"""Metres of distance, beyond which the buffer is the union of circles about the vertices, since the plane
would reach over poles; the gaps between the circles are then under 0.1 % of the distance."""


@dataclass(frozen=True)
class _PolarCoordinates:
    """Polar coordinates about the middle of each shape: the azimuthal equidistant projection.

    Attributes:
        middles: Shape (N, 2), longitude and latitude in degrees.
        geod: The ellipsoid.
    """

    middles: Coordinates
    geod: Geod

    def to_plane(self, shapes: Geometries) -> Geometries:
        coordinates, index = shapely.get_coordinates(shapes, return_index=True)
        at = self.middles[index]
        azimuth, _, distance = self.geod.inv(at[:, 0], at[:, 1], coordinates[:, 0], coordinates[:, 1])
        turn = np.radians(azimuth)
        plane = np.column_stack([distance * np.sin(turn), distance * np.cos(turn)])
        return np.asarray(shapely.set_coordinates(shapes.copy(), plane))

    def to_degrees(self, shapes: Geometries) -> Geometries:
        """Return shapes in degrees, their longitudes without a jump about the middle."""
        coordinates, index = shapely.get_coordinates(shapes, return_index=True)
        at = self.middles[index]
        azimuth, distance = np.degrees(np.arctan2(*coordinates.T)), np.hypot(*coordinates.T)
        east, north, _ = self.geod.fwd(np.zeros(len(at)), at[:, 1], azimuth, distance)
        return np.asarray(shapely.set_coordinates(shapes.copy(), np.column_stack([east + at[:, 0], north])))


def buffer_on_ellipsoid(
    shapes: Geometries, distances: NDArray[np.float64], geod: Geod, plane: PlaneBuffer, *, whole: bool
) -> Geometries:
    """Return geodesic buffers in longitude and latitude, within +-180 and +-90 degrees, shape (N,).

    Args:
        shapes: Shape (N,), multipoints, lines or polygons in longitude (any turn) and latitude, in degrees.
        distances: Shape (N,), metres; negative ones shrink polygons.
        geod: The ellipsoid.
        plane: Buffers shapes in a plane, coordinates and distances in metres.
        whole: Whether shapes are never cut, however wide.
    """
    shapes = _divide_edges(normalise_longitudes(shapes), distances)
    bounds, middles = shapely.bounds(shapes), _find_middles(shapes)
    corner = geod.inv(bounds[:, 0], bounds[:, 1], bounds[:, 2], bounds[:, 3])[2]
    width = geod.inv(bounds[:, 0], middles[:, 1], bounds[:, 2], middles[:, 1])[2]
    wide = (np.maximum(corner, width) > WIDEST) | (bounds[:, 2] - bounds[:, 0] > 90)
    cut = (wide & (not whole)) | (np.abs(distances) > FARTHEST)
    result: Geometries = np.empty(len(shapes), object)
    result[~cut] = _buffer_about_middles(
        shapes[~cut], distances[~cut], _PolarCoordinates(middles[~cut], geod), plane
    )
    for index in np.flatnonzero(cut):
        result[index] = _buffer_in_pieces(shapes[index], float(distances[index]), geod, plane)
    return result


def _find_middles(shapes: Geometries) -> Coordinates:
    """Return the middles of the boxes, shape (N, 2)."""
    bounds = shapely.bounds(shapes)
    return np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])


def _divide_edges(shapes: Geometries, distances: NDArray[np.float64]) -> Geometries:
    """Divide edges at 0.1 degree times the root of the distance in kilometres, at most at one degree.

    A parallel departs from the geodesic by L^2 tan(latitude) / 8R: at 60 degrees 0.1 % of the distance.
    """
    longest = np.clip(0.1 * np.sqrt(np.abs(distances) / 1000), 0.02, 1.0)
    return np.asarray(shapely.segmentize(shapes, longest))


def _buffer_about_middles(
    shapes: Geometries, distances: NDArray[np.float64], polar: _PolarCoordinates, plane: PlaneBuffer
) -> Geometries:
    drawn = plane(polar.to_plane(shapes), distances)
    result = polar.to_degrees(drawn)
    farthest = np.hypot(*np.abs(shapely.bounds(drawn).reshape(-1, 2, 2)).max(axis=1).T)
    poles = np.where(polar.middles[:, 1] < 0, -90.0, 90.0)
    to_pole = polar.geod.inv(polar.middles[:, 0], polar.middles[:, 1], polar.middles[:, 0], poles)[2]
    for index in np.flatnonzero(farthest >= to_pole):
        one = _PolarCoordinates(polar.middles[index : index + 1], polar.geod)
        result[index] = _restore_near_pole(drawn[index], one, float(poles[index]), float(to_pole[index]))
    return cut_at_antimeridian(result)


def _restore_near_pole(drawn: Geometry, polar: _PolarCoordinates, pole: float, distance: float) -> Geometry:
    """Project a shape that may hold a pole back to degrees, ring by ring."""
    at_pole = Point(0, distance if pole > 0 else -distance)
    polygons = []
    for polygon in shapely.get_parts(drawn):
        rings = [_restore_ring_near_pole(ring, polar, pole, at_pole) for ring in shapely.get_rings(polygon)]
        polygons.append(shapely.difference(rings[0], shapely.union_all(rings[1:])))
    return unite(np.array(polygons, object))


def _restore_ring_near_pole(
    ring: LinearRing, polar: _PolarCoordinates, pole: float, at_pole: Point
) -> Geometry:
    step = max(shapely.distance(ring, at_pole) / 2, 500.0)
    fine = np.array([shapely.segmentize(ring, step)], object)
    inside = bool(shapely.contains(shapely.Polygon(ring), at_pole))
    coordinates = shapely.get_coordinates(polar.to_degrees(fine))
    cut: Geometry = cut_at_antimeridian(
        np.array([close_around_pole(coordinates, pole, inside=inside)], object)
    )[0]
    return cut


def _buffer_in_pieces(shape: Geometry, distance: float, geod: Geod, plane: PlaneBuffer) -> Geometry:
    """Buffer the outline of one shape in pieces and unite, or subtract, it with the shape."""
    is_area = shapely.get_dimensions(shape) == 2
    parts = shapely.get_parts(shape)
    lines = shapely.get_rings(parts) if is_area else parts
    if distance < 0:
        lines = _drop_map_edge(lines)
    if abs(distance) > FARTHEST:
        vertices = _sample_vertices(shape, abs(distance))
        zones = draw_geodesic_circles(vertices, np.full(len(vertices), abs(distance)), geod)
    else:
        pieces = _cut_into_pieces(lines, geod)
        polar = _PolarCoordinates(_find_middles(pieces), geod)
        zones = _buffer_about_middles(pieces, np.full(len(pieces), abs(distance)), polar, plane)
    zone = shapely.union_all(zones)
    if not is_area:
        return zone
    body = shapely.union_all(cut_at_antimeridian(repair_polygons(parts)))
    return shapely.union(body, zone) if distance >= 0 else shapely.difference(body, zone)


def _sample_vertices(shape: Geometry, distance: float) -> Coordinates:
    """Return few vertices whose circles make up a far buffer to 0.1 %: more circles would meet too often."""
    degrees = distance / 111_000
    sparse = shapely.segmentize(shapely.simplify(shape, degrees * 5e-4), max(1.0, degrees / 25))
    vertices = shapely.get_coordinates(sparse)
    vertices[np.abs(vertices[:, 1]) == 90, 0] = 0.0
    return np.unique(vertices, axis=0)


def _drop_map_edge(rings: Geometries) -> Geometries:
    """Drop the edges along +-180 degrees and the poles, where a polygon was only cut for the map."""
    coordinates, index = shapely.get_coordinates(rings, return_index=True)
    same = index[1:] == index[:-1]
    a, b = coordinates[:-1], coordinates[1:]
    seam = (np.abs(a[:, 0]) == 180) & (a[:, 0] == b[:, 0])
    pole = (np.abs(a[:, 1]) == 90) & (a[:, 1] == b[:, 1])
    kept = same & ~seam & ~pole
    return np.asarray(shapely.linestrings(np.stack([a[kept], b[kept]], axis=1)))


def _cut_into_pieces(lines: Geometries, geod: Geod) -> Geometries:
    """Cut lines into pieces of at most `WIDEST`, each beginning where the one before ends."""
    coordinates, index = shapely.get_coordinates(lines, return_index=True)
    a, b = coordinates[:-1], coordinates[1:]
    within = index[1:] == index[:-1]
    lengths = np.where(within, geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2], 0.0)
    piece = np.floor(np.concatenate([[0.0], np.cumsum(lengths)]) / (WIDEST * 0.8)).astype(np.int64)
    number = np.concatenate([[0], np.cumsum((piece[1:] != piece[:-1]) | ~within)])
    # The vertex at which a new piece of the same line begins also ends the piece before.
    begins = np.flatnonzero((number[1:] != number[:-1]) & within) + 1
    vertices = np.insert(coordinates, begins, coordinates[begins], axis=0)
    owner = np.insert(number, begins, number[begins - 1])
    lonely = np.bincount(owner)[owner] < 2
    return np.asarray(
        shapely.linestrings(vertices[~lonely], indices=np.unique(owner[~lonely], return_inverse=True)[1])
    )
