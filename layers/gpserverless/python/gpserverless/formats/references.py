"""Spatial references in the form that GDAL reads and writes: codes and WKT."""

from __future__ import annotations

import re
from collections.abc import Callable

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import WGS84, SpatialReference

_AUTHORITIES = ("EPSG", "ESRI")
_WITH_HEIGHT = 4979  # WGS 84 with ellipsoidal heights, as GeoJSON with z
_WEB_MERCATOR = 3857
_PLANE_AXES = 2
_UNDEFINED = re.compile(r'\s*\w+\["Undefined ', re.IGNORECASE)  # such as codes 0 and -1 of GeoPackage


def encode_reference(reference: SpatialReference | None) -> str | None:
    """Encode a spatial reference for GDAL: as a code such as "EPSG:4326" where there is one, else as WKT.

    Args:
        reference: The spatial reference; None stays None.

    Raises:
        InvalidValue: PROJ does not know it.
    """
    if reference is None:
        return None
    crs = reference.crs
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority and authority[0] in _AUTHORITIES else str(crs.to_wkt())


def read_reference(text: str | None, warn: Callable[[str], None]) -> SpatialReference | None:
    """Read a spatial reference from GDAL; None if there is none, or none that PROJ can transform.

    Args:
        text: A code such as "EPSG:4326", or WKT; None if the file names none.
        warn: Takes a sentence if the spatial reference is left aside.
    """
    if not text:
        return None
    if _UNDEFINED.match(text):
        warn("The file says that its spatial reference is undefined; that of the features is not known.")
        return None
    authority, _, code = text.partition(":")
    try:
        if authority in _AUTHORITIES and code.isdigit():
            return _make_reference(int(code))
        reference = SpatialReference.from_json(text)
        found = reference.crs.to_authority(min_confidence=70)
    except InvalidValue as problem:
        warn(f"The spatial reference of the file is left aside: {problem.problem}.")
        return None
    return _make_reference(int(found[1])) if found and found[0] in _AUTHORITIES else reference


def _make_reference(code: int) -> SpatialReference:
    """Return the reference of a code, of one with heights that of its horizontal part."""
    if code in (WGS84.wkid, _WITH_HEIGHT):
        return WGS84
    if code == _WEB_MERCATOR:
        return SpatialReference(102100, _WEB_MERCATOR)
    reference = SpatialReference(code, code)
    crs = reference.crs
    flat = crs.to_2d() if len(crs.axis_info) > _PLANE_AXES else crs
    known = flat.to_json_dict().get("id", {})
    horizontal = known.get("code") if known.get("authority") in _AUTHORITIES else None
    return reference if horizontal in (None, code) else SpatialReference(int(horizontal), int(horizontal))
