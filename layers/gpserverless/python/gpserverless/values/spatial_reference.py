"""Spatial references: read, written, compared and resolved.

PROJ is imported when it is first needed, so that a function that only passes spatial references on starts
without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gpserverless.errors import InvalidValue
from gpserverless.values.known_systems import KNOWN_SYSTEMS, KnownSystem
from gpserverless.values.numbers import read_whole
from gpserverless.values.proj_systems import (
    ACCEPTED,
    WEB_MERCATOR,
    find_code,
    identify,
    load_geod,
    load_systems,
)
from gpserverless.values.units import DEGREES, METRES_PER_UNIT, UNKNOWN
from gpserverless.values.wkt import check_wkt, drop_grids

if TYPE_CHECKING:
    from pyproj import CRS, Geod, Transformer

_WITH_AUTHORITY = re.compile(r"\s*(?:EPSG|ESRI):+(\d{1,9})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, eq=False)
class SpatialReference:
    """A horizontal coordinate system, named by a WKID or spelled out as WKT.

    Two are equal when they mean the same system: 102100 and 3857, or a WKID and its WKT.

    Attributes:
        wkid: The well-known id, or None if there is only a WKT.
        latest_wkid: The id that replaced `wkid`, if it was given.
        vcs_wkid: Id of the vertical system; passed on, heights are never transformed.
        wkt: The WKT if there is no id.

    Example:
        >>> utm = SpatialReference(25832)
        >>> SpatialReference(102100) == SpatialReference(3857), utm == SpatialReference(4326)
        (True, False)
    """

    wkid: int | None = None
    latest_wkid: int | None = None
    vcs_wkid: int | None = None
    wkt: str | None = None

    @classmethod
    def from_optional_json(cls, value: Any) -> SpatialReference | None:
        """Read a member that may be there without saying anything, such as `{}` or `{"wkid": null}`.

        Args:
            value: As for `from_json`; None, "" and objects whose members are all empty are none.

        Raises:
            InvalidValue: It says something, but no spatial reference.

        Example:
            >>> SpatialReference.from_optional_json({}) is None
            True
        """
        return None if is_empty_reference(value) else cls.from_json(value)

    @classmethod
    def from_json(cls, value: Any) -> SpatialReference:
        """Read a spatial reference in any form that clients send; `crs` checks that the system exists.

        Args:
            value: 4326, "4326", "EPSG:4326", `{"wkid": 102100, "latestWkid": 3857}`, a WKT or
                `{"wkt": "PROJCS[…]"}`. PROJ strings are refused, since they can name files.

        Raises:
            InvalidValue: The value has none of these forms.

        Example:
            >>> SpatialReference.from_json("EPSG:25832") == SpatialReference.from_json({"wkid": 25832}) == utm
            True
        """
        value = _drop_authority(value)
        if isinstance(value, str) and read_whole(value) is None:
            return cls(wkt=check_wkt(value))
        if not isinstance(value, Mapping):
            return cls(wkid=_read_wkid(value))
        if value.get("wkid") is not None:
            others = (value.get("latestWkid"), value.get("vcsWkid"))
            latest, vertical = (None if v is None else _read_wkid(v) for v in others)
            return cls(_read_wkid(value["wkid"]), latest, vertical)
        wkt = value.get("wkt") or value.get("wkt2") or value.get("latestWkid")
        if wkt is None:
            raise InvalidValue("the spatial reference has neither wkid nor wkt", ACCEPTED)
        wkt = _drop_authority(wkt)
        is_text = isinstance(wkt, str) and read_whole(wkt) is None
        return cls(wkt=check_wkt(wkt)) if is_text else cls(wkid=_read_wkid(wkt))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that ArcGIS writes: `{"wkid": 102100, "latestWkid": 3857}`.

        Example:
            >>> SpatialReference(3857).to_json()
            {'wkid': 102100, 'latestWkid': 3857}
        """
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

        Example:
            >>> utm.crs.name
            'ETRS89 / UTM zone 32N'
        """
        return load_systems(self.wkid, self.latest_wkid, self.wkt)[0]

    def resolve(self) -> SpatialReference:
        """Return the same horizontal system as briefly as it can be said.

        A compound system becomes its horizontal part with the id of its vertical part. A WKT becomes the WKID
        of the system that PROJ recognizes in it, if it does.

        Raises:
            InvalidValue: PROJ knows no such horizontal system.

        Example:
            >>> SpatialReference(wkt=utm.crs.to_wkt()).resolve().wkid
            25832
        """
        parts = load_systems(self.wkid, self.latest_wkid, self.wkt)
        if self.wkid is not None and len(parts) == 1:
            return self
        vertical = self.vcs_wkid or (find_code(parts[1]) if len(parts) > 1 else None)
        code = find_code(parts[0])
        if code is not None:
            return SpatialReference(code, code, vertical)
        return SpatialReference(wkt=drop_grids(self.wkt or "") if len(parts) == 1 else parts[0].to_wkt())

    @property
    def geod(self) -> Geod:
        """The ellipsoid of the datum.

        Raises:
            InvalidValue: The system has none.

        Example:
            >>> round(utm.geod.line_length([9, 10], [0, 0]))
            111319
        """
        return load_geod(self.crs)

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are longitude and latitude in degrees.

        Example:
            >>> utm.is_geographic, SpatialReference(4326).is_geographic
            (False, True)
        """
        known = find_known(self)
        return bool(self.crs.is_geographic) if known is None else known.is_geographic

    @property
    def geographic(self) -> SpatialReference:
        """The geographic system of the same datum; of a geographic system itself.

        Raises:
            InvalidValue: PROJ knows none.

        Example:
            >>> utm.geographic.wkid
            4258
        """
        if self.is_geographic:
            return self
        base = self.crs.geodetic_crs
        if base is None:
            raise InvalidValue(f"{self} has no geographic system", ACCEPTED)
        code = base.to_epsg(min_confidence=70)
        return SpatialReference(wkt=base.to_wkt()) if code is None else SpatialReference(code, code)

    @property
    def unit(self) -> str:
        """Token of the unit of the coordinates; esriUnknownUnits if ArcGIS has no token for it.

        Example:
            >>> utm.unit, SpatialReference(2263).unit
            ('esriMeters', 'esriFeet')
        """
        if self.is_geographic:
            return DEGREES
        factor = self.metres_per_unit
        same = (token for token, metres in METRES_PER_UNIT.items() if abs(metres / factor - 1) < 1e-9)
        return next(same, UNKNOWN)

    @property
    def metres_per_unit(self) -> float:
        """Metres in one unit of the coordinates; 1 for a geographic system, whose distances are in metres.

        Example:
            >>> round(SpatialReference(2263).metres_per_unit, 6)
            0.304801
        """
        return 1.0 if self.is_geographic else find_size_of_unit(self)

    def operation_to(self, target: SpatialReference, place: tuple[float, float]) -> str:
        """Return the description of the operation by which PROJ transforms a place to another reference.

        PROJ has several operations between many datums, and chooses among them by the place.

        Args:
            target: The other spatial reference.
            place: Its x and y in this reference.

        Example:
            >>> utm.operation_to(utm.geographic, (500_000, 5_800_000))
            'Inverse of UTM zone 32N + axis order change (2D)'
        """
        from pyproj.exceptions import ProjError

        transformer = get_transformer(self, target)
        transformer.transform(*place)
        try:
            return str(transformer.get_last_used_operation().description)
        except ProjError:
            return "chosen by PROJ for each place"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpatialReference):
            return NotImplemented
        mine, theirs = (self.wkid, self.latest_wkid, self.wkt), (other.wkid, other.latest_wkid, other.wkt)
        return mine == theirs or identify(*mine) == identify(*theirs)

    def __hash__(self) -> int:
        return hash(identify(self.wkid, self.latest_wkid, self.wkt))

    def __str__(self) -> str:
        return str(self.wkid) if self.wkid is not None else "the WKT given"


