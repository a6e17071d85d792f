"""Buffers about points, lines and polygons, in the plane or on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.geometry.buffer_distance import BufferDistance
from gpserverless.geometry.circles import MANY, draw_geodesic_circles, draw_plane_circles
from gpserverless.geometry.coordinate_arrays import Geometries
from gpserverless.geometry.dissolve import unite_groups
from gpserverless.geometry.geodesic_buffers import buffer_on_ellipsoid
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.geometry.map_edges import find_degrees
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import SpatialReference

if TYPE_CHECKING:
    from pyproj import Geod

Side = Literal["FULL", "LEFT", "RIGHT", "OUTSIDE_ONLY"]
End = Literal["ROUND", "FLAT"]
Distances = NDArray[np.float64]

LONGEST_EDGE = 20_000.0
"""Metres of the longest edge of a projected geometry that is brought to longitude and latitude; longer edges
are divided, since a straight edge in the plane is curved there."""


@dataclass(frozen=True)
class BufferStyle:
    """Sides and ends of buffers.

    Attributes:
        side: FULL, of lines LEFT or RIGHT in their direction, of polygons OUTSIDE_ONLY.
        end: ROUND or FLAT ends of lines. A one-sided buffer ends flat.
        features: Number of all features, where buffers are drawn block by block: outlines have fewer vertices
            where there are many features.
    """

    side: Side = "FULL"
    end: End = "ROUND"
    features: int = 0

    @property
    def is_one_sided(self) -> bool:
        """Whether the buffers of lines lie on one side only."""
        return self.side in ("LEFT", "RIGHT")

    def check(self, geometry_type: str) -> None:
        """Raise unless the style suits geometries of a type.

        Args:
            geometry_type: Their Esri type.

        Raises:
            InvalidValue: The style does not suit them.
        """
        if self.is_one_sided and geometry_type != POLYLINE:
            raise InvalidValue(f"side {self.side} is for lines only", "FULL")
        if self.side == "OUTSIDE_ONLY" and geometry_type != POLYGON:
            raise InvalidValue("side OUTSIDE_ONLY is for polygons only", "FULL")
        if self.end == "FLAT" and geometry_type != POLYLINE:
            raise InvalidValue("end FLAT is for lines only", "ROUND")


def buffer_geometries(
    geometries: Geometries,
    geometry_type: str,
    reference: SpatialReference | None,
    distance: BufferDistance,
    style: BufferStyle,
) -> Geometries:
    """Return the buffers of geometries, in their spatial reference, shape (N,).

    A buffer is None where there is no geometry, no distance, or nothing left. A distance of 0 returns a
    polygon itself, repaired; a negative one shrinks polygons.

    Args:
        geometries: Shape (N,), of one type.
        geometry_type: Their Esri type.
        reference: Their spatial reference; None for a plane of unknown unit.
        distance: The distances, and the surface that they are measured on.
        style: Sides and ends.

    Raises:
        InvalidValue: The style does not suit the geometries, or a latitude is beyond 90 degrees.
    """
    style.check(geometry_type)
    if not distance.geodesic or reference is None:
        return _buffer_present(geometries, geometry_type, distance.values, style)
    degrees = find_degrees(reference)
    if reference != degrees:
        geometries = shapely.force_2d(geometries)
        if not reference.is_geographic:
            geometries = shapely.segmentize(geometries, LONGEST_EDGE / reference.metres_per_unit)
        geometries = project_geometries(np.asarray(geometries), geometry_type, reference, degrees)
    buffers = _buffer_present(geometries, geometry_type, distance.values, style, degrees.geod)
    return project_geometries(buffers, POLYGON, degrees, reference)


def buffer_in_plane(geometries: Geometries, distances: Distances, style: BufferStyle) -> Geometries:
    """Return buffers in the plane by GEOS: 128 vertices a full turn, 64 where there are many features.

    Args:
        geometries: Shape (N,), in the plane.
        distances: Shape (N,), in the unit of the coordinates.
        style: Sides and ends.
    """
    signed = -distances if style.side == "RIGHT" else distances
    ends: Literal["flat", "round"] = "flat" if style.end == "FLAT" or style.is_one_sided else "round"
    segments = 32 if max(len(geometries), style.features) <= MANY else 16
    return np.asarray(
        shapely.buffer(
            geometries, signed, quad_segs=segments, cap_style=ends, single_sided=style.is_one_sided
        )
    )


def _buffer_present(
    geometries: Geometries,
    geometry_type: str,
    distances: Distances,
    style: BufferStyle,
    geod: Geod | None = None,
) -> Geometries:
    """Buffer the geometries that are there and have a distance, the others are None."""
    result: Geometries = np.full(len(geometries), None, object)
    present = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries)) & np.isfinite(distances)
    present &= (distances > 0) | (geometry_type == POLYGON)
    some = geometries[present]
    if geod is not None and (np.abs(shapely.bounds(some)[:, [1, 3]]) > 90).any():
        raise InvalidValue("a latitude is beyond 90 degrees", "latitudes of -90 to 90 degrees")
    buffers = _buffer_by_type(some, geometry_type, distances[present], style, geod)
    if style.side == "OUTSIDE_ONLY":
        buffers = np.asarray(shapely.difference(buffers, shapely.make_valid(some)))
    buffers[shapely.is_empty(buffers)] = None
    result[present] = buffers
    return result


def _buffer_by_type(
    geometries: Geometries, geometry_type: str, distances: Distances, style: BufferStyle, geod: Geod | None
) -> Geometries:
    if geometry_type == POINT:
        return _draw_circles(geometries, distances, geod, style.features)
    if geod is None:
        return buffer_in_plane(geometries, distances, style)
    if geometry_type == MULTIPOINT:
        points, index = shapely.get_parts(geometries, return_index=True)
        return unite_groups(_draw_circles(points, distances[index], geod, style.features), index)
    # A line in pieces would get ends and sides at every cut.
    whole = style.end == "FLAT" or style.is_one_sided
    return buffer_on_ellipsoid(
        geometries, distances, geod, lambda g, d: buffer_in_plane(g, d, style), whole=whole
    )


def _draw_circles(points: Geometries, radii: Distances, geod: Geod | None, features: int) -> Geometries:
    centres = shapely.get_coordinates(points)
    if geod is None:
        return draw_plane_circles(centres, radii, features)
    return draw_geodesic_circles(centres, radii, geod, features)
