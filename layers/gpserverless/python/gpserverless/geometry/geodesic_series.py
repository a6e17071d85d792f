"""The direct geodesic problem for short distances from many places at once, by Legendre's series.

The general solution costs the same for a metre as for a megametre. For short distances the series of
Legendre, here to the fifth order, is as good; the tests compare it with GeographicLib. Each of its terms is
a number of the place times a number of the azimuth, so all circles are two matrix products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Geod

Numbers = NDArray[np.float64]

LONGEST = 100_000.0
"""Most metres of a distance for the series; it is then right to a millimetre."""

STEEPEST = 0.04
"""Largest distance over radius times 1 + tan(latitude): near the poles the series converges slowly."""

# Powers of the cosine and the sine of the azimuth in each term.
_NORTH = ((1, 0), (0, 2), (2, 0), (1, 2), (3, 0), (0, 4), (2, 2), (4, 0), (1, 4), (3, 2))
_EAST = ((0, 1), (1, 1), (0, 3), (2, 1), (1, 3), (3, 1), (0, 5), (4, 1), (2, 3))


def is_short(latitudes: Numbers, distances: Numbers, geod: Geod) -> NDArray[np.bool_]:
    """Return which geodesics are short enough for the series, shape (N,).

    Args:
        latitudes: Shape (N,), degrees.
        distances: Shape (N,), metres.
        geod: The ellipsoid.
    """
    slope = 1 + np.abs(np.tan(np.radians(np.clip(latitudes, -89.9, 89.9))))
    return np.asarray((distances <= LONGEST) & (distances / geod.b * slope <= STEEPEST))


def solve_short_geodesics(
    latitudes: Numbers, distances: Numbers, azimuths: Numbers, geod: Geod
) -> tuple[Numbers, Numbers]:
    """Return the ends of geodesics: degrees east of their starts, and latitudes, shape (N, K) each.

    Args:
        latitudes: Shape (N,), degrees, of the starts.
        distances: Shape (N,), metres, within `is_short`.
        azimuths: Shape (K,), degrees clockwise from north.
        geod: The ellipsoid.
    """
    cosine, sine = np.cos(np.radians(azimuths)), np.sin(np.radians(azimuths))
    phi, second = np.radians(latitudes), geod.es / (1 - geod.es)
    t, h = np.tan(phi), second * np.cos(phi) ** 2
    r = distances / (geod.a / np.sqrt(1 - geod.es * np.sin(phi) ** 2))
    north = np.stack(_compute_north_terms(r, t, h), axis=1) * (1 + h)[:, None]
    east = np.stack(_compute_east_terms(r, t, h), axis=1) / np.cos(phi)[:, None]
    to_north = north @ np.stack([cosine**i * sine**j for i, j in _NORTH])
    to_east = east @ np.stack([cosine**i * sine**j for i, j in _EAST])
    return np.degrees(to_east), latitudes[:, None] + np.degrees(to_north)


def _compute_north_terms(r: Numbers, t: Numbers, h: Numbers) -> list[Numbers]:
    """Return the factors of `_NORTH`: `r` distance in radii, `t` tangent, `h` of the second eccentricity."""
    tt = t * t
    return [
        r,
        -(r**2) * t / 2,
        -3 * r**2 * h * t / 2,
        -(r**3) * (1 + 3 * tt + h - 9 * h * tt) / 6,
        -(r**3) * h * (1 - tt) / 2,
        r**4 * t * (1 + 3 * tt + h - 9 * h * tt) / 24,
        -(r**4) * t * (4 + 6 * tt - 13 * h - 9 * h * tt) / 12,
        r**4 * h * t / 2,
        r**5 * (1 + 30 * tt + 45 * tt**2) / 120,
        -(r**5) * (2 + 15 * tt + 15 * tt**2) / 30,
    ]


def _compute_east_terms(r: Numbers, t: Numbers, h: Numbers) -> list[Numbers]:
    """Return the factors of `_EAST`, of the same arguments."""
    tt = t * t
    return [
        r,
        r**2 * t,
        -(r**3) * tt / 3,
        r**3 * (1 + 3 * tt + h) / 3,
        -(r**4) * t * (1 + 3 * tt + h) / 3,
        r**4 * t * (2 + 3 * tt + h) / 3,
        r**5 * tt * (1 + 3 * tt) / 15,
        r**5 * (2 + 15 * tt + 15 * tt**2) / 15,
        -(r**5) * (1 + 20 * tt + 30 * tt**2) / 15,
    ]
