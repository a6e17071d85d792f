"""Shortest ways in the plane."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import index_shapes, split_rows
from gpserverless.analysis.edge_pieces import Indices, Numbers, Pieces, split_into_pieces
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.links import Links, Rows, find_box
from gpserverless.analysis.watch import Watch


class Plane:
    """The plane of the coordinates, in which distances are straight.

    Args:
        sources: Shape (N,), shapes that are there; polygons are valid.
        targets: Shape (M,), the same.
    """

    def __init__(self, sources: NDArray[np.object_], targets: NDArray[np.object_]) -> None:
        self._sources, self._targets = sources, targets
        shapely.prepare(self._targets)

    @cached_property
    def diameter(self) -> float:
        """The diagonal of all shapes, and a little more."""
        xmin, ymin, xmax, ymax = find_box(self._sources, self._targets)
        return float(np.hypot(xmax - xmin, ymax - ymin)) * 1.001 + 1e-9

    @cached_property
    def _pieces(self) -> Pieces:
        return split_into_pieces(self._targets)

    @cached_property
    def _drawn(self) -> NDArray[np.object_]:
        return self._pieces.draw()

    @cached_property
    def _index(self) -> shapely.STRtree:
        return shapely.STRtree(self._drawn)

    @cached_property
    def _whole(self) -> shapely.STRtree:
        return shapely.STRtree(self._targets)

    def build(self, watch: Watch, *, closest: bool) -> None:
        """Build the indices that are asked, since each takes long.

        Args:
            watch: Takes the progress.
            closest: Whether the closest targets are looked for, or all within a reach.
        """
        if not closest:
            self._whole = index_shapes(self._targets, watch)
            return
        watch.progress("Listing edges")
        pieces = self._pieces
        drawn = np.empty(len(pieces), object)
        for rows in split_rows(len(pieces), watch, "Listing edges"):
            drawn[rows] = pieces.take(np.arange(rows.start, rows.stop)).draw()
        self._drawn = drawn
        self._index = index_shapes(drawn, watch)

    def find_closest(self, rows: slice, reach: float) -> Links:
        """Return the links of a block of sources to their closest targets, ties included, within a reach.

        The nearest edge is looked for, and, since a place inside of a polygon has no edge near, what meets.

        Args:
            rows: The block; `source` counts from its first.
            reach: Longest distance; infinity for any.
        """
        sources = self._sources[rows]
        inner, within = self._find_meetings(sources)
        todo = np.setdiff1d(np.arange(len(sources)), inner)
        limit = None if np.isinf(reach) else reach * (1 + 1e-9)
        index, piece = self._index.query_nearest(sources[todo], max_distance=limit)
        source = todo[index]
        outer = self._measure_pieces(sources, source, piece)
        meets = self._measure(sources, inner, within, self._targets[within])
        parts = (vars(meets).values(), vars(outer).values())
        found = Links(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))
        return found.take(found.distance <= reach).shortest(np.zeros(len(self._targets), np.int64))

    def find_within(self, rows: Rows, reach: Numbers) -> Links:
        """Return the links of some sources to all targets within their reach.

        Args:
            rows: Indices of the sources; `source` counts from the first of them.
            reach: Longest distance of each.
        """
        sources = self._sources[rows]
        source, target = self._whole.query(sources, predicate="dwithin", distance=reach)
        check_pairs(len(source))
        return self._measure(sources, source, target, self._targets[target])

    def _find_meetings(self, sources: NDArray[np.object_]) -> tuple[Indices, Indices]:
        """Return the pairs of a source and a polygon that meet."""
        none = np.empty(0, np.int64)
        if not (shapely.get_dimensions(self._targets) == 2).any():
            return none, none
        target, source = shapely.STRtree(sources).query(self._targets, predicate="intersects")
        return source, target

    def _measure_pieces(self, sources: NDArray[np.object_], source: Indices, piece: Indices) -> Links:
        """Return links to pieces; those of points without a geometry library, which is slower."""
        target = self._pieces.owner[piece]
        if not len(sources) or not (shapely.get_type_id(sources) == 0).all():
            return self._measure(sources, source, target, self._drawn[piece])
        start, near = shapely.get_coordinates(sources)[source], self._pieces.take(piece)
        way = near.end - near.start
        ahead, square = ((way * other).sum(axis=1) for other in (start - near.start, way))
        share = np.divide(ahead, square, out=np.zeros(len(start)), where=square > 0)
        return _link(source, target, start, near.start + way * np.clip(share, 0, 1)[:, None])

    @staticmethod
    def _measure(
        sources: NDArray[np.object_], source: Indices, target: Indices, shapes: NDArray[np.object_]
    ) -> Links:
        ends = shapely.get_coordinates(shapely.shortest_line(sources[source], shapes)).reshape(-1, 2, 2)
        return _link(source, target, ends[:, 0], ends[:, 1])


def _link(source: Indices, target: Indices, start: Numbers, end: Numbers) -> Links:
    away = end - start
    distance = np.hypot(away[:, 0], away[:, 1])
    angle = np.degrees(np.arctan2(away[:, 1], away[:, 0]))
    angle[distance == 0] = 0.0
    return Links(source, target, distance, start, end, angle)
