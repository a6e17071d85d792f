"""Vertices of lines by the areas of their triangles (Visvalingam and Whyatt 1993)."""

from __future__ import annotations

import heapq

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.paths import rebuild
from gpserverless.geometry.coordinate_arrays import compute_offsets, flatten
from gpserverless.geometry.geometry_types import POLYLINE

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def drop_small_triangles(lines: Shapes, tolerance: float) -> Shapes:
    """Return lines without the vertices whose triangle with their neighbours is small; both ends stay.

    The vertex of the least triangle goes, its neighbours get new triangles, and so on, as long as the least
    is smaller than the square of the tolerance.

    Args:
        lines: Shape (N,), lines.
        tolerance: Its square is the area, in the unit of the coordinates.
    """
    flat = flatten(lines, POLYLINE, z=bool(shapely.has_z(lines).any()), m=bool(shapely.has_m(lines).any()))
    xy = flat.coordinates[:, :2]
    kept = np.ones(len(xy), bool)
    areas = _measure_triangles(xy, flat.parts)
    small = np.add.reduceat(areas < tolerance**2, flat.parts[:-1]) if len(xy) else np.empty(0)
    for path in np.flatnonzero(small).tolist():
        vertices = slice(int(flat.parts[path]), int(flat.parts[path + 1]))
        kept[vertices] = _find_kept(xy[vertices], areas[vertices], tolerance**2)
    sizes = np.add.reduceat(kept, flat.parts[:-1], dtype=np.int64) if len(xy) else np.empty(0, np.int64)
    return rebuild(flat, flat.coordinates[kept], compute_offsets(sizes))


def _measure_triangles(xy: Floats, parts: NDArray[np.int64]) -> Floats:
    """Return the area of the triangle of each vertex with its neighbours; the ends of paths have no such."""
    areas = np.full(len(xy), np.inf)
    (ax, ay), (bx, by) = (xy[:-2] - xy[1:-1]).T, (xy[2:] - xy[1:-1]).T
    areas[1:-1] = np.abs(ax * by - bx * ay) / 2
    areas[parts[:-1]] = areas[parts[1:] - 1] = np.inf
    return areas


def _find_kept(xy: Floats, areas: Floats, least: float) -> list[bool]:
    """Return which vertices of a path stay."""
    x, y = xy.T.tolist()
    area, last = areas.tolist(), len(xy) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    kept = [True] * len(xy)
    heap = [(size, vertex) for vertex, size in enumerate(area) if size < least]
    heapq.heapify(heap)
    while heap:
        size, vertex = heapq.heappop(heap)
        if not kept[vertex] or size != area[vertex]:
            continue  # the triangle is no more
        kept[vertex] = False
        ends = before[vertex], after[vertex]
        after[ends[0]], before[ends[1]] = ends[1], ends[0]
        for place in ends:
            if not 0 < place < last:
                continue
            a, b = before[place], after[place]
            across, up = x[place], y[place]
            area[place] = abs((x[a] - across) * (y[b] - up) - (x[b] - across) * (y[a] - up)) / 2
            if area[place] < least:
                heapq.heappush(heap, (area[place], place))
    return kept
