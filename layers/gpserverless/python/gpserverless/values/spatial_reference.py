"""Spatial references: read, write, compare, and resolve them with PROJ.

PROJ is imported when it is first needed, so that a function that only passes spatial references on starts
without it. It never uses the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gpserverless.errors import InvalidValue
from gpserverless.values.numbers import read_whole
from gpserverless.values.units import DEGREES, METRES_PER_UNIT, UNKNOWN

if TYPE_CHECKING:
    from pyproj import CRS, Geod, Transformer

WEB_MERCATOR = frozenset({3857, 102100, 102113, 900913, 3785})
"""WKIDs of Web Mercator; ArcGIS writes 102100, with 3857 as the latest."""

LONGEST_WKT = 4096
"""Most characters of a WKT; the longest in the PROJ database has about half of that."""

_ACCEPTED = "a WKID of EPSG or Esri such as 4326 or 3857, or a WKT"
_FIRST_ESRI_WKID = 32768  # EPSG codes of reference systems end below; Esri's own begin above
_WKT_START = re.compile(
    r"\s*(PROJCS|GEOGCS|PROJCRS|PROJECTEDCRS|GEOGCRS|GEODCRS|GEODETICCRS|COMPD_?CS|COMPOUNDCRS)"
)
_WKT_REFUSED = re.compile(r"EXTENSION|PARAMETERFILE|BOUNDCRS", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class SpatialReference:
    """A horizontal coordinate system, named by a WKID or spelled out as WKT.

    Two are equal when they mean the same system: 102100 and 3857, or a WKID and its WKT.

    Attributes:
        wkid: The well-known id, or None if there is only a WKT.
        latest_wkid: The id that replaced `wkid`, if it was given.
        vcs_wkid: Id of the vertical system; passed on, heights are never transformed.
        wkt: The WKT if there is no id.
    """

    wkid: int | None = None
    latest_wkid: int | None = None
    vcs_wkid: int | None = None
    wkt: str | None = None

    @classmethod
    def from_json(cls, value: Any) -> SpatialReference:
        """Read a spatial reference in any form that clients send; `crs` checks that the system exists.

        Args:
            value: 4326, "4326", `{"wkid": 102100, "latestWkid": 3857}`, `{"wkt": "PROJCS[…]"}` or a
                WKT. PROJ strings are refused, since they can name files.

        Raises:
            InvalidValue: The value has none of these forms.
        """
        if isinstance(value, str) and not value.strip().isascii():
            raise InvalidValue("it is not a spatial reference", _ACCEPTED)
        if isinstance(value, str) and read_whole(value) is None:
            return cls(wkt=_check_wkt(value))
        if not isinstance(value, Mapping):
            return cls(wkid=_read_wkid(value))
        if value.get("wkid") is not None:
            others = (value.get("latestWkid"), value.get("vcsWkid"))
            latest, vertical = (None if v is None else _read_wkid(v) for v in others)
            return cls(_read_wkid(value["wkid"]), latest, vertical)
        wkt = value.get("wkt") or value.get("wkt2") or value.get("latestWkid")
        if wkt is None:
            raise InvalidValue("the spatial reference has neither wkid nor wkt", _ACCEPTED)
        is_text = isinstance(wkt, str) and read_whole(wkt) is None
        return cls(wkt=_check_wkt(wkt)) if is_text else cls(wkid=_read_wkid(wkt))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that ArcGIS writes: `{"wkid": 102100, "latestWkid": 3857}`."""
        if self.wkid is None:
            return {"wkt": self.wkt}
        if self.wkid in WEB_MERCATOR:
            return {"wkid": 102100, "latestWkid": 3857}
        document = {"wkid": self.wkid, "latestWkid": self.latest_wkid or self.wkid}
        return document if self.vcs_wkid is None else document | {"vcsWkid": self.vcs_wkid}

    @property
    def crs(self) -> CRS:
        """The coordinate system in PROJ.

        Raises:
            InvalidValue: PROJ knows no such horizontal system.
        """
        return _load_crs(self.wkid, self.latest_wkid, self.wkt)

    @property
    def geod(self) -> Geod:
        """The ellipsoid of the datum.

        Raises:
            InvalidValue: The system has none.
        """
        return _load_geod(self.crs)

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are longitude and latitude in degrees."""
        return bool(self.crs.is_geographic)

    @property
    def geographic(self) -> SpatialReference:
        """The geographic system of the same datum; of a geographic system itself.

        Raises:
            InvalidValue: PROJ knows none.
        """
        if self.is_geographic:
            return self
        base = self.crs.geodetic_crs
        if base is None:
            raise InvalidValue(f"{self} has no geographic system", _ACCEPTED)
        code = base.to_epsg(min_confidence=70)
        return SpatialReference(wkt=base.to_wkt()) if code is None else SpatialReference(code, code)

    @property
    def unit(self) -> str:
        """Token of the unit of the coordinates; esriUnknownUnits if ArcGIS has no token for it."""
        if self.is_geographic:
            return DEGREES
        factor = self.metres_per_unit
        same = (token for token, metres in METRES_PER_UNIT.items() if abs(metres / factor - 1) < 1e-9)
        return next(same, UNKNOWN)

    @property
    def metres_per_unit(self) -> float:
        """Metres in one unit of the coordinates; 1 for a geographic system, whose distances are in metres."""
        return 1.0 if self.is_geographic else float(self.crs.axis_info[0].unit_conversion_factor)

    def operation_to(self, target: SpatialReference) -> str:
        """Return the description of the operation by which PROJ transforms coordinates to another reference.

        Args:
            target: The other spatial reference.
        """
        return str(get_transformer(self, target).description)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpatialReference):
            return NotImplemented
        mine, theirs = (self.wkid, self.latest_wkid, self.wkt), (other.wkid, other.latest_wkid, other.wkt)
        return mine == theirs or _identify(*mine) == _identify(*theirs)

    def __hash__(self) -> int:
        return hash(_identify(self.wkid, self.latest_wkid, self.wkt))

    def __str__(self) -> str:
        return str(self.wkid) if self.wkid is not None else "the WKT given"


WGS84 = SpatialReference(4326, 4326)


@lru_cache(maxsize=64)
def get_transformer(source: SpatialReference, target: SpatialReference) -> Transformer:
    """Return PROJ's best transformer between two spatial references without grid files.

    Coordinates are always in the order x, y. Each pair's transformer is made once.

    Args:
        source: The spatial reference to transform from.
        target: The spatial reference to transform to.

    Raises:
        InvalidValue: PROJ does not know one of the two.
    """
    from pyproj import Transformer

    return Transformer.from_crs(source.crs, target.crs, always_xy=True)


def is_empty_reference(value: Any) -> bool:
    """Return whether the JSON of a spatial reference says nothing: `{}`, `{"wkid": null}`, None or "".

    Args:
        value: JSON that a client has sent.
    """
    members = value.values() if isinstance(value, Mapping) else (value,)
    return all(member in (None, "") for member in members)


def _read_wkid(value: Any) -> int:
    number = read_whole(value)
    if number is None or not 0 < number < 1_000_000_000:
        raise InvalidValue(f"{str(value)[:40]!r} is not a spatial reference", _ACCEPTED)
    return number


def _check_wkt(wkt: str) -> str:
    if len(wkt) > LONGEST_WKT:
        raise InvalidValue("the WKT is too long", f"a WKT of at most {LONGEST_WKT} characters")
    if not _WKT_START.match(wkt.upper()) or _WKT_REFUSED.search(wkt):
        raise InvalidValue("it is not a spatial reference", _ACCEPTED)
    return wkt


@lru_cache(maxsize=128)
def _load_crs(wkid: int | None, latest: int | None, wkt: str | None) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(active=False)
    if wkt is not None:
        try:
            crs = CRS.from_wkt(wkt)
        except CRSError as problem:
            raise InvalidValue("PROJ cannot read the WKT of the spatial reference", _ACCEPTED) from problem
    else:
        crs = _load_by_code([code for code in (latest, wkid) if code is not None])
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if not (crs.is_projected or crs.is_geographic):
        raise InvalidValue(f"{wkid or 'the WKT'} is not a horizontal spatial reference", _ACCEPTED)
    return crs


def _load_by_code(codes: list[int]) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    for code in codes:
        for authority in ("EPSG", "ESRI"):
            try:
                return CRS.from_authority(authority, 3857 if code in WEB_MERCATOR else code)
            except CRSError:
                continue
    raise InvalidValue(f"{codes[-1]} is not a known spatial reference", _ACCEPTED)


@lru_cache(maxsize=32)
def _load_geod(crs: CRS) -> Geod:
    geod = crs.get_geod()
    if geod is None:
        raise InvalidValue("the spatial reference has no ellipsoid", _ACCEPTED)
    return geod


@lru_cache(maxsize=128)
def _identify(wkid: int | None, latest: int | None, wkt: str | None) -> int | str | None:
    """Return the identity that equal references share: an EPSG code where there is one.

    PROJ is asked only where the numbers alone do not tell.
    """
    code = latest or wkid
    if code is not None and (code in WEB_MERCATOR or code < _FIRST_ESRI_WKID):
        return 3857 if code in WEB_MERCATOR else code
    try:
        return _load_crs(wkid, latest, wkt).to_epsg(min_confidence=100) or code or wkt
    except InvalidValue:
        return code or wkt
