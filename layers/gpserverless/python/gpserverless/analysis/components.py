"""Shapes in sets that do not meet each other, so that each set can be united or cut alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import BLOCK, Shapes, index_shapes, split_rows
from gpserverless.analysis.clusters import join
from gpserverless.analysis.watch import Watch

Indices = NDArray[np.int64]

_SIZE = 2_000
"""Shapes that are united or cut before progress is told: about half a second's work."""
_MANY_ROWS = 100_000
"""Most shapes whose neighbours are looked for before progress is told."""


def split_components(shapes: Shapes, margin: float, watch: Watch, text: str) -> Iterator[Indices]:
    """Yield the indices of shapes, in blocks whose boxes do not meet the boxes of other blocks.

    Few shapes are one block, and no progress is told. Where many shapes hang together they are one block too,
    which the progress says.

    Args:
        shapes: Shape (N,), without None.
        margin: Distance from which on two boxes do not meet.
        watch: Takes the progress.
        text: The text of the progress bar.
    """
    if len(shapes) <= BLOCK:
        yield np.arange(len(shapes))
        return
    roots = find_components(shapes, margin, watch)
    order = np.argsort(roots, kind="stable")
    sizes = np.unique(roots, return_counts=True)[1]
    block = np.repeat(np.cumsum(sizes) // _SIZE, sizes)
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    for start, end in zip(starts, [*starts[1:].tolist(), len(order)], strict=True):
        count = f": {end - start:,} shapes hang together" if end - start > BLOCK else ""
        watch.progress(text + count, 100 * int(start) // len(order))
        yield np.sort(order[start:end])


def find_components(shapes: Shapes, margin: float, watch: Watch) -> Indices:
    """Return the least shape of the set of each shape, shape (N,); boxes of different sets do not meet.

    Args:
        shapes: Shape (N,), without None.
        margin: Distance from which on two boxes do not meet.
        watch: Takes the progress.
    """
    west, south, east, north = shapely.bounds(shapes).T
    tree = index_shapes(shapes, watch)
    roots = np.arange(len(shapes))
    for rows in split_rows(len(shapes), watch, "Looking for shapes that hang together", _MANY_ROWS):
        corners = (west[rows] - margin, south[rows] - margin, east[rows] + margin, north[rows] + margin)
        boxes = shapely.box(*corners)
        one, other = tree.query(boxes)
        one += rows.start
        later = one < other
        roots = join(roots, one[later], other[later])
    return roots


def unite_in_blocks(shapes: Shapes, unite: Callable[[Shapes], shapely.Geometry], watch: Watch) -> Shapes:
    """Return the parts of the union of polygons.

    Args:
        shapes: Shape (N,), valid polygons; those that are united become None, to make room.
        unite: Returns the union of some.
        watch: Takes the progress.
    """
    parts: list[Shapes] = [np.empty(0, object)]
    for rows in split_components(shapes, 0.0, watch, "Dissolving"):
        parts.append(np.asarray(shapely.get_parts(unite(shapes[rows])), object))
        shapes[rows] = None
    return np.concatenate(parts)
