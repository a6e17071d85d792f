"""Buffers about points, lines and polygons, in the plane or on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.geometry.circles import MANY, draw_geodesic_circles, draw_plane_circles
from gpserverless.geometry.coordinate_arrays import Geometries
from gpserverless.geometry.dissolve import unite_groups
from gpserverless.geometry.geodesic_buffers import buffer_on_ellipsoid
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE

if TYPE_CHECKING:
    from pyproj import Geod

Side = Literal["FULL", "LEFT", "RIGHT", "OUTSIDE_ONLY"]
End = Literal["ROUND", "FLAT"]


@dataclass(frozen=True)
class BufferStyle:
    """What a buffer looks like.

    Attributes:
        side: FULL, of lines LEFT or RIGHT as they run, of polygons OUTSIDE_ONLY.
        end: ROUND or FLAT ends of lines. A one-sided buffer ends flat.
    """

    side: Side = "FULL"
    end: End = "ROUND"

    def fit(self, geometry_type: str) -> None:
        """Return if the style suits such geometries.

        Raises:
            InvalidValue: It does not.
        """
        if self.side in ("LEFT", "RIGHT") and geometry_type != POLYLINE:
            raise InvalidValue(f"side {self.side} is for lines only", "FULL")
        if self.side == "OUTSIDE_ONLY" and geometry_type != POLYGON:
            raise InvalidValue("side OUTSIDE_ONLY is for polygons only", "FULL")
        if self.end == "FLAT" and geometry_type != POLYLINE:
            raise InvalidValue("end FLAT is for lines only", "ROUND")


def buffer_geometries(
    shapes: Geometries,
    geometry_type: str,
    distances: NDArray[np.float64],
    style: BufferStyle,
    geod: Geod | None = None,
) -> Geometries:
    """Return the buffer of every shape; None where there is no shape, no distance, or nothing left.

    A distance of 0 returns a polygon itself, repaired; a negative one shrinks polygons.

    Args:
        shapes: Shape (N,), of one type, in the plane or in longitude and latitude.
        geometry_type: Their Esri type.
        distances: Shape (N,), in the unit of the coordinates, or in metres on the ellipsoid. NaN for none.
        style: Sides and ends.
        geod: The ellipsoid, for geodesic buffers of longitude and latitude; None for the plane.

    Raises:
        InvalidValue: The style does not suit the shapes, or a latitude is beyond 90 degrees.
    """
    style.fit(geometry_type)
    result: Geometries = np.full(len(shapes), None, object)
    wanted = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & np.isfinite(distances)
    wanted &= (distances > 0) | (geometry_type == POLYGON)
    some, reach = shapes[wanted], distances[wanted]
    if geod is not None and (np.abs(shapely.bounds(some)[:, [1, 3]]) > 90).any():
        raise InvalidValue("a latitude is beyond 90 degrees", "latitudes of -90 to 90 degrees")
    if geometry_type == POINT:
        made = _draw_circles(some, reach, geod)
    elif geometry_type == MULTIPOINT and geod is not None:
        points, index = shapely.get_parts(some, return_index=True)
        made = unite_groups(_draw_circles(points, reach[index], geod), index)
    elif geod is None:
        made = buffer_in_plane(some, reach, style)
    else:
        made = buffer_on_ellipsoid(
            some, reach, geod, lambda g, d: buffer_in_plane(g, d, style), whole=_must_stay_whole(style)
        )
    if style.side == "OUTSIDE_ONLY":
        made = np.asarray(shapely.difference(made, shapely.make_valid(some)))
    made[shapely.is_empty(made)] = None
    result[wanted] = made
    return result


def _draw_circles(points: Geometries, radii: NDArray[np.float64], geod: Geod | None) -> Geometries:
    centres = shapely.get_coordinates(points)
    return draw_plane_circles(centres, radii) if geod is None else draw_geodesic_circles(centres, radii, geod)


def buffer_in_plane(shapes: Geometries, distances: NDArray[np.float64], style: BufferStyle) -> Geometries:
    """Return buffers in the plane by GEOS: 128 vertices a full turn, 64 where there are many features.

    Args:
        shapes: Shape (N,).
        distances: Shape (N,), in the unit of the coordinates.
        style: Sides and ends.
    """
    one_sided = style.side in ("LEFT", "RIGHT")
    signed = -distances if style.side == "RIGHT" else distances
    ends: Literal["flat", "round"] = "flat" if style.end == "FLAT" or one_sided else "round"
    segments = 32 if len(shapes) <= MANY else 16
    return np.asarray(
        shapely.buffer(shapes, signed, quad_segs=segments, cap_style=ends, single_sided=one_sided)
    )


def _must_stay_whole(style: BufferStyle) -> bool:
    """Return whether lines may not be cut: each piece would get ends of its own."""
    return style.end == "FLAT" or style.side in ("LEFT", "RIGHT")
