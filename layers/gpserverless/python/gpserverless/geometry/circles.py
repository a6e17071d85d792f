"""Circles about points as polygons: computed, not buffered, in the plane or on the ellipsoid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.antimeridian import WORLD, cut_at_antimeridian
from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries
from gpserverless.geometry.geodesic_series import is_short, solve_short_geodesics

if TYPE_CHECKING:
    from pyproj import Geod

Distances = NDArray[np.float64]

MANY = 500
"""Most features whose outlines get the greater number of vertices."""


_BLOCK = 20_000
"""Circles drawn at a time: their coordinates fill some 30 MB."""


def count_circle_vertices(features: int) -> int:
    """Return the number of vertices of a circle: 128, or 84 where there are many circles.

    A regular polygon of n vertices is smaller than its circle by (2 pi / n)^2 / 6: 0.04 % with 128, and
    0.09 % with 84, the smallest multiple of four under 0.1 %. Every vertex lies at the distance itself.

    Args:
        features: Number of circles.
    """
    return 128 if features <= MANY else 84


def draw_plane_circles(centres: Coordinates, radii: Distances, features: int = 0) -> Geometries:
    """Draw circles in the plane, clockwise, shape (N,).

    Args:
        centres: Shape (N, 2).
        radii: Shape (N,), positive, in the unit of the coordinates.
        features: Number of all circles, if these are some of them.
    """
    count = count_circle_vertices(max(len(centres), features))
    angles = np.linspace(0, 2 * np.pi, count + 1)
    # Taken from tables, so that the four extremes and the closing vertex are exact.
    sine, cosine = np.round(np.sin(angles), 16), np.round(np.cos(angles), 16)

    def draw(rows: slice) -> Geometries:
        middles = centres[rows]
        rings = np.empty((len(middles), count + 1, 2))
        np.multiply.outer(radii[rows], sine, out=rings[:, :, 0])
        np.multiply.outer(radii[rows], cosine, out=rings[:, :, 1])
        rings += middles[:, None, :]
        return _make_polygons(rings)

    return _draw_in_blocks(len(centres), draw)


def draw_geodesic_circles(
    centres: Coordinates, radii: Distances, geod: Geod, features: int = 0
) -> Geometries:
    """Draw geodesic circles in longitude and latitude, within +-180 and +-90 degrees, shape (N,).

    Only the eastern half is computed, the western half mirrors it. A circle over a pole runs along the
    pole's latitude. A circle with a radius of half a meridian is the whole world.

    Args:
        centres: Shape (N, 2), longitude (any turn) and latitude in degrees.
        radii: Shape (N,), positive, in metres.
        geod: The ellipsoid.
        features: Number of all circles, if these are some of them.
    """
    vertices = count_circle_vertices(max(len(centres), features))
    azimuths = np.linspace(0, 180, vertices // 2 + 1)
    return _draw_in_blocks(
        len(centres), lambda rows: _draw_geodesic_block(centres[rows], radii[rows], azimuths, geod)
    )


def _draw_in_blocks(count: int, draw: Callable[[slice], Geometries]) -> Geometries:
    """Draw circles block by block, so that the coordinates of all are not there twice."""
    circles: Geometries = np.empty(count, object)
    for begin in range(0, count, _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        circles[rows] = draw(rows)
    return circles


def _draw_geodesic_block(
    centres: Coordinates, radii: Distances, azimuths: Distances, geod: Geod
) -> Geometries:
    reach = np.minimum(radii, np.pi * geod.b)
    east, north = _compute_eastern_halves(centres[:, 1], reach, azimuths, geod)
    over_north, over_south = east[:, 0] > 90, east[:, -1] > 90
    east[~over_north, 0], east[~over_south, -1] = 0.0, 0.0
    x = centres[:, 0]
    longitudes = np.where(np.abs(x) <= 180, x, (x + 180) % 360 - 180)
    plain = ~(over_north | over_south)
    result = np.empty(len(centres), object)
    result[plain] = _make_polygons(_mirror(east[plain], north[plain], longitudes[plain]))
    for index in np.flatnonzero(~plain):
        over = (bool(over_north[index]), bool(over_south[index]))
        result[index] = _draw_over_pole(east[index], north[index], float(longitudes[index]), over)
    result = cut_at_antimeridian(result)
    result[radii >= np.pi * geod.b] = WORLD
    return result


def _compute_eastern_halves(
    latitudes: Distances, radii: Distances, azimuths: Distances, geod: Geod
) -> tuple[Coordinates, Coordinates]:
    """Return longitudes east of the middle and latitudes, from north to south, shape (N, K) each."""
    east, north = (np.empty((len(latitudes), len(azimuths))) for _ in range(2))
    short = is_short(latitudes, radii, geod)
    east[short], north[short] = solve_short_geodesics(latitudes[short], radii[short], azimuths, geod)
    starts = np.repeat(latitudes[~short], len(azimuths))
    turns = np.tile(azimuths, int((~short).sum()))
    far = geod.fwd(np.zeros(len(starts)), starts, turns, np.repeat(radii[~short], len(azimuths)))
    east[~short] = np.abs(far[0]).reshape(-1, len(azimuths))
    north[~short] = np.reshape(far[1], (-1, len(azimuths)))
    return east, north


def _make_polygons(rings: NDArray[np.float64]) -> Geometries:
    count, size, _ = rings.shape
    offsets = (np.arange(count + 1) * size, np.arange(count + 1))
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, rings.reshape(-1, 2), offsets))


def _mirror(east: Coordinates, north: Coordinates, longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    rings = np.empty((len(east), 2 * east.shape[1] - 1, 2))
    half = east.shape[1]
    rings[:, :half, 0], rings[:, :half, 1] = east, north
    rings[:, half:, 0], rings[:, half:, 1] = -east[:, -2::-1], north[:, -2::-1]
    rings[:, :, 0] += longitudes[:, None]
    return rings


def _draw_over_pole(
    east: NDArray[np.float64], north: NDArray[np.float64], longitude: float, over: tuple[bool, bool]
) -> shapely.Polygon:
    """Draw a circle that holds one pole or both, closed along the latitudes of these poles."""
    half = np.column_stack([east, north])
    west = half[::-1] * (-1, 1)
    top = [[-180, 90], [180, 90]] if over[0] else []
    bottom = [[180, -90], [-180, -90]] if over[1] else []
    ring = np.array([*top, *half.tolist(), *bottom, *west.tolist()], np.float64)
    ring[:, 0] += longitude
    return shapely.Polygon(ring)
