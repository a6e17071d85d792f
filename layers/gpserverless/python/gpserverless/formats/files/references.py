"""Spatial references as files name them."""

from __future__ import annotations

from collections.abc import Callable

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import WGS84, SpatialReference

_AUTHORITIES = ("EPSG", "ESRI")
_WITH_HEIGHT = 4979  # WGS 84 with ellipsoidal heights: what GeoJSON with z is
_WEB_MERCATOR = 3857


def encode_reference(reference: SpatialReference | None) -> str | None:
    """Return a spatial reference as GDAL takes it: a code where there is one, else WKT."""
    if reference is None:
        return None
    crs = reference.crs
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority and authority[0] in _AUTHORITIES else str(crs.to_wkt())


def read_reference(text: str | None, warn: Callable[[str], None]) -> SpatialReference | None:
    """Return the spatial reference that GDAL names, by its WKID if it has one.

    Args:
        text: A code such as "EPSG:4326", or WKT; None if the file does not say.
        warn: Told when the reference is none that can be calculated with.
    """
    if not text:
        return None
    authority, _, code = text.partition(":")
    if authority in _AUTHORITIES and code.isdigit():
        return _make_reference(int(code))
    try:
        reference = SpatialReference.from_json(text)
        found = reference.crs.to_authority(min_confidence=70)
    except InvalidValue as problem:
        warn(f"The spatial reference of the file is left aside: {problem.problem}.")
        return None
    return _make_reference(int(found[1])) if found and found[0] in _AUTHORITIES else reference


def _make_reference(code: int) -> SpatialReference:
    if code == _WITH_HEIGHT:
        return WGS84
    return SpatialReference(102100, _WEB_MERCATOR) if code == _WEB_MERCATOR else SpatialReference(code, code)
