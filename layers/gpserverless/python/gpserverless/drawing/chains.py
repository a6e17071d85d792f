"""Shapes as chains of pixels: clipped to the picture, and without vertices that nobody would see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.drawing.view import View
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, flatten
from gpserverless.geometry.geometry_types import POLYGON

Geometries = NDArray[np.object_]

CELL = 0.5
"""Side of a square in pixels, of which one vertex in a row is enough."""

_BESIDE = 0.05
"""Pixels beside a seam that are on it."""

_FREE_SHARE = 0.25
"""Share of the picture's sides by which a shape may lie outside before it is clipped."""


def clip_shapes(shapes: Geometries, view: View, margin: float) -> Geometries:
    """Return shapes without the parts far outside of the picture; None for those outside as a whole.

    Args:
        shapes: Shape (N,), None where there is none.
        view: The view.
        margin: Pixels that a symbol reaches beyond its shape.
    """
    more = margin + _FREE_SHARE * max(view.width, view.height)
    near, far = view.grow(margin), view.grow(more)
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        west, south, east, north = bounds.T
        seen = (west <= near[2]) & (south <= near[3]) & (east >= near[0]) & (north >= near[1])
        cut = seen & ((west < far[0]) | (south < far[1]) | (east > far[2]) | (north > far[3]))
    result = shapes.copy()
    result[~seen] = None
    if cut.any():
        result[cut] = _clip(shapes[cut], far)
    return result


def _clip(shapes: Geometries, box: tuple[float, float, float, float]) -> Geometries:
    """Clip shapes; of a polygon that crosses itself, the quick way would lose parts."""
    crossed = ~shapely.is_valid(shapes)
    if crossed.any():
        shapes = shapes.copy()
        shapes[crossed] = shapely.make_valid(shapes[crossed])
    return np.asarray(shapely.clip_by_rect(shapes, *box))


def place_shapes(shapes: Geometries, geometry_type: str, view: View) -> CoordinateArrays:
    """Return shapes in pixels.

    Args:
        shapes: Shape (N,), in the view's spatial reference.
        geometry_type: Their Esri type.
        view: The view.
    """
    if geometry_type == POLYGON:
        shapes = _orient(shapes)
    flat = flatten(shapes, geometry_type, z=False, m=False)
    return replace(flat, coordinates=view.to_pixels(flat.coordinates))


def thin_vertices(flat: CoordinateArrays) -> CoordinateArrays:
    """Return chains without vertices in the square of the one before; each keeps its first and its last.

    Args:
        flat: Chains in pixels.
    """
    if not len(flat.coordinates):
        return flat
    cells = np.floor(flat.coordinates / CELL)
    kept = np.ones(len(cells), bool)
    kept[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    kept[flat.parts[:-1]] = True
    kept[flat.parts[1:] - 1] = True
    before = np.concatenate([[0], np.cumsum(kept)])
    return replace(flat, coordinates=flat.coordinates[kept], parts=before[flat.parts])


def list_chains(flat: CoordinateArrays) -> Iterator[list[list[float]]]:
    """Yield the chains of each shape; none for a shape without parts.

    Args:
        flat: Chains in pixels.
    """
    numbers = flat.coordinates.reshape(-1).tolist()
    parts = (flat.parts * 2).tolist()
    features = flat.features.tolist()
    for first, last in pairwise(features):
        yield [numbers[parts[part] : parts[part + 1]] for part in range(first, last)]


def find_cut(shapes: Geometries, view: View) -> NDArray[np.bool_]:
    """Return which shapes are cut in two at the seams of a view.

    Args:
        shapes: Shape (N,), None where there is none.
        view: The view.
    """
    if view.seams is None:
        return np.zeros(len(shapes), bool)
    bounds = shapely.bounds(shapes)
    near = _BESIDE * view.pixel
    with np.errstate(invalid="ignore"):
        cut = (bounds[:, 0] <= view.seams[0] + near) & (bounds[:, 2] >= view.seams[1] - near)
    return np.asarray(cut)


def open_ring(ring: list[float], view: View) -> list[list[float]]:
    """Return the pieces of the outline of a shape that is cut, without the edges along the seams.

    Args:
        ring: Its vertices in pixels.
        view: The view.
    """
    points = np.asarray(ring).reshape(-1, 2)
    seams = view.to_pixels(np.array([[x, 0.0] for x in view.seams or ()]))[:, 0]
    on_seam = np.abs(points[:, :1] - seams) < _BESIDE
    is_gap = (on_seam[:-1] & on_seam[1:]).any(axis=1)
    if not is_gap.any():
        return [ring]
    pieces = np.split(np.arange(len(points)), np.flatnonzero(is_gap) + 1)
    if len(pieces[0]) and (points[0] == points[-1]).all():  # the ring goes on where it began
        pieces = [np.concatenate([pieces[-1][:-1], pieces[0]]), *pieces[1:-1]]
    return [points[piece].reshape(-1).tolist() for piece in pieces if len(piece) > 1]


def _orient(shapes: Geometries) -> Geometries:
    """Turn the holes of polygons against their outlines, without which they would be filled."""
    with_holes = shapely.get_num_coordinates(shapes) > 0
    parts, owners = shapely.get_parts(shapes[with_holes], return_index=True)
    holes = np.bincount(owners, weights=shapely.get_num_interior_rings(parts), minlength=with_holes.sum()) > 0
    several = np.bincount(owners, minlength=with_holes.sum()) > 1
    with_holes[with_holes] = holes | several
    if not with_holes.any():
        return shapes
    result = shapes.copy()
    turned: Any = shapely.orient_polygons(shapes[with_holes], exterior_cw=True)
    result[with_holes] = turned
    return result
