"""Lines between two places on the ellipsoid: geodesics, loxodromes and plane sections.

Each function returns the places at shares of lines: longitudes without a jump from the start, and latitudes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Geod

Numbers = NDArray[np.float64]

_FLAT = 1e-9
"""Radians of latitude: a loxodrome that climbs less runs along a parallel."""

_SPREAD = 1.01
"""Most by which a piece of a section exceeds the mean length, since equal angles are not equal lengths."""


@dataclass(frozen=True)
class Ends:
    """The ends of E lines in degrees, shape (E, 2) each, and the ellipsoid."""

    start: Numbers
    end: Numbers
    geod: Geod

    def take(self, rows: NDArray[np.int64]) -> Ends:
        """Return some of the lines.

        Args:
            rows: Indices.
        """
        return Ends(self.start[rows], self.end[rows], self.geod)

    @property
    def turn(self) -> Numbers:
        """Radians of longitude from the start to the end, the shorter way, shape (E,)."""
        return np.radians((self.end[:, 0] - self.start[:, 0] + 180) % 360 - 180)


Measure = Callable[[Ends], Numbers]
"""Returns the lengths of lines in metres."""

Draw = Callable[[Ends, Numbers], Numbers]
"""Returns the places at shares of lines, one of each."""


def measure_geodesics(ends: Ends) -> Numbers:
    """Return the lengths of geodesics in metres, shape (E,).

    Args:
        ends: The lines.
    """
    return np.asarray(ends.geod.inv(*ends.start.T, *ends.end.T)[2])


def measure_sections(ends: Ends) -> Numbers:
    """Return the least number of metres that, divided evenly, gives no longer piece than by equal angles.

    Args:
        ends: The lines.
    """
    return measure_geodesics(ends) * _SPREAD


def measure_loxodromes(ends: Ends) -> Numbers:
    """Return the lengths of loxodromes in metres, shape (E,).

    Args:
        ends: The lines.
    """
    low, high = (np.radians(side[:, 1]) for side in (ends.start, ends.end))
    climb = _measure_meridian(high, ends.geod) - _measure_meridian(low, ends.geod)
    isometric = _stretch(high, ends.geod) - _stretch(low, ends.geod)
    middle = (low + high) / 2
    radius = ends.geod.a * np.cos(middle) / np.sqrt(1 - ends.geod.es * np.sin(middle) ** 2)
    scale = np.divide(climb, isometric, out=radius, where=np.abs(high - low) > _FLAT)
    return np.asarray(np.hypot(climb, scale * ends.turn))


def draw_geodesics(ends: Ends, share: Numbers) -> Numbers:
    """Return places on geodesics, shape (E, 2).

    Args:
        ends: The lines.
        share: Shape (E,), of the length.
    """
    azimuth, _, length = ends.geod.inv(*ends.start.T, *ends.end.T)
    x, y, _ = ends.geod.fwd(ends.start[:, 0], ends.start[:, 1], azimuth, length * share)
    return np.stack([_unroll(np.asarray(x), ends), y], axis=1)


def draw_loxodromes(ends: Ends, share: Numbers) -> Numbers:
    """Return places on lines of constant azimuth, shape (E, 2).

    Latitudes are found on the meridian, whose arc grows evenly; longitudes by the isometric latitude (Snyder,
    Map Projections, eq. 7-7).

    Args:
        ends: The lines.
        share: Shape (E,), of the length.
    """
    low, high = (np.radians(side[:, 1]) for side in (ends.start, ends.end))
    from_arc, to_arc = (_measure_meridian(side, ends.geod) for side in (low, high))
    arc = from_arc + share * (to_arc - from_arc)
    zero = np.zeros(len(arc))
    _, latitude, _ = ends.geod.fwd(zero, zero, np.where(arc < 0, 180.0, 0.0), np.abs(arc))
    below, above = _stretch(low, ends.geod), _stretch(high, ends.geod)
    here = _stretch(np.radians(latitude), ends.geod)
    climbs = np.abs(high - low) > _FLAT
    part = np.divide(here - below, above - below, out=share.copy(), where=climbs)
    return np.stack([ends.start[:, 0] + np.degrees(part * ends.turn), latitude], axis=1)


def draw_great_ellipses(ends: Ends, share: Numbers) -> Numbers:
    """Return places on sections by a plane through the centre of the ellipsoid, shape (E, 2).

    Args:
        ends: The lines.
        share: Shape (E,), of the angle at the centre.
    """
    return _cut_by_plane(ends, share, np.zeros((len(share), 3)))


def draw_normal_sections(ends: Ends, share: Numbers) -> Numbers:
    """Return places on sections by the plane that holds the normal at the start and the end, shape (E, 2).

    Args:
        ends: The lines.
        share: Shape (E,), of the angle at the centre of the section.
    """
    start, end = (_place(side, ends.geod) for side in (ends.start, ends.end))
    normal = _find_normals(ends.start)
    across = np.cross(normal, end - start)
    size = np.linalg.norm(across, axis=1, keepdims=True)
    across = np.divide(across, size, out=np.zeros_like(across), where=size > 0)
    centre = across * np.sum(across * start, axis=1, keepdims=True)
    return _cut_by_plane(ends, share, centre)


def _cut_by_plane(ends: Ends, share: Numbers, centre: Numbers) -> Numbers:
    """Return places at shares of the angle between both ends, seen from a point in their plane."""
    start, end = (_place(side, ends.geod) - centre for side in (ends.start, ends.end))
    a, b = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (start, end))
    angle = np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), np.sum(a * b, axis=1))
    sine = np.sin(angle)
    near = sine < 1e-12
    sine = np.where(near, 1.0, sine)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / sine)
    second = np.where(near, share, np.sin(share * angle) / sine)
    ray = first[:, None] * a + second[:, None] * b
    found = centre + _reach(centre, ray, ends.geod)[:, None] * ray
    x, y, z = found.T
    latitude = np.degrees(np.arctan2(z, (1 - ends.geod.es) * np.hypot(x, y)))
    return np.stack([_unroll(np.degrees(np.arctan2(y, x)), ends), latitude], axis=1)


def _reach(centre: Numbers, ray: Numbers, geod: Geod) -> Numbers:
    """Return how far along each ray from inside the ellipsoid lies, in lengths of the ray."""
    scale = np.array([1.0, 1.0, geod.a / geod.b])
    c, r = centre * scale, ray * scale
    square, cross = np.sum(r * r, axis=1), np.sum(c * r, axis=1)
    inner = np.sum(c * c, axis=1) - geod.a**2
    return np.asarray((np.sqrt(cross**2 - square * inner) - cross) / square)


def _place(degrees: Numbers, geod: Geod) -> Numbers:
    """Return places on the ellipsoid in space, shape (E, 3), in metres from its centre."""
    normal = _find_normals(degrees)
    radius = geod.a / np.sqrt(1 - geod.es * normal[:, 2] ** 2)
    return np.asarray(radius[:, None] * normal * [1.0, 1.0, 1 - geod.es])


def _find_normals(degrees: Numbers) -> Numbers:
    longitude, latitude = np.radians(degrees).T
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)


def _unroll(longitude: Numbers, ends: Ends) -> Numbers:
    """Return longitudes in the turn of the start of their lines."""
    return np.asarray(ends.start[:, 0] + (longitude - ends.start[:, 0] + 180) % 360 - 180)


def _measure_meridian(latitude: Numbers, geod: Geod) -> Numbers:
    """Return the arc from the equator to a latitude in radians, in metres, south negative."""
    zero = np.zeros(len(latitude))
    arc = geod.inv(zero, zero, zero, np.degrees(np.abs(latitude)))[2]
    return np.asarray(np.sign(latitude) * arc)


def _stretch(latitude: Numbers, geod: Geod) -> Numbers:
    """Return the isometric latitude of a latitude, both in radians; finite at the poles."""
    sine = np.clip(np.sin(latitude), -1 + 1e-15, 1 - 1e-15)
    e = np.sqrt(geod.es)
    return np.asarray(np.arctanh(sine) - e * np.arctanh(e * sine))


DRAWINGS: Mapping[str, tuple[Measure, Draw]] = MappingProxyType(
    {
        "GEODESIC": (measure_geodesics, draw_geodesics),
        "LOXODROME": (measure_loxodromes, draw_loxodromes),
        "GREAT_ELLIPTIC": (measure_sections, draw_great_ellipses),
        "NORMAL_SECTION": (measure_sections, draw_normal_sections),
    }
)
"""By ArcGIS' keyword, the length of a line and its places."""
