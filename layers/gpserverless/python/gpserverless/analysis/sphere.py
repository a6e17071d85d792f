"""Mercator's map of the sphere of reduced latitudes, with an index of pieces."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.caps import (
    Groups,
    Sift,
    measure_angles,
    measure_halves,
    reduce_latitudes,
    to_vectors,
)
from gpserverless.analysis.edge_pieces import Indices, Numbers, Pieces
from gpserverless.analysis.inputs import check_pairs

if TYPE_CHECKING:
    from pyproj import Geod

_EDGE = 60.0
"""Degrees from 180 whose pieces are in the map on both sides."""

_HIGHEST = 89.99
"""Degrees at which the map ends; a reach beyond `_TOP` compares with groups of pieces."""

_TOP = np.radians(89.0)

_SPREAD = 20.0
"""Longest radius that is looked for in the map, in radians, times the root of the number of pieces: about
thirty pieces if they are spread evenly. A wider one compares with groups of pieces."""

_CELLS = 4_000_000
"""Pieces of sources, times groups, that are compared at once."""


class Placed:
    """Pieces of sources and their drawing in the map.

    Args:
        pieces: P pieces, in longitude and latitude.
        drawn: The same in the map.
    """

    def __init__(self, pieces: Pieces, drawn: Pieces) -> None:
        self.pieces = pieces
        self._drawn = drawn

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Points and lines of the map, shape (P,)."""
        return self._drawn.draw()

    @cached_property
    def starts(self) -> NDArray[np.object_]:
        """Points of the map, shape (P,)."""
        if (self._drawn.start == self._drawn.end).all():
            return self.shapes
        return np.asarray(shapely.points(self._drawn.start), object)


class Chart:
    """The map with an index of the pieces of targets.

    Args:
        pieces: The pieces, in longitude -180 to 180 and latitude.
        geod: The ellipsoid.
    """

    def __init__(self, pieces: Pieces, geod: Geod) -> None:
        self._geod, self._pieces = geod, pieces
        self._is_points = bool((pieces.start == pieces.end).all())
        middle = (pieces.start + pieces.end) / 2
        turns = [np.flatnonzero(np.abs(middle[:, 0]) > 180 - _EDGE)]
        copies = np.where(middle[turns[0], 0] > 0, -360.0, 360.0)
        self._number = np.concatenate([np.arange(len(pieces)), turns[0]])
        self._turn = np.concatenate([np.zeros(len(pieces)), copies])
        drawn = self._draw(pieces)
        self._slack = self._measure_slack(pieces)
        moved = Pieces(
            np.concatenate([drawn.start, drawn.start[turns[0]] + np.radians(copies)[:, None] * [1, 0]]),
            np.concatenate([drawn.end, drawn.end[turns[0]] + np.radians(copies)[:, None] * [1, 0]]),
            self._number,
        )
        self._index = shapely.STRtree(moved.draw())

    @cached_property
    def _middles(self) -> Numbers:
        return to_vectors((self._pieces.start + self._pieces.end) / 2, self._geod)

    @cached_property
    def _halves(self) -> Numbers:
        return measure_halves(self._pieces, self._geod)

    @cached_property
    def _groups(self) -> Groups:
        return Groups((self._pieces.start + self._pieces.end) / 2, self._middles, self._halves)

    def place(self, pieces: Pieces) -> Placed:
        """Return pieces with their drawing in the map.

        Args:
            pieces: Pieces of sources.
        """
        return Placed(pieces, self._draw(pieces))

    def bound_distances(self, placed: Placed) -> Numbers:
        """Return a distance in metres within which each piece has a target, shape (P,).

        Args:
            placed: Pieces of sources.
        """
        pieces = placed.pieces
        place, near = self._index.query_nearest(placed.starts, all_matches=False)
        near = self._number[near]
        bound = np.full(len(pieces), np.inf)
        vectors = to_vectors(pieces.start[place], self._geod)
        angle = measure_angles(vectors, to_vectors(self._pieces.start[near], self._geod))
        bound[place] = angle * self._geod.a
        return bound

    def find_candidates(self, placed: Placed, reach: Numbers, *, closest: bool) -> tuple[Indices, Indices]:
        """Return pairs of pieces among which are all within a reach.

        Args:
            placed: Pieces of sources.
            reach: Metres, shape (P,), the same for all pieces of a source.
            closest: Whether only the pairs of the closest targets are wanted.
        """
        pieces, angle = placed.pieces, reach / self._geod.b
        ends = np.stack([pieces.start[:, 1], pieces.end[:, 1]])
        top = np.abs(reduce_latitudes(ends, self._geod)).max(axis=0) + angle
        radius = angle / np.cos(np.minimum(top, _TOP)) * (1 + 1e-9) + 1e-12
        radius += self._slack + self._measure_slack(pieces)
        longest = min(np.radians(_EDGE), _SPREAD / np.sqrt(len(self._pieces)))
        in_map = (top < _TOP) & (radius < longest)
        inner, outer = np.flatnonzero(in_map), np.flatnonzero(~in_map)
        sift = Sift(pieces, angle, closest, self._geod)
        pairs = [sift.keep_near(*self._query(placed.shapes, inner, radius), self._middles, self._halves)]
        size = max(_CELLS // len(self._groups), 1) if len(outer) else 1
        for block in range(0, len(outer), size):
            rows = outer[block : block + size]
            longer = self._geod.a / self._geod.b if closest else np.inf
            piece, near = self._groups.find(sift.middles[rows], sift.halves[rows], angle[rows], longer)
            pairs.append(sift.keep_near(rows[piece], near, self._middles, self._halves))
            check_pairs(sum(len(each) for each, _ in pairs))
        piece, near = (np.concatenate(column) for column in zip(*pairs, strict=True))
        return piece, near

    def _query(self, shapes: NDArray[np.object_], rows: Indices, radius: Numbers) -> tuple[Indices, Indices]:
        place, near = self._index.query(shapes[rows], predicate="dwithin", distance=radius[rows])
        check_pairs(len(place))
        return rows[place], self._number[near]

    def _draw(self, pieces: Pieces) -> Pieces:
        return Pieces(self._place(pieces.start), self._place(pieces.end), pieces.owner)

    def _place(self, places: Numbers) -> Numbers:
        beta = reduce_latitudes(np.clip(places[:, 1], -_HIGHEST, _HIGHEST), self._geod)
        return np.stack([np.radians(places[:, 0]), np.arcsinh(np.tan(beta))], axis=1)

    def _measure_slack(self, pieces: Pieces) -> Numbers:
        """Return how far the pieces depart from straight lines in the map, at most: the largest of all."""
        curved = (pieces.start != pieces.end).any(axis=1)
        some = pieces.take(curved)
        if not len(some):
            return np.zeros(1)
        drawn = self._draw(some)
        away = self._place((some.start + some.end) / 2) - (drawn.start + drawn.end) / 2
        return np.array([1.5 * np.hypot(away[:, 0], away[:, 1]).max()])
