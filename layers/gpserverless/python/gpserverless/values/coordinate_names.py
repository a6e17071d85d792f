"""Names of coordinate systems, and vertical systems, in the PROJ database."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gpserverless.errors import InvalidValue

if TYPE_CHECKING:
    from pyproj import CRS

# Never a PROJ string ("+proj", "key=value"), a pipeline or a URN: these can name files.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ /()'.,-]{1,120}", re.ASCII)
_NAMED = ("EPSG", "ESRI")
_FIRST_TEXT = re.compile(r'"([^"]*)"')


@lru_cache(maxsize=64)
def find_wkid(name: str, *, vertical: bool = False) -> int:
    """Find the well-known id of a coordinate system by its name in ArcGIS or EPSG.

    Args:
        name: Such as "WGS_1984_UTM_Zone_32N", "GCS_WGS_1984" or "WGS 84 / UTM zone 32N".
        vertical: Whether the system is a vertical one.

    Raises:
        InvalidValue: There is no such system.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    accepted = 'a name such as "WGS_1984_UTM_Zone_32N"'
    unknown = InvalidValue(f"there is no coordinate system named '{name[:60]}'", accepted)
    if not _NAME.fullmatch(name):
        raise unknown
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        raise unknown from None
    authority = crs.to_authority(min_confidence=70)
    if authority is None or authority[0] not in _NAMED or crs.is_vertical != vertical:
        raise unknown
    if _spell(name) not in {_spell(known) for known in (crs.name, _name_in_arcgis(crs))}:
        raise unknown  # PROJ also finds a name that only begins so
    return int(authority[1])


def _spell(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _name_in_arcgis(crs: CRS) -> str:
    from pyproj.exceptions import CRSError

    try:
        found = _FIRST_TEXT.search(crs.to_wkt("WKT1_ESRI"))
    except CRSError:  # a system that ArcGIS does not know
        return ""
    return found[1] if found else ""


@lru_cache(maxsize=64)
def is_vertical(wkid: int) -> bool:
    """Return whether a coordinate system is a vertical one; False for an unknown id.

    Args:
        wkid: A well-known id of EPSG or Esri.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    for authority in _NAMED:
        try:
            return bool(CRS.from_authority(authority, wkid).is_vertical)
        except CRSError:
            continue
    return False
