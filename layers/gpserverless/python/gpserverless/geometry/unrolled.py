"""Shapes of a map in continuous longitudes and latitudes: without a jump at 180 degrees, closed at the poles.

A straight edge near a pole turns through many degrees of longitude. So edges are divided until each turns by
at most `LONGEST_STEP`; then the nearest turn is the right one for every vertex.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries, flatten
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import POLYLINE

if TYPE_CHECKING:
    from pyproj import Transformer

LONGEST_STEP = 0.5
"""Degrees of longitude of one edge; a parallel departs from the chord by 1e-5 of the distance to the pole."""

_ROUNDS = 14
"""Halvings of the longest edge; only an edge that meets a pole needs as many."""

_AT_POLE = 90 - 1e-9
_DECIMALS = 9
_PULL = 1e-8
_AT_EDGE = 1e-5


@dataclass(frozen=True)
class ToDegrees:
    """The way from a map to longitude and latitude.

    Attributes:
        transformer: From the map to degrees.
        middle: Longitude of the map's middle meridian.
    """

    transformer: Transformer
    middle: float

    def place(self, vertices: Coordinates) -> Coordinates:
        """Return longitude and latitude, shape (P, 2), infinite where there is no place.

        PROJ finds no place for some vertices on the edge of the map, such as in Robinson; these are pulled
        inside by 20 centimetres, and put on the edge again.

        Args:
            vertices: Shape (P, 2 or more), in the map.
        """
        x, y = vertices[:, 0], vertices[:, 1]
        placed = np.column_stack(self.transformer.transform(x, y))
        lost = ~np.isfinite(placed).all(axis=1)
        if lost.any():
            origin = self.transformer.transform(self.middle, 0.0, direction="INVERSE")[0]
            pulled = x[lost] + (origin - x[lost]) * _PULL
            again = np.column_stack(self.transformer.transform(pulled, y[lost]))
            away = again[:, 0] - self.middle
            edge = self.middle + np.copysign(180.0, away)
            again[:, 0] = np.where(np.abs(np.abs(away) - 180) < _AT_EDGE, edge, again[:, 0])
            placed[lost] = again
        return placed


def unroll_lines(lines: Geometries, change: ToDegrees, *, z: bool = False, m: bool = False) -> Geometries:
    """Return lines in longitude (any turn) and latitude, without a jump; None where there is no place.

    Args:
        lines: Shape (N,), in the map; None stays None.
        change: From the map to degrees.
        z: Whether they have a z.
        m: Whether they have an m.
    """
    flat = flatten(lines, POLYLINE, z=z, m=m)
    paths = [unroll_path(flat.coordinates[a:b], change) for a, b in pairwise(flat.parts.tolist())]
    sizes = [len(path) for path in paths]
    parts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    moved = type(flat)(POLYLINE, np.concatenate(paths), parts, flat.features, z, m)
    return _drop_infinite(moved.to_shapely())


def unroll_polygons(polygons: Geometries, change: ToDegrees) -> Geometries:
    """Return polygons in longitude (any turn) and latitude, without a jump; None where there is no place.

    A polygon that holds a pole is closed along the pole's latitude.

    Args:
        polygons: Shape (N,), in the map; None stays None. Z stays, m is lost.
        change: From the map to degrees.
    """
    poles = np.array(change.transformer.transform([0.0, 0.0], [-90.0, 90.0], direction="INVERSE"))
    result: Geometries = np.full(len(polygons), None, object)
    for index in np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons))):
        parts = [_unroll_polygon(part, change, poles) for part in shapely.get_parts(polygons[index])]
        if all(part is not None for part in parts):
            result[index] = parts[0] if len(parts) == 1 else shapely.union_all(_align(parts))
    return result


def unroll_path(vertices: Coordinates, change: ToDegrees) -> Coordinates:
    """Return the vertices of a path in longitude and latitude, without a jump, more of them where it turns.

    Args:
        vertices: Shape (P, 2 to 4), in the map.
        change: From the map to degrees.
    """
    for _ in range(_ROUNDS):
        placed = change.place(vertices)
        with np.errstate(invalid="ignore"):
            step = np.abs((np.diff(placed[:, 0]) + 180) % 360 - 180)
            wide = np.flatnonzero(step > LONGEST_STEP * 1.000001)
        if not len(wide) or not np.isfinite(placed).all():
            break
        vertices = np.insert(vertices, wide + 1, (vertices[wide] + vertices[wide + 1]) / 2, axis=0)
    placed = change.place(vertices)
    if not np.isfinite(placed).all():
        return np.column_stack([np.full((len(vertices), 2), np.inf), vertices[:, 2:]])
    placed = np.column_stack([placed.round(_DECIMALS), vertices[:, 2:]])
    placed = _spread_at_poles(placed)
    placed[:, 0] = np.unwrap(placed[:, 0], period=360)
    return placed


def _spread_at_poles(vertices: Coordinates) -> Coordinates:
    """Give a vertex at a pole the longitudes of both neighbours, since its own means nothing."""
    at_pole = np.abs(vertices[:, 1]) > _AT_POLE
    if not at_pole.any() or at_pole.all():
        return vertices
    closed = bool((vertices[0, :2] == vertices[-1, :2]).all())
    if closed and at_pole[0]:
        begin = int(np.flatnonzero(~at_pole)[0])
        vertices = np.concatenate([vertices[begin:-1], vertices[: begin + 1]])
        at_pole = np.abs(vertices[:, 1]) > _AT_POLE
    known = np.flatnonzero(~at_pole)
    here = np.arange(len(vertices))
    before = known[np.maximum(np.searchsorted(known, here, side="right") - 1, 0)]
    after = known[np.minimum(np.searchsorted(known, here), len(known) - 1)]
    twice = np.repeat(here, 1 + at_pole)
    second = np.concatenate([[False], twice[1:] == twice[:-1]])
    result = vertices[twice]
    result[:, 0] = np.where(second, vertices[after[twice], 0], vertices[before[twice], 0])
    return result


def _unroll_polygon(polygon: Any, change: ToDegrees, poles: NDArray[np.float64]) -> Any:
    rings = [_unroll_ring(ring, change, poles) for ring in shapely.get_rings(polygon)]
    if any(ring is None for ring in rings):
        return None
    outer, *holes = repair_polygons(np.array(rings, object)).tolist()
    middle = _find_middle(outer)
    for hole in holes:
        away = np.round((_find_middle(hole) - middle) / 360) * 360
        for turn in (away - 360, away, away + 360):
            outer = shapely.difference(outer, _move(hole, -turn))
    return outer


def _unroll_ring(ring: Any, change: ToDegrees, poles: NDArray[np.float64]) -> shapely.Polygon | None:
    vertices = shapely.get_coordinates(ring, include_z=ring.has_z)
    path = unroll_path(vertices, change)
    if not np.isfinite(path[:, :2]).all():
        return None
    turned = path[-1, 0] - path[0, 0]
    if abs(turned) < 180:
        return shapely.Polygon(path)
    if turned < 0:
        path = path[::-1].copy()
    path[-1, 0] = path[0, 0] + 360
    pole = _find_pole(vertices, path, poles)
    corners = path[[-1, 0]].copy()
    corners[:, 1] = pole
    return shapely.Polygon(np.concatenate([path, corners]))


def _find_pole(vertices: Coordinates, path: Coordinates, poles: NDArray[np.float64]) -> float:
    """Return the latitude of the pole that a ring runs around."""
    face = shapely.make_valid(shapely.Polygon(vertices[:, :2]))
    inside = np.asarray(shapely.contains_xy(face, *poles))
    if inside[0] != inside[1]:
        return -90.0 if inside[0] else 90.0
    return float(np.copysign(90.0, path[:, 1].mean()))


def _align(parts: list[Any]) -> list[Any]:
    """Move the parts of one polygon by whole turns, near the first."""
    middles = np.array([_find_middle(part) for part in parts])
    turns = np.round((middles - middles[0]) / 360) * 360
    return [_move(part, -turn) for part, turn in zip(parts, turns, strict=True)]


def _find_middle(shape: Any) -> float:
    bounds = np.asarray(shapely.bounds(shape))
    return float(bounds[[0, 2]].mean())


def _move(shape: Any, degrees: float) -> Any:
    if degrees == 0:
        return shape
    return shapely.transform(
        shape, lambda c: np.column_stack([c[:, 0] + degrees, c[:, 1:]]), include_z=shape.has_z
    )


def _drop_infinite(geometries: Geometries) -> Geometries:
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    geometries[index[~np.isfinite(coordinates).all(axis=1)]] = None
    return geometries
