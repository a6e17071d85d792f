"""The shortest geodesics between pairs of short edges that are straight in longitude and latitude.

Each is begun where the chords of the edges come closest, then the place on either edge moves by Newton's
step until the geodesic stands upright on it, or an end is reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.caps import to_vectors
from gpserverless.analysis.edge_pieces import Numbers, Pieces

if TYPE_CHECKING:
    from pyproj import Geod

_STEPS = 3
"""Moves of the place on an edge, each a hundred times closer, or more."""


def solve_pairs(a: Pieces, b: Pieces, geod: Geod) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return the distance, both ends and the azimuth at the first of the shortest geodesic of each pair.

    Args:
        a: P pieces, in longitude and latitude.
        b: P pieces.
        geod: The ellipsoid.

    Returns:
        Metres, shape (P,); places, shape (P, 2) each; degrees from north, -180 to 180, shape (P,).
    """
    edge_a, edge_b = ((p.start != p.end).any(axis=1) for p in (a, b))
    along_a, along_b = np.zeros(len(a)), np.zeros(len(b))
    curved = np.flatnonzero(edge_a | edge_b)
    along_a[curved], along_b[curved] = _begin(a.take(curved), b.take(curved), geod)
    for _ in range(_STEPS):
        along_b[edge_b] = _step(b.take(edge_b), along_b[edge_b], _place(a, along_a)[edge_b], geod)
        along_a[edge_a] = _step(a.take(edge_a), along_a[edge_a], _place(b, along_b)[edge_a], geod)
    start, end = _place(a, along_a), _place(b, along_b)
    angle, _, distance = geod.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    angle = np.where(distance == 0, 0.0, angle)
    return distance, start, end, angle


def _place(pieces: Pieces, along: Numbers) -> Numbers:
    return pieces.start + (pieces.end - pieces.start) * along[:, None]


def _begin(a: Pieces, b: Pieces, geod: Geod) -> tuple[Numbers, Numbers]:
    """Return where the chords of two edges come closest, as shares of the edges."""
    p, q = to_vectors(a.start, geod), to_vectors(b.start, geod)
    u, v = to_vectors(a.end, geod) - p, to_vectors(b.end, geod) - q
    w = p - q
    uu, vv, uv, uw, vw = _dot(u, u), _dot(v, v), _dot(u, v), _dot(u, w), _dot(v, w)
    first = _clip(uv * vw - vv * uw, uu * vv - uv * uv)
    second = _clip(first * uv + vw, vv)
    first = _clip(second * uv - uw, uu)
    return first, _clip(first * uv + vw, vv)


def _dot(a: Numbers, b: Numbers) -> Numbers:
    return np.asarray(np.einsum("ij,ij->i", a, b))


def _clip(number: Numbers, by: Numbers) -> Numbers:
    return np.asarray(np.clip(_divide(number, by), 0.0, 1.0))


def _step(pieces: Pieces, along: Numbers, other: Numbers, geod: Geod) -> Numbers:
    """Return the shares after one of Newton's steps towards the place closest to another one."""
    here = _place(pieces, along)
    azimuth, _, distance = geod.inv(here[:, 0], here[:, 1], other[:, 0], other[:, 1])
    east, north = _measure_degrees(here[:, 1], geod)
    way = (pieces.end - pieces.start) * np.stack([east, north], axis=1)
    turned = np.radians(azimuth)
    ahead = distance * (way[:, 0] * np.sin(turned) + way[:, 1] * np.cos(turned))
    return np.asarray(np.clip(along + _divide(ahead, _dot(way, way)), 0.0, 1.0))


def _divide(number: Numbers, by: Numbers) -> Numbers:
    return np.asarray(np.divide(number, by, out=np.zeros_like(number), where=by > 0))


def _measure_degrees(latitude: Numbers, geod: Geod) -> tuple[Numbers, Numbers]:
    """Return metres of a degree of longitude and of latitude."""
    sine = np.sin(np.radians(latitude))
    root: NDArray[np.float64] = np.sqrt(1 - geod.es * sine**2)
    across = geod.a / root * np.cos(np.radians(latitude))
    return np.radians(1) * across, np.radians(1) * geod.a * (1 - geod.es) / root**3
