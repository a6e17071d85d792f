"""Mercator's map of the sphere of reduced latitudes, with an index of pieces."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.pieces import Indices, Numbers, Pieces, order_by_place

if TYPE_CHECKING:
    from pyproj import Geod

_EDGE = 60.0
"""Degrees from 180 whose pieces are in the map on both sides."""

_HIGHEST = 89.99
"""Degrees at which the map ends; a reach beyond `_TOP` compares with all pieces."""

_TOP = np.radians(89.0)


def reduce_latitudes(latitudes: Numbers, geod: Geod) -> Numbers:
    """Return reduced latitudes in radians.

    Args:
        latitudes: Degrees.
        geod: The ellipsoid.
    """
    inside = np.radians(np.clip(latitudes, -90, 90))
    return np.asarray(np.arctan2(np.sin(inside) * (1 - geod.f), np.cos(inside)))


def to_vectors(places: Numbers, geod: Geod) -> Numbers:
    """Return unit vectors on the sphere of reduced latitudes, shape (P, 3).

    Args:
        places: Shape (P, 2), longitude and latitude in degrees.
        geod: The ellipsoid.
    """
    beta, longitude = reduce_latitudes(places[:, 1], geod), np.radians(places[:, 0])
    flat = np.cos(beta)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(beta)], axis=1)


def measure_angles(a: Numbers, b: Numbers) -> Numbers:
    """Return the angles between unit vectors in radians, exact for small ones too, shape (P,).

    Args:
        a: Shape (P, 3).
        b: Shape (P, 3).
    """
    chord = a - b
    half = np.sqrt(np.einsum("ij,ij->i", chord, chord)) / 2
    return np.asarray(2 * np.arcsin(np.minimum(half, 1.0)))


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
        """Angle from the middle of each piece to its ends, and a little more, shape (P,)."""
        return self._measure_halves(self._pieces)

    def bound_distances(self, pieces: Pieces) -> Numbers:
        """Return a distance in metres within which each piece has a target, shape (P,).

        Args:
            pieces: Pieces of sources.
        """
        starts = shapely.points(self._draw(pieces).start)
        order = order_by_place(starts)
        place, near = self._index.query_nearest(starts[order], all_matches=False)
        near = self._number[near]
        bound = np.full(len(pieces), np.inf)
        vectors = to_vectors(pieces.start[order][place], self._geod)
        angle = measure_angles(vectors, to_vectors(self._pieces.start[near], self._geod))
        bound[order[place]] = angle * self._geod.a
        return bound

    def find_candidates(self, pieces: Pieces, reach: Numbers) -> tuple[Indices, Indices]:
        """Return pairs of pieces among which are all within a reach.

        Args:
            pieces: Pieces of sources.
            reach: Metres, shape (P,).
        """
        angle = reach / self._geod.b
        ends = np.stack([pieces.start[:, 1], pieces.end[:, 1]])
        top = np.abs(reduce_latitudes(ends, self._geod)).max(axis=0) + angle
        radius = angle / np.cos(np.minimum(top, _TOP)) * (1 + 1e-9) + 1e-12
        radius += self._slack + self._measure_slack(pieces)
        in_map = (top < _TOP) & (radius < np.radians(_EDGE))
        inner, outer = np.flatnonzero(in_map), np.flatnonzero(~in_map)
        pairs = [self._query(pieces, inner, radius), self._compare_all(outer)]
        piece, near = (np.concatenate(column) for column in zip(*pairs, strict=True))
        return self._sift(pieces, piece, near, angle)

    def _query(self, pieces: Pieces, rows: Indices, radius: Numbers) -> tuple[Indices, Indices]:
        drawn = self._draw(pieces.take(rows)).draw()
        order = order_by_place(drawn)
        place, near = self._index.query(drawn[order], predicate="dwithin", distance=radius[rows[order]])
        check_pairs(len(place))
        return rows[order[place]], self._number[near]

    def _compare_all(self, rows: Indices) -> tuple[Indices, Indices]:
        count = len(self._pieces)
        check_pairs(len(rows) * count)
        return np.repeat(rows, count), np.tile(np.arange(count), len(rows))

    def _sift(
        self, pieces: Pieces, piece: Indices, near: Indices, angle: Numbers
    ) -> tuple[Indices, Indices]:
        """Leave out pairs that the sphere already shows to be too far apart."""
        middles = to_vectors((pieces.start + pieces.end) / 2, self._geod)
        halves = self._measure_halves(pieces)
        apart = measure_angles(middles[piece], self._middles[near]) - halves[piece] - self._halves[near]
        kept = apart <= angle[piece] * (1 + 1e-9) + 1e-12
        return piece[kept], near[kept]

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

    def _measure_halves(self, pieces: Pieces) -> Numbers:
        middle = (pieces.start + pieces.end) / 2
        halves = np.zeros(len(pieces))
        edge = np.flatnonzero((pieces.start != pieces.end).any(axis=1))
        centre = to_vectors(middle[edge], self._geod)
        angles = [measure_angles(centre, to_vectors(e[edge], self._geod)) for e in (pieces.start, pieces.end)]
        halves[edge] = np.maximum(*angles) * 1.01
        return halves

