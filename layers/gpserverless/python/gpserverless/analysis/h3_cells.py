"""Cells of H3: hexagons, and twelve pentagons, which cover the Earth in sixteen sizes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.fishnet import MAX_CELLS
from gpserverless.errors import ToolError
from gpserverless.geometry.antimeridian import close_around_pole, cut_at_antimeridian

Shapes = NDArray[np.object_]
Ids = NDArray[np.uint64]
Numbers = NDArray[np.float64]

_WIDEST = 60.0
"""Degrees: H3 takes an outline that is wider than 180 for the other side of the Earth."""


def cover_with_h3(area: Any, resolution: int) -> tuple[Shapes, Shapes]:
    """Return the cells that meet an area, within -180 to 180 degrees, and their names, shape (N,) each.

    Edges run straight between the corners on the map of longitudes and latitudes.

    Args:
        area: A polygon on WGS 84, in longitudes within -180 to 180 and latitudes.
        resolution: 0 to 15; each is a seventh of the one before.

    Raises:
        ToolError: There would be too many cells.
    """
    parts = shapely.get_parts(area)
    boxes = [box for bounds in shapely.bounds(parts).tolist() for box in _split(*bounds)]
    _check_count(boxes, resolution)
    cells = _find_cells(boxes, resolution)
    shapes = _draw(cells)
    shapely.prepare(area)
    meets = np.asarray(shapely.intersects(area, shapes))
    return shapes[meets], np.array([f"{cell:x}" for cell in cells[meets].tolist()], object)


def _split(west: float, south: float, east: float, north: float) -> Iterator[tuple[float, ...]]:
    """Yield narrow boxes that make a wide one."""
    count = max(1, int(np.ceil((east - west) / _WIDEST)))
    sides = pairwise(np.linspace(west, east, count + 1).tolist())
    yield from ((left, south, right, north) for left, right in sides)


def _check_count(boxes: list[tuple[float, ...]], resolution: int) -> None:
    west, south, east, north = np.radians(np.array(boxes).reshape(-1, 4)).T
    share = ((east - west) * (np.sin(north) - np.sin(south))).sum() / (4 * np.pi)
    count = share * (2 + 120 * 7**resolution)
    if count > MAX_CELLS:
        raise ToolError(
            f"There would be about {count:,.0f} cells; at most {MAX_CELLS:,} fit. Take a lower H3_Resolution."
        )


def _find_cells(boxes: list[tuple[float, ...]], resolution: int) -> Ids:
    """Return all cells that may meet the boxes, and some more, ascending."""
    from h3 import LatLngPoly
    from h3.api import numpy_int as h3

    poles = np.array([h3.latlng_to_cell(latitude, 0, resolution) for latitude in (-90, 90)], np.uint64)
    found = [poles]
    for west, south, east, north in boxes:
        outline = LatLngPoly([(south, west), (south, east), (north, east), (north, west)])
        found.append(h3.h3shape_to_cells_experimental(outline, resolution, contain="bbox_overlap"))
    return np.unique(np.concatenate(found))


def _draw(cells: Ids) -> Shapes:
    from h3.api import numpy_int as h3

    rings = [h3.cell_to_boundary(cell) for cell in cells.tolist()]
    sizes = np.array([len(ring) for ring in rings])
    latitude, longitude = np.array([corner for ring in rings for corner in ring]).T
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(cells)), sizes)
    unrolled, turns = _unroll(longitude, first, owner)
    corners = np.column_stack([unrolled, latitude])
    shapes = np.asarray(shapely.polygons(shapely.linearrings(corners, indices=owner)))
    for row in np.flatnonzero(np.abs(turns) > 180).tolist():
        ring = corners[owner == row]
        pole = 90.0 if ring[0, 1] > 0 else -90.0
        shapes[row] = close_around_pole(np.vstack([ring, ring[:1]]), pole, inside=True)
    return cut_at_antimeridian(shapes)


def _unroll(
    longitude: Numbers, first: NDArray[np.int64], owner: NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """Return longitudes without a jump in a ring, and the degrees that each ring turns about a pole."""
    following = np.arange(1, len(longitude) + 1)
    following[np.append(first[1:], len(longitude)) - 1] = first
    steps = (longitude[following] - longitude + 180) % 360 - 180
    along = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
    unrolled = longitude[first][owner] + along - along[first][owner]
    return unrolled, np.add.reduceat(steps, first)
