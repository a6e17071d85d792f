"""Angles on the sphere of reduced latitudes, and caps about groups of pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gpserverless.analysis.edge_pieces import Indices, Numbers, Pieces
from gpserverless.analysis.inputs import check_pairs

if TYPE_CHECKING:
    from pyproj import Geod

_GROUP = 64
"""Pieces of a group."""

_MORE = 1 + 1e-9


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


def measure_halves(pieces: Pieces, geod: Geod) -> Numbers:
    """Return the angles from the middles of pieces to their ends, and a little more, shape (P,).

    Args:
        pieces: The pieces, in longitude and latitude.
        geod: The ellipsoid.
    """
    halves = np.zeros(len(pieces))
    edge = np.flatnonzero((pieces.start != pieces.end).any(axis=1))
    some = pieces.take(edge)
    centre = to_vectors((some.start + some.end) / 2, geod)
    angles = [measure_angles(centre, to_vectors(ends, geod)) for ends in (some.start, some.end)]
    halves[edge] = np.maximum(*angles) * 1.01
    return halves


class Sift:
    """The pieces of sources, and how far they reach.

    Args:
        pieces: P pieces, in longitude and latitude.
        angle: Shape (P,), radians of their reach, the same for all pieces of a source.
        closest: Whether only the closest targets are wanted.
        geod: The ellipsoid.
    """

    def __init__(self, pieces: Pieces, angle: Numbers, closest: bool, geod: Geod) -> None:
        self._owner, self._closest = pieces.owner, closest
        self._reach = np.zeros(int(pieces.owner.max(initial=-1)) + 1)
        self._reach[pieces.owner] = angle
        self._flat = geod.a / geod.b
        self.middles = to_vectors((pieces.start + pieces.end) / 2, geod)
        self.halves = measure_halves(pieces, geod)

    def keep_near(
        self, piece: Indices, near: Indices, middles: Numbers, halves: Numbers
    ) -> tuple[Indices, Indices]:
        """Return the pairs that the sphere does not show to be too far apart.

        Args:
            piece: Shape (L,), pieces of sources.
            near: Shape (L,), pieces of targets.
            middles: Shape (Q, 3), the middles of the pieces of targets.
            halves: Shape (Q,), their half lengths.
        """
        apart, owner = measure_angles(self.middles[piece], middles[near]), self._owner[piece]
        if self._closest:
            np.minimum.at(self._reach, owner, apart * self._flat * _MORE)
        least = apart - self.halves[piece] - halves[near]
        kept = least <= self._reach[owner] * _MORE + 1e-12
        return piece[kept], near[kept]


class Groups:
    """Neighbouring pieces in groups, each within a cap.

    Args:
        places: Shape (Q, 2), longitude and latitude of the pieces.
        middles: Shape (Q, 3), the same as unit vectors.
        halves: Shape (Q,), half lengths of the pieces, in radians.
    """

    def __init__(self, places: Numbers, middles: Numbers, halves: Numbers) -> None:
        strips = max(int(np.sqrt(len(places) / _GROUP)), 1)
        rank = np.argsort(np.argsort(places[:, 1], kind="stable"), kind="stable")
        self._order = np.lexsort((places[:, 0], rank * strips // max(len(places), 1)))
        self._first = np.arange(0, len(places), _GROUP)
        self._size = np.diff(np.append(self._first, len(places)))
        self._sorted, self._halves = middles[self._order], halves[self._order]
        sums = np.add.reduceat(self._sorted, self._first, axis=0)
        long = np.linalg.norm(sums, axis=1, keepdims=True)
        self._centres = np.divide(sums, long, out=np.tile([1.0, 0.0, 0.0], (len(sums), 1)), where=long > 0)
        of_centre = np.repeat(self._centres, self._size, axis=0)
        away = measure_angles(self._sorted, of_centre) + self._halves
        self._radii = np.maximum.reduceat(away, self._first)

    def __len__(self) -> int:
        return len(self._first)

    def find(
        self, vectors: Numbers, halves: Numbers, reach: Numbers, longer: float
    ) -> tuple[Indices, Indices]:
        """Return the pairs of a place and a piece of the groups that it reaches.

        Args:
            vectors: Shape (K, 3), unit vectors of the middles of other pieces.
            halves: Shape (K,), their half lengths.
            reach: Shape (K,), radians.
            longer: A reach that is longer than this many times the distance of some piece is shortened;
                infinity for none.
        """
        apart = np.arccos(np.clip(self._centres @ vectors.T, -1, 1))
        if np.isfinite(longer):
            least = self._find_least(vectors, apart.argmin(axis=0))
            reach = np.minimum(reach, longer * least + 1e-7)
        radius = reach + halves + 1e-7
        meets = apart - self._radii[:, None] <= radius
        pairs = [(np.empty(0, np.int64), np.empty(0, np.int64))]
        total = 0
        for group in np.flatnonzero(meets.any(axis=1)):
            rows, first = np.flatnonzero(meets[group]), self._first[group]
            members = slice(first, first + self._size[group])
            longest = np.minimum(radius[rows] + self._halves[members].max(), np.pi)
            cosine = vectors[rows] @ self._sorted[members].T
            row, member = np.nonzero(cosine >= np.cos(longest)[:, None] - 1e-12)
            pairs.append((rows[row], self._order[first + member]))
            total += len(row)
            check_pairs(total)
        places, pieces = (np.concatenate(column) for column in zip(*pairs, strict=True))
        return places, pieces

    def _find_least(self, vectors: Numbers, group: Indices) -> Numbers:
        """Return the angle from each place to the closest middle of a group's pieces, shape (K,)."""
        least = np.empty(len(vectors))
        for each in np.unique(group):
            of_group = group == each
            start = self._first[each]
            members = self._sorted[start : start + self._size[each]]
            least[of_group] = np.arccos(np.clip(vectors[of_group] @ members.T, -1, 1)).min(axis=1)
        return least
