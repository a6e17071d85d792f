"""Polygons of longitude and latitude at the edges of the map: at 180 degrees and at the poles."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries

WORLD = shapely.box(-180, -90, 180, 90)
"""All longitudes and latitudes, in degrees."""


def cut_at_antimeridian(polygons: Geometries) -> Geometries:
    """Bring polygons within -180 to 180 degrees of longitude, in two parts where they cross that meridian.

    Args:
        polygons: Shape (N,), in degrees; their longitudes have no jump and lie within -540 to 540.
    """
    bounds = shapely.bounds(polygons)
    beyond = (bounds[:, 0] < -180) | (bounds[:, 2] > 180)
    if not beyond.any():
        return polygons
    result = polygons.copy()
    crossing = shapely.make_valid(polygons[beyond])
    pieces = [
        _shift(shapely.intersection(crossing, _shift(WORLD, turn)), -turn) for turn in (-360.0, 0.0, 360.0)
    ]
    result[beyond] = _drop_points_and_lines(shapely.union(shapely.union(pieces[0], pieces[1]), pieces[2]))
    return result


def normalise_longitudes(geometries: Geometries) -> Geometries:
    """Move geometries by whole turns, so that the middle of each is within -180 to 180 degrees.

    Args:
        geometries: Shape (N,), in longitude (any turn) and latitude, in degrees.
    """
    bounds = shapely.bounds(geometries)
    middle = (bounds[:, 0] + bounds[:, 2]) / 2
    turns = np.floor((middle + 180) / 360) * 360
    away = np.isfinite(turns) & (turns != 0)
    if not away.any():
        return geometries
    result = geometries.copy()
    result[away] = [_shift(g, -t) for g, t in zip(geometries[away], turns[away], strict=True)]
    return result


def close_around_pole(ring: Coordinates, pole: float, *, inside: bool) -> shapely.Polygon:
    """Make a polygon of a closed ring near a pole.

    Args:
        ring: Shape (P, 2), longitude (any turn) and latitude in degrees, of vertices close to each other.
        pole: Latitude of the pole, 90 or -90.
        inside: Whether the pole is inside; the polygon is then closed along the pole's latitude.
    """
    longitudes = np.unwrap(ring[:, 0], period=360)
    path = np.column_stack([longitudes, ring[:, 1]])
    if inside:
        if longitudes[-1] < longitudes[0]:
            path = path[::-1]
        path[-1, 0] = path[0, 0] + 360
        path = np.vstack([path, [path[-1, 0], pole], [path[0, 0], pole]])
    path[:, 0] -= np.floor((path[:, 0].mean() + 180) / 360) * 360
    return shapely.Polygon(path)


def _shift(geometry: Any, degrees: float) -> Any:
    return shapely.transform(geometry, lambda c: c + np.array([degrees, 0.0]))


def _drop_points_and_lines(geometries: Geometries) -> Geometries:
    """Drop the points and lines that an intersection leaves where polygons only touch."""
    mixed = ~np.isin(shapely.get_type_id(geometries), (3, 6))
    for index in np.flatnonzero(mixed):
        parts: NDArray[np.object_] = shapely.get_parts(geometries[index])
        geometries[index] = shapely.union_all(parts[shapely.get_type_id(parts) == 3])
    return geometries
