"""Geometries from SOAP to Esri JSON; the forms with N have numbers, those with B undocumented bytes."""

from __future__ import annotations

from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.geometry.geometry_types import ENVELOPE, MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.protocols.soap.sets.members import find_member, read_flag, read_member
from gpserverless.protocols.soap.sets.numbers import is_missing, read_numbers
from gpserverless.protocols.soap.sets.read_reference import read_reference
from gpserverless.protocols.soap.sets.vertices import Ordinates, find_ordinates, read_part
from gpserverless.protocols.soap.xml.element import Element, PointCell

_TYPES = {
    "PointN": POINT,
    "MultipointN": MULTIPOINT,
    "PolylineN": POLYLINE,
    "PolygonN": POLYGON,
    "EnvelopeN": ENVELOPE,
}
_MEMBERS = {
    "RingArray": POLYGON,
    "PathArray": POLYLINE,
    "PointArray": MULTIPOINT,
    "XMin": ENVELOPE,
    "X": POINT,
}
_UNTYPED = frozenset({"", "Geometry", "Point", "Multipoint", "Polyline", "Polygon", "Envelope"})
_ACCEPTED = ", ".join(_TYPES)
_SIDES = ("XMin", "YMin", "XMax", "YMax")
_MORE_SIDES = ("ZMin", "ZMax", "MMin", "MMax")


def detect_type(element: Element) -> str | None:
    """Return the Esri type of a geometry by its type, else by its members; None for one without any.

    Args:
        element: The geometry.

    Raises:
        InvalidValue: It is of a type that is not read.
    """
    if element.type_name in _TYPES:
        return _TYPES[element.type_name]
    if element.type_name not in _UNTYPED:
        raise InvalidValue(f"a geometry of type {element.type_name[:40]} is not read", _ACCEPTED)
    found = next((kind for name, kind in _MEMBERS.items() if element.find(name) is not None), None)
    if found is None and element.children:
        raise InvalidValue("a geometry has no coordinates that are read", _ACCEPTED)
    return found


def read_geometry(element: Element, whole: Ordinates | None = None) -> dict[str, Any] | None:
    """Return the Esri JSON of a geometry, with its own spatial reference; None for an empty one.

    Args:
        element: A `PointN`, `MultipointN`, `PolylineN`, `PolygonN` or `EnvelopeN`.
        whole: The ordinates of all geometries of a set, so that a third ordinate means the same in each;
            those of this one if None.

    Raises:
        InvalidValue: It is malformed, or of another type.
    """
    kind = None if element.is_nil else detect_type(element)
    if kind is None:
        return None
    if kind == ENVELOPE:
        return read_extent(element)
    if kind == POINT:
        x, y, z, m = (read_member(element, name) for name in ("X", "Y", "Z", "M"))
        return read_point(PointCell(x or "", y or "", z, m, find_member(element, "SpatialReference")))
    parts = find_parts(element, kind)
    own = find_ordinates(parts) | find_flags(element)
    geometry = _read_parts(parts, kind, _arrange(own, whole))
    if geometry is None:
        return None
    if whole is None:
        geometry |= {"hasZ": own.z, "hasM": own.m}
    return _locate(geometry, _find_reference(element, parts))


def read_point(cell: PointCell) -> dict[str, Any] | None:
    """Return the Esri JSON of a point, None for an empty one, which real servers write with NaN.

    Args:
        cell: Its texts.

    Raises:
        InvalidValue: An ordinate is no number.
    """
    if is_missing(cell.x) and is_missing(cell.y):
        return None
    names = ["x", "y", *(name for name in ("z", "m") if not is_missing(getattr(cell, name)))]
    texts = [getattr(cell, name) for name in names]
    numbers = read_numbers(texts, "an ordinate of its point")
    reference = None if cell.reference is None else read_reference(cell.reference)
    return _locate(dict(zip(names, numbers, strict=True)), reference)


def read_extent(element: Element) -> dict[str, Any] | None:
    """Return the Esri JSON of an envelope, None for an empty one.

    Args:
        element: An `EnvelopeN`.

    Raises:
        InvalidValue: It is another geometry, or a side is no number.
    """
    if detect_type(element) not in (None, ENVELOPE):
        raise InvalidValue("it is no envelope", "EnvelopeN")
    texts = [read_member(element, side) or "" for side in _SIDES]
    if all(map(is_missing, texts)):
        return None
    more = {side: read_member(element, side) for side in _MORE_SIDES}
    given = {side: text for side, text in more.items() if text is not None and not is_missing(text)}
    names = [side.lower() for side in (*_SIDES, *given)]
    numbers = read_numbers([*texts, *given.values()], "a side of its envelope")
    return _locate(dict(zip(names, numbers, strict=True)), read_own_reference(element))


def find_parts(element: Element, kind: str) -> list[Element]:
    """Return the parts of a geometry: paths, rings, or a multipoint itself.

    Args:
        element: The geometry.
        kind: Its Esri type.
    """
    if kind == MULTIPOINT:
        return [element]
    array = find_member(element, "RingArray" if kind == POLYGON else "PathArray")
    return [] if array is None else array.children


def find_flags(element: Element) -> Ordinates:
    """Return the ordinates that a geometry or a `GeometryDef` says to have.

    Args:
        element: It may have `HasZ` and `HasM`.
    """
    return Ordinates(read_flag(element, "HasZ"), read_flag(element, "HasM"))


def read_own_reference(element: Element) -> dict[str, Any] | None:
    """Return the spatial reference of a geometry or a `GeometryDef`, None without a known one.

    Args:
        element: It may have a `SpatialReference`.

    Raises:
        InvalidValue: It is malformed.
    """
    reference = find_member(element, "SpatialReference")
    return None if reference is None else read_reference(reference)


def _arrange(own: Ordinates, whole: Ordinates | None) -> Ordinates:
    """Return the ordinates of each vertex: Esri JSON tells z from m by the number of them in a set."""
    if whole is None or (whole.z and whole.m):
        return whole or own
    return Ordinates(own.z and whole.z, own.m and whole.m)


def _read_parts(parts: list[Element], kind: str, ordinates: Ordinates) -> dict[str, Any] | None:
    read = [vertices for vertices in (read_part(part, ordinates) for part in parts) if vertices]
    if not read:
        return None
    if kind == MULTIPOINT:
        return {"points": read[0]}
    member = "rings" if kind == POLYGON else "paths"
    has_curves = any(isinstance(item, dict) for part in read for item in part)
    return {f"curve{member.title()}" if has_curves else member: read}


def _find_reference(element: Element, parts: list[Element]) -> dict[str, Any] | None:
    """Return the one spatial reference of a geometry and its points, None if none is known."""
    arrays = (array for part in parts for array in part.find_all("PointArray"))
    own = find_member(element, "SpatialReference")
    elements = [*([] if own is None else [own]), *(child for array in arrays for child in array.children)]
    found: dict[str, Any] | None = None
    for each in map(read_reference, elements):
        if None not in (found, each) and each != found:
            raise InvalidValue("its points are in different spatial references", "one spatial reference")
        found = found or each
    return found


def _locate(geometry: dict[str, Any], reference: dict[str, Any] | None) -> dict[str, Any]:
    return geometry if reference is None else {**geometry, "spatialReference": reference}
