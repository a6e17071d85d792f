"""The systems of most layers, of which the first questions are answered without PROJ: it takes 50 ms to load.

Each fact is that of PROJ, which a test compares with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_RADIANS = math.pi / 180
_EARTH = 2 * math.pi * 6378137.0
"""Length of the equator of WGS 84 in metres, which is the width of the map of Web Mercator."""


@dataclass(frozen=True)
class KnownSystem:
    """The facts about a system.

    Attributes:
        geographic: WKID of the geographic system of its datum.
        unit: Radians in one unit of a geographic system, metres in one of another.
        middle: Longitude of the middle meridian in degrees.
        period: Distance of x for a whole turn; 0 for a map that is not cut at a meridian.
        is_geographic: Whether coordinates are longitude and latitude.
    """

    geographic: int
    unit: float = 1.0
    middle: float = 0.0
    period: float = 0.0
    is_geographic: bool = False


def _list_systems() -> dict[int, KnownSystem]:
    degrees = {wkid: KnownSystem(wkid, _RADIANS, period=360.0, is_geographic=True) for wkid in (4326, 4258)}
    mercator = dict.fromkeys((3857, 102100), KnownSystem(4326, period=_EARTH))
    zones = ((4326, 32600, range(1, 61)), (4326, 32700, range(1, 61)), (4258, 25800, range(28, 38)))
    utm = {
        first + zone: KnownSystem(datum, middle=6.0 * zone - 183)
        for datum, first, numbers in zones
        for zone in numbers
    }
    return degrees | mercator | utm


KNOWN_SYSTEMS = _list_systems()
"""Longitude and latitude of WGS 84 and ETRS89, Web Mercator, and the zones of UTM, by WKID."""
