"""Convex hulls between parallel lines: the least rectangles around them, their widths and lengths.

Of a convex outline that runs counter-clockwise, the directions of the edges ascend. The vertex farthest to
one side is therefore found by a search among them: all edges of all hulls at once, without a loop (the
rotating calipers of Shamos 1978).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import compute_offsets, find_owners

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Shapes = NDArray[np.object_]

_TURN = 2 * np.pi


@dataclass(frozen=True)
class Hulls:
    """N convex outlines with K vertices in all, counter-clockwise, each beginning at its least direction.

    Attributes:
        vertices: Shape (K, 2), without the closing one.
        offsets: Shape (N + 1,), of each outline.
        directions: Shape (K,), of the edge behind each vertex, in radians from 0 to 2 pi, ascending.
    """

    vertices: Numbers
    offsets: Indices
    directions: Numbers

    @property
    def owners(self) -> Indices:
        """The outline of each vertex, shape (K,)."""
        return find_owners(self.offsets)

    @property
    def following(self) -> Indices:
        """The next vertex of each, shape (K,)."""
        after = np.arange(1, len(self.vertices) + 1)
        after[self.offsets[1:] - 1] = self.offsets[:-1]
        return after

    def find_farthest(self, direction: Numbers) -> Indices:
        """Return, for each vertex, the vertex of its outline that lies farthest in a direction, shape (K,).

        Args:
            direction: Shape (K,), in radians.
        """
        # The farthest vertex is the first whose edge turns beyond a quarter turn from the direction.
        wanted = (direction + np.pi / 2) % _TURN
        owner = self.owners
        place = np.searchsorted(self.directions + owner * 2 * _TURN, wanted + owner * 2 * _TURN)
        beyond = place >= self.offsets[1:][owner]
        return np.asarray(np.where(beyond, self.offsets[:-1][owner], place))


@dataclass(frozen=True)
class Rectangles:
    """A rectangle around each of N hulls.

    Attributes:
        corners: Shape (N, 4, 2), counter-clockwise.
        width: Shape (N,), the shorter side.
        length: Shape (N,), the longer side.
        orientation: Shape (N,), of the longer side in degrees clockwise from north, 0 to less than 180.
    """

    corners: Numbers
    width: Numbers
    length: Numbers
    orientation: Numbers


def list_hulls(polygons: Shapes) -> Hulls:
    """Return the outlines of convex polygons.

    Args:
        polygons: Shape (N,), convex, none null, all with an area.
    """
    outlines = shapely.get_exterior_ring(shapely.orient_polygons(polygons))
    coordinates, owner = shapely.get_coordinates(outlines, return_index=True)
    ends = np.flatnonzero(np.diff(owner, append=-1) != 0)
    vertices, owner = np.delete(coordinates, ends, axis=0), np.delete(owner, ends)
    offsets = compute_offsets(np.bincount(owner, minlength=len(polygons)))
    after = Hulls(vertices, offsets, np.empty(0)).following
    run = vertices[after] - vertices
    directions = np.arctan2(run[:, 1], run[:, 0]) % _TURN
    order = np.lexsort((directions, owner))
    return Hulls(vertices[order], offsets, directions[order])


def fit_rectangles(hulls: Hulls, *, by_width: bool) -> Rectangles:
    """Return the least rectangle around each hull; one of its sides lies on an edge of the hull.

    Args:
        hulls: The hulls.
        by_width: Whether the shorter side shall be least, or else the area.
    """
    d = hulls.directions
    along = np.stack([np.cos(d), np.sin(d)], axis=1)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    v = hulls.vertices
    right = _dot(v[hulls.find_farthest(d)], along)
    left = _dot(v[hulls.find_farthest(d + np.pi)], along)
    top, bottom = _dot(v[hulls.find_farthest(d + np.pi / 2)], across), _dot(v, across)
    size = np.stack([right - left, top - bottom])
    measure = size.min(axis=0) if by_width else size.prod(axis=0)
    best = _find_least(measure, hulls)
    corners = np.stack(
        [
            x[best, None] * along[best] + y[best, None] * across[best]
            for x, y in ((left, bottom), (right, bottom), (right, top), (left, top))
        ],
        axis=1,
    )
    sides = size[:, best]
    longer = np.where(sides[0] >= sides[1], d[best], d[best] + np.pi / 2)
    orientation = (90 - np.degrees(longer)) % 180
    return Rectangles(corners, sides.min(axis=0), sides.max(axis=0), orientation)


def find_diameters(hulls: Hulls) -> tuple[Indices, Indices]:
    """Return the two vertices of each hull that are farthest apart, shape (N,) each.

    Args:
        hulls: The hulls.
    """
    opposite = hulls.find_farthest(hulls.directions + np.pi / 2)
    after = hulls.following
    before = np.empty_like(after)
    before[after] = np.arange(len(after))
    here = np.arange(len(after))
    pairs = [(a, b) for a in (here, after) for b in (before[opposite], opposite, after[opposite])]
    far = np.stack([np.hypot(*(hulls.vertices[a] - hulls.vertices[b]).T) for a, b in pairs])
    choice = far.argmax(axis=0)
    best = _find_least(-far.max(axis=0), hulls)
    first, second = (np.stack(side)[choice[best], best] for side in zip(*pairs, strict=True))
    return first, second


def _find_least(values: Numbers, hulls: Hulls) -> Indices:
    """Return the vertex of each hull with the least value; of equal ones the first."""
    order = np.lexsort((values, hulls.owners))
    return order[hulls.offsets[:-1]]


def _dot(a: Numbers, b: Numbers) -> Numbers:
    return np.asarray(np.sum(a * b, axis=1))
