"""Polygons and lines at the edges of the map: at 180 degrees and at the poles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import (
    CoordinateArrays,
    Coordinates,
    Geometries,
    compute_offsets,
    find_owners,
    flatten,
)
from gpserverless.geometry.geometry_types import POLYLINE

WORLD = shapely.box(-180, -90, 180, 90)
"""All longitudes and latitudes, in degrees."""


WIDEST = 3.0
"""Turns of the widest shape that is cut; a wider one is no place on the earth."""

NARROWEST = 1e-9
"""Turns of the width of the narrowest part that a cut leaves; 4 centimetres at the equator."""


def cut_at_antimeridian(polygons: Geometries) -> Geometries:
    """Bring polygons within -180 to 180 degrees of longitude, in two parts where they cross that meridian.

    Args:
        polygons: Shape (N,), in degrees; their longitudes have no jump.
    """
    return cut_polygons(polygons, -180.0, 360.0)


def cut_polygons(polygons: Geometries, west: float, turn: float) -> Geometries:
    """Bring polygons into one turn of a map, in two parts where they cross its edge; parts that meet unite.

    A polygon wider than `WIDEST` turns becomes None.

    Args:
        polygons: Shape (N,), in coordinates whose x has no jump. Z stays, m is lost where a polygon is cut.
        west: The x of the map's left edge.
        turn: Distance of x for a whole turn.
    """
    bounds = shapely.bounds(polygons)
    beyond = (bounds[:, 0] < west) | (bounds[:, 2] > west + turn)
    if not beyond.any():
        return polygons
    result = polygons.copy()
    result[beyond & (bounds[:, 2] - bounds[:, 0] > WIDEST * turn)] = None
    beyond &= ~shapely.is_missing(result)
    turns = np.floor((bounds[beyond, 0] - west) / turn)
    crossing = _shift_each(shapely.make_valid(result[beyond]), -turns * turn)
    low, high = np.nanmin(bounds[:, 1], initial=0) - 1, np.nanmax(bounds[:, 3], initial=0) + 1
    rest = (bounds[beyond, 2] - west) / turn - turns
    joined: Any = np.full(len(crossing), None, object)
    for number in range(int(np.ceil(rest.max(initial=1)))):
        world = shapely.box(west + number * turn, low, west + (number + 1) * turn, high)
        piece = _shift(shapely.intersection(crossing, world), -number * turn)
        joined = piece if number == 0 else shapely.union(joined, piece)
    result[beyond] = _drop_slivers(_drop_points_and_lines(np.asarray(joined)), NARROWEST * turn)
    return result


def cut_lines(lines: Geometries, west: float, turn: float, *, z: bool = False, m: bool = False) -> Geometries:
    """Bring lines into one turn of a map, in several parts where they cross its edge.

    A line wider than `WIDEST` turns becomes None.

    Args:
        lines: Shape (N,), in coordinates whose x has no jump.
        west: The x of the map's left edge.
        turn: Distance of x for a whole turn.
        z: Whether they have a z; it is interpolated where a line is cut.
        m: Whether they have an m; so is that.
    """
    bounds = shapely.bounds(lines)
    beyond = (bounds[:, 0] < west) | (bounds[:, 2] > west + turn)
    if not beyond.any():
        return lines
    result = lines.copy()
    result[beyond & (bounds[:, 2] - bounds[:, 0] > WIDEST * turn)] = None
    beyond &= ~shapely.is_missing(result)
    if not beyond.any():
        return result
    result[beyond] = _cut_paths(flatten(result[beyond], POLYLINE, z=z, m=m), west, turn).to_shapely()
    return result


def _cut_paths(flat: CoordinateArrays, west: float, turn: float) -> CoordinateArrays:
    """Divide the edges at the map's edge, and begin a part wherever the next edge lies in another turn."""
    part = find_owners(flat.parts)
    vertices, part = _insert_crossings(flat.coordinates, part, west, turn)
    a, b = vertices[:-1], vertices[1:]
    kept = part[1:] == part[:-1]
    turns = np.floor(((a[:, 0] + b[:, 0]) / 2 - west) / turn)
    upright = (a[:, 0] == b[:, 0]) & ((a[:, 0] - west) % turn == 0) & kept
    turns[upright] -= 1  # an edge along the map's right edge stays there
    a, b, turns, part = a[kept].copy(), b[kept].copy(), turns[kept], part[:-1][kept]
    begins = np.ones(len(part), bool)
    begins[1:] = (part[1:] != part[:-1]) | (turns[1:] != turns[:-1])
    a[:, 0] -= turns * turn
    b[:, 0] -= turns * turn
    ends = np.append(begins[1:], True)
    # Every edge gives its first vertex, the last edge of a part its second one too.
    order = np.concatenate([np.arange(len(a)) * 2, np.flatnonzero(ends) * 2 + 1])
    coordinates = np.concatenate([a, b[ends]])[np.argsort(order, kind="stable")]
    sizes = np.diff(np.append(np.flatnonzero(begins), len(a))) + 1
    owners = find_owners(flat.features)[part[begins]]
    counts = np.bincount(owners, minlength=len(flat.features) - 1)
    return replace(
        flat, coordinates=coordinates, parts=compute_offsets(sizes), features=compute_offsets(counts)
    )


