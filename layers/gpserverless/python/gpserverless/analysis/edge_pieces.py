"""Points and single edges of shapes: an index of them is far closer to a shape than its box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """The P points and edges of shapes; both ends of a point are the same."""

    #: Shape (P, 2).
    start: Numbers
    #: Shape (P, 2).
    end: Numbers
    #: Shape (P,), index of the shape.
    owner: Indices

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, index: NDArray[Any]) -> Pieces:
        """Return some of the pieces.

        Args:
            index: Indices, or a mask of shape (P,).
        """
        return Pieces(self.start[index], self.end[index], self.owner[index])

    def draw(self) -> NDArray[np.object_]:
        """Return the pieces as shapely points and lines, shape (P,)."""
        shapes = np.empty(len(self), object)
        is_edge = (self.start != self.end).any(axis=1)
        shapes[~is_edge] = shapely.points(self.start[~is_edge])
        ends = np.stack([self.start[is_edge], self.end[is_edge]], axis=1)
        if len(ends):
            shapes[is_edge] = shapely.linestrings(ends)
        return shapes


def split_into_pieces(shapes: NDArray[np.object_]) -> Pieces:
    """Take shapes apart into their points and edges; a missing shape has none.

    Args:
        shapes: Shape (N,), points, lines and polygons of any number of parts.
    """
    if (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all():
        points = shapely.get_coordinates(shapes)
        return Pieces(points, points, np.arange(len(shapes)))
    parts, owner = shapely.get_parts(shapes, return_index=True)
    dimensions = shapely.get_dimensions(parts)
    rings, part = shapely.get_rings(parts, return_index=True)
    lines = np.concatenate([parts[dimensions == 1], rings])
    owners = np.concatenate([owner[dimensions == 1], owner[part]])
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    points = shapely.get_coordinates(parts[dimensions == 0])
    return Pieces(
        np.concatenate([points, vertices[:-1][same]]),
        np.concatenate([points, vertices[1:][same]]),
        np.concatenate([owner[dimensions == 0], owners[line[:-1][same]]]).astype(np.int64),
    )


def order_by_place(shapes: NDArray[np.object_]) -> Indices:
    """Return an order in which neighbours follow each other: an index answers them twice as fast.

    Args:
        shapes: Shape (N,).
    """
    if len(shapes) < 2:
        return np.arange(len(shapes))
    bounds = shapely.bounds(shapes)
    low, high = bounds[:, 1].min(), bounds[:, 1].max()
    strips = max(int(np.sqrt(len(shapes))), 1)
    strip = np.floor((bounds[:, 1] - low) / ((high - low) or 1.0) * strips)
    return np.lexsort((bounds[:, 0], strip))
