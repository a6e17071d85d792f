"""The edge of the map of a spatial reference: the meridian at which it is cut, and its last parallels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gpserverless.values.known_systems import KnownSystem
from gpserverless.values.proj_systems import WEB_MERCATOR
from gpserverless.values.spatial_reference import (
    WGS84,
    SpatialReference,
    find_known,
    get_transformer,
)

MERCATOR_LATITUDE = 85.06
"""Degrees of latitude at which Web Mercator ends; the square of its tiles ends at 85.0511."""

HIGHEST_LATITUDE = 89.9
"""Degrees of latitude at which another cylindrical map ends, if the poles are infinitely far away there."""

_BESIDE = 0.01
"""Degrees from a meridian, at which the places on both sides of it are compared; more than a datum moves."""

_FAR = 20.0
"""Distance of two places beside a cut, at least, in distances of two neighbours."""

_NAMES_OF_WGS84 = frozenset({"WGS 84", "WGS 84 (CRS84)", "GCS_WGS_1984"})

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class MapEdge:
    """The meridian at which the map of a spatial reference is cut.

    A conic, pseudocylindrical or cylindrical map is cut half a turn from its middle meridian. A polar or a
    transverse map is not cut at a meridian.

    Attributes:
        degrees: Geographic system in degrees from Greenwich, for the longitudes below.
        middle: Longitude of the middle meridian.
        is_cut: Whether the map is cut half a turn from there.
        period: Distance of x for a whole turn of a cylindrical map or of longitudes, 360 for those in
            degrees; 0 for another map.
        origin: The x of the middle meridian, if the map has a period.
        latitude: Highest latitude, north and south, that the map has a place for.
    """

    degrees: SpatialReference
    middle: float
    is_cut: bool
    period: float = 0.0
    origin: float = 0.0
    latitude: float = 90.0

    def to_longitudes(self, x: Numbers) -> Numbers:
        """Return the longitudes of a map with a period, in any turn; exact on the sphere, else nearly.

        Args:
            x: Coordinates of the map.
        """
        return (x - self.origin) / self.period * 360 + self.middle

    def has_meridian_of(self, other: MapEdge) -> bool:
        """Return whether another map is cut at the same meridian.

        Args:
            other: The edge of the other map.
        """
        apart = (self.middle - other.middle + 180) % 360 - 180
        return self.is_cut and other.is_cut and abs(apart) < 1e-6


@lru_cache(maxsize=64)
def find_map_edge(reference: SpatialReference) -> MapEdge:
    """Return the edge of the map of a spatial reference, found by trying places on both sides of it.

    Args:
        reference: The spatial reference.

    Raises:
        InvalidValue: PROJ does not know it.
    """
    known = find_known(reference)
    if known is not None:
        return _describe_known(known)
    middle = _find_middle(reference)
    if reference.is_geographic:
        turn = 2 * np.pi / float(reference.crs.axis_info[0].unit_conversion_factor)
        return MapEdge(find_degrees(reference), middle, is_cut=True, period=turn)
    degrees = find_degrees(reference)
    latitudes = np.array([-50.0, -20.0, 20.0, 50.0])
    east, neighbour, west, quarter, centre = (
        _place(reference, degrees, middle + away, latitudes)
        for away in (180 - _BESIDE, 180 - 3 * _BESIDE, _BESIDE - 180, 90.0, 0.0)
    )
    gap = east - west
    if not (np.hypot(*gap) > _FAR * np.hypot(*(east - neighbour))).any():
        return MapEdge(degrees, middle, is_cut=False)
    period = float(gap[0, 0]) * 180 / (180 - _BESIDE)
    slant = np.abs(np.concatenate([gap[1], (quarter - centre)[1], (quarter - centre)[0] * 4 - period]))
    if not slant.max() < 1e-6 * abs(period):
        return MapEdge(degrees, middle, is_cut=True)
    latitude = _find_highest_latitude(reference, degrees, middle)
    return MapEdge(degrees, middle, is_cut=True, period=period, origin=float(centre[0, 0]), latitude=latitude)


def _describe_known(known: KnownSystem) -> MapEdge:
    degrees = WGS84 if known.geographic == WGS84.wkid else SpatialReference(known.geographic)
    latitude = 90.0 if known.is_geographic or not known.period else MERCATOR_LATITUDE
    return MapEdge(degrees, known.middle, is_cut=known.period > 0, period=known.period, latitude=latitude)


def find_degrees(reference: SpatialReference) -> SpatialReference:
    """Return the geographic system of a reference's datum if it counts degrees from Greenwich, else WGS 84.

    Args:
        reference: The spatial reference.
    """
    base = reference.crs.geodetic_crs
    if base is not None and base.name in _NAMES_OF_WGS84:
        return WGS84
    if base is None or base.prime_meridian is None or base.prime_meridian.longitude != 0:
        return WGS84
    in_degrees = abs(float(base.axis_info[0].unit_conversion_factor) * 180 / np.pi - 1) < 1e-9
    return reference.geographic if in_degrees else WGS84


def _find_middle(reference: SpatialReference) -> float:
    """Return the longitude of the middle meridian in degrees from Greenwich."""
    crs = reference.crs
    zero = crs.prime_meridian
    start = 0.0 if zero is None else _to_degrees(zero.longitude, float(zero.unit_conversion_factor))
    operation = crs.coordinate_operation
    named = [] if operation is None else operation.params
    of_meridian = (p for p in named if "ongitude" in p.name or "eridian" in p.name)
    found = next((_to_degrees(float(p.value), p.unit_conversion_factor) for p in of_meridian), 0.0)
    return (found + start + 180) % 360 - 180


def _to_degrees(value: float, radians_per_unit: float) -> float:
    return float(np.degrees(value * radians_per_unit))


def _place(
    reference: SpatialReference, degrees: SpatialReference, longitude: float, latitudes: Numbers
) -> Numbers:
    """Return x and y of places on one meridian, shape (2, K), NaN where the map has none."""
    turned = np.full(len(latitudes), (longitude + 180) % 360 - 180)
    placed = np.array(get_transformer(degrees, reference).transform(turned, latitudes))
    return np.where(np.isfinite(placed), placed, np.nan)


def _find_highest_latitude(reference: SpatialReference, degrees: SpatialReference, middle: float) -> float:
    if {reference.wkid, reference.latest_wkid} & WEB_MERCATOR:
        return MERCATOR_LATITUDE
    poles = _place(reference, degrees, middle, np.array([-90.0, 90.0]))
    return HIGHEST_LATITUDE if np.isnan(poles).any() or np.abs(poles).max() > 1e8 else 90.0