def _insert_crossings(
    vertices: Coordinates, part: NDArray[np.int64], west: float, turn: float
) -> tuple[Coordinates, NDArray[np.int64]]:
    """Insert a vertex wherever an edge crosses the map's edge; return vertices and their parts."""
    for _ in range(int(WIDEST) + 1):
        a, b = vertices[:-1], vertices[1:]
        low, high = np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 0], b[:, 0])
        edge = west + (np.floor((low - west) / turn) + 1) * turn
        crossing = np.flatnonzero((part[1:] == part[:-1]) & (edge < high))
        if not len(crossing):
            break
        a, b, edge = a[crossing], b[crossing], edge[crossing]
        share = (edge - a[:, 0]) / (b[:, 0] - a[:, 0])
        new = a + (b - a) * share[:, None]
        new[:, 0] = edge
        vertices = np.insert(vertices, crossing + 1, new, axis=0)
        part = np.insert(part, crossing + 1, part[crossing])
    return vertices, part


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
    result[away] = _shift_each(geometries[away], -turns[away])
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
    def move(coordinates: Coordinates) -> Coordinates:
        moved = coordinates.copy()
        moved[:, 0] += degrees
        return moved

    return shapely.transform(geometry, move, include_z=bool(np.any(shapely.has_z(geometry))))


def _shift_each(geometries: Geometries, distances: NDArray[np.float64]) -> Geometries:
    """Move each geometry by a distance of its own; z stays, m is lost."""
    coordinates, index = shapely.get_coordinates(geometries, include_z=True, return_index=True)
    has_z = bool(shapely.has_z(geometries).any())
    coordinates[:, 0] += distances[index]
    moved = coordinates if has_z else coordinates[:, :2]
    return np.asarray(shapely.transform(geometries, lambda _: moved, include_z=has_z))


def _drop_slivers(polygons: Geometries, width: float) -> Geometries:
    """Drop the parts that rounding leaves on the other side of a cut."""
    for index in np.flatnonzero(shapely.get_type_id(polygons) == 6):
        parts = shapely.get_parts(polygons[index])
        bounds = shapely.bounds(parts)
        wide = bounds[:, 2] - bounds[:, 0] > width
        if wide.any() and not wide.all():
            kept = parts[wide]
            polygons[index] = kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
    return polygons


def _drop_points_and_lines(geometries: Geometries) -> Geometries:
    """Drop the points and lines that an intersection leaves where polygons only touch."""
    mixed = ~np.isin(shapely.get_type_id(geometries), (3, 6))
    for index in np.flatnonzero(mixed):
        parts: NDArray[np.object_] = shapely.get_parts(geometries[index])
        geometries[index] = shapely.union_all(parts[shapely.get_type_id(parts) == 3])
    return geometries
