"""Intersection, difference and union of many shapes at once, which end well on difficult ones too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.tolerance import Tolerance
from gpserverless.errors import ToolError

Shapes = NDArray[np.object_]
Indices = NDArray[np.int64]

_MULTIPART: tuple[Callable[..., Any], ...] = (
    shapely.multipoints,
    shapely.multilinestrings,
    shapely.multipolygons,
)
_COLLECTION = 7
"""Number of geometry collections among `shapely.GeometryType`."""


def intersect(left: Shapes, right: Shapes, tolerance: Tolerance) -> Shapes:
    """Return the intersection of each pair, shape (N,).

    Args:
        left: Shape (N,).
        right: Shape (N,).
        tolerance: The tolerance.
    """
    return _operate(shapely.intersection, left, right, tolerance)


def subtract(left: Shapes, right: Shapes, tolerance: Tolerance) -> Shapes:
    """Return the part of each left shape outside its right one, shape (N,).

    Args:
        left: Shape (N,).
        right: Shape (N,).
        tolerance: The tolerance.
    """
    return _operate(shapely.difference, left, right, tolerance)


def _operate(operation: Callable[..., Any], left: Shapes, right: Shapes, tolerance: Tolerance) -> Shapes:
    """Operate on all pairs; of a block with a topology error only the pair at fault is rounded to a grid."""
    if not len(left):
        return np.empty(0, object)
    try:
        return np.asarray(operation(left, right, grid_size=tolerance.grid or None), object)
    except shapely.GEOSException:
        if len(left) == 1:
            return _operate_on_grid(operation, left, right, tolerance)
    middle = len(left) // 2
    halves = (slice(None, middle), slice(middle, None))
    return np.concatenate([_operate(operation, left[half], right[half], tolerance) for half in halves])


def _operate_on_grid(
    operation: Callable[..., Any], left: Shapes, right: Shapes, tolerance: Tolerance
) -> Shapes:
    try:
        return np.asarray(operation(left, right, grid_size=tolerance.least), object)
    except shapely.GEOSException as error:
        raise ToolError(f"Two features cannot be cut with each other: {error}.") from None


def unite_rows(shapes: Shapes, owner: Indices, count: int) -> Shapes:
    """Return the union of the shapes of each owner, shape (count,), None for none.

    Owners of about equally many shapes are united in one call.

    Args:
        shapes: Shape (M,).
        owner: Shape (M,), 0 to count less one.
        count: Number of owners.
    """
    result: Shapes = np.full(count, None, object)
    order = np.argsort(owner, kind="stable")
    shapes, owner = shapes[order], owner[order]
    sizes = np.bincount(owner, minlength=count)
    place = np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner]
    single = sizes[owner] == 1
    result[owner[single]] = shapes[single]
    width = np.ceil(np.log2(np.maximum(sizes, 1))).astype(np.int64)
    for power in np.unique(width[sizes > 1]):
        rows = np.flatnonzero((width == power) & (sizes > 1))
        member = np.isin(owner, rows)
        table: Shapes = np.full((len(rows), 1 << int(power)), None, object)
        table[np.searchsorted(rows, owner[member]), place[member]] = shapes[member]
        result[rows] = shapely.union_all(table, axis=1)
    return result


def keep_dimension(shapes: Shapes, dimension: int) -> Shapes:
    """Return only the parts of one dimension of each shape, shape (N,), None for none.

    Args:
        shapes: Shape (N,), any shapes or None.
        dimension: 0 for points, 1 for lines, 2 for polygons.
    """
    mixed = shapely.get_type_id(shapes) == _COLLECTION
    right = (shapely.get_dimensions(shapes) == dimension) & ~mixed & ~shapely.is_empty(shapes)
    result: Shapes = np.full(len(shapes), None, object)
    result[right] = shapes[right]
    if mixed.any():
        parts, owner = shapely.get_parts(shapes[mixed], return_index=True)
        parts, inner = shapely.get_parts(parts, return_index=True)
        wanted = shapely.get_dimensions(parts) == dimension
        result[mixed] = collect(parts[wanted], owner[inner][wanted], int(mixed.sum()))
    return result


def collect(parts: Shapes, owner: Indices, count: int) -> Shapes:
    """Return shapes of one or several parts, shape (count,), None for none.

    Args:
        parts: Shape (M,), points, lines or polygons, all of one dimension, that do not overlap.
        owner: Shape (M,), ascending, 0 to count less one.
        count: Number of shapes.
    """
    result: Shapes = np.full(count, None, object)
    if not len(parts):
        return result
    sizes = np.bincount(owner, minlength=count)
    single = sizes[owner] == 1
    result[owner[single]] = parts[single]
    several = np.flatnonzero(sizes > 1)
    if len(several):
        make = _MULTIPART[int(shapely.get_dimensions(parts[0]))]
        result[several] = make(parts[~single], indices=np.searchsorted(several, owner[~single]))
    return result


def drop_slivers(shapes: Shapes, dimension: int, tolerance: Tolerance) -> Shapes:
    """Return the shapes with None instead of those smaller than the tolerance, shape (N,).

    Args:
        shapes: Shape (N,), of the dimension or None.
        dimension: 0 for points, 1 for lines, 2 for polygons.
        tolerance: The tolerance.
    """
    if dimension == 0:
        return shapes
    size = shapely.area(shapes) if dimension == 2 else shapely.length(shapes)
    return keep(shapes, ~(size < tolerance.least**dimension))


def keep(shapes: Shapes, mask: NDArray[np.bool_]) -> Shapes:
    """Return some of the shapes in their places, None in the others, shape (N,).

    Args:
        shapes: Shape (N,).
        mask: Shape (N,), whether each stays.
    """
    result: Shapes = np.full(len(shapes), None, object)
    result[mask] = shapes[mask]
    return result


def make_multipoints(shapes: Shapes) -> Shapes:
    """Return single points as multipoints of one point, and multipoints as they are, shape (N,).

    Args:
        shapes: Shape (N,), points, multipoints or None.
    """
    single = shapely.get_type_id(shapes) == 0
    result = shapes.copy()
    result[single] = shapely.multipoints(shapes[single], indices=np.arange(int(single.sum())))
    return result
