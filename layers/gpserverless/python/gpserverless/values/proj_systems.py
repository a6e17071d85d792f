"""Coordinate systems as PROJ has them, by a WKID or a WKT.

PROJ is imported when it is first needed. It never uses the network.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gpserverless.errors import InvalidValue
from gpserverless.values.wkt import drop_grids

if TYPE_CHECKING:
    from pyproj import CRS, Geod

WEB_MERCATOR = frozenset({3857, 102100, 102113, 900913, 3785})
"""WKIDs of Web Mercator; ArcGIS writes 102100, with 3857 as the latest."""

ACCEPTED = "a WKID of EPSG or Esri such as 4326 or 3857, or a WKT"

_FIRST_ESRI_WKID = 32768  # EPSG codes of reference systems end below; Esri's own begin above


@lru_cache(maxsize=128)
def load_systems(wkid: int | None, latest: int | None, wkt: str | None) -> tuple[CRS, ...]:
    """Return the horizontal system, and the vertical one of a compound system behind it.

    Args:
        wkid: The well-known id, None if there is only a WKT.
        latest: The id that replaced it, if it was given.
        wkt: The WKT if there is no id.

    Raises:
        InvalidValue: PROJ knows no such horizontal system.
    """
    whole = _load_whole_crs(wkid, latest, wkt)
    parts = tuple(whole.sub_crs_list) if whole.is_compound else (whole,)
    if not (parts[0].is_projected or parts[0].is_geographic):
        raise InvalidValue(f"{wkid or 'the WKT'} is not a horizontal spatial reference", ACCEPTED)
    return parts


def _load_whole_crs(wkid: int | None, latest: int | None, wkt: str | None) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(active=False)
    if wkt is None:
        return _load_by_code([code for code in (latest, wkid) if code is not None])
    try:
        return CRS.from_wkt(drop_grids(wkt))
    except CRSError as problem:
        raise InvalidValue("PROJ cannot read the WKT of the spatial reference", ACCEPTED) from problem


def _load_by_code(codes: list[int]) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    for code in codes:
        for authority in ("EPSG", "ESRI"):
            try:
                return CRS.from_authority(authority, 3857 if code in WEB_MERCATOR else code)
            except CRSError:
                continue
    raise InvalidValue(f"{codes[-1]} is not a known spatial reference", ACCEPTED)


@lru_cache(maxsize=128)
def find_code(crs: CRS) -> int | None:
    """Return the code of a system at EPSG or Esri; None if PROJ is not sure of it.

    Args:
        crs: The system.
    """
    authority = crs.to_authority(min_confidence=100)
    return int(authority[1]) if authority and authority[0] in ("EPSG", "ESRI") else None


@lru_cache(maxsize=32)
def load_geod(crs: CRS) -> Geod:
    """Return the ellipsoid of a system.

    Args:
        crs: The system.

    Raises:
        InvalidValue: It has none.
    """
    geod = crs.get_geod()
    if geod is None:
        raise InvalidValue("the spatial reference has no ellipsoid", ACCEPTED)
    return geod


@lru_cache(maxsize=128)
def identify(wkid: int | None, latest: int | None, wkt: str | None) -> int | str | None:
    """Return the identity that equal references share: an EPSG code where there is one.

    PROJ is asked only where the numbers alone do not tell.

    Args:
        wkid: The well-known id, None if there is only a WKT.
        latest: The id that replaced it, if it was given.
        wkt: The WKT if there is no id.
    """
    code = latest or wkid
    if code is not None and (code in WEB_MERCATOR or code < _FIRST_ESRI_WKID):
        return 3857 if code in WEB_MERCATOR else code
    try:
        return load_systems(wkid, latest, wkt)[0].to_epsg(min_confidence=100) or code or wkt
    except InvalidValue:
        return code or wkt