def find_known(reference: SpatialReference) -> KnownSystem | None:
    """Return the facts about a system that need no PROJ; None if PROJ has to be asked.

    Args:
        reference: The spatial reference.
    """
    return None if reference.wkt else KNOWN_SYSTEMS.get(reference.latest_wkid or reference.wkid or 0)


def find_size_of_unit(reference: SpatialReference) -> float:
    """Return the radians in one unit of a geographic system, the metres in one of another.

    Args:
        reference: The spatial reference.

    Raises:
        InvalidValue: PROJ does not know it.
    """
    known = find_known(reference)
    return float(reference.crs.axis_info[0].unit_conversion_factor) if known is None else known.unit


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
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(source.crs, target.crs, always_xy=True)
    except ProjError as problem:
        raise InvalidValue(f"PROJ cannot transform {source} to {target}", ACCEPTED) from problem


def is_empty_reference(value: Any) -> bool:
    """Return whether the JSON of a spatial reference says nothing: `{}`, `{"wkid": null}`, None or "".

    Args:
        value: JSON that a client has sent.
    """
    members = value.values() if isinstance(value, Mapping) else (value,)
    return all(member in (None, "") for member in members)


def _drop_authority(value: Any) -> Any:
    """Return "3857" for "EPSG:3857", and any other value as it is."""
    named = _WITH_AUTHORITY.fullmatch(value) if isinstance(value, str) else None
    return value if named is None else named[1]


def _read_wkid(value: Any) -> int:
    number = read_whole(_drop_authority(value))
    if number is None or not 0 < number < 1_000_000_000:
        raise InvalidValue(f"{str(value)[:40]!r} is not a spatial reference", ACCEPTED)
    return number
