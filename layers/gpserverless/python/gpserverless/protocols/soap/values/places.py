"""Extents and spatial references in values."""

from __future__ import annotations

import re

from gpserverless.datatypes.base import JSON
from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.members import find_member, read_content, read_member
from gpserverless.protocols.soap.sets.read_reference import read_reference
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.values.numbers import NUMBER_PATTERN, read_float

REFERENCE_TYPES = frozenset(
    {
        "SpatialReference", "GeographicCoordinateSystem", "ProjectedCoordinateSystem",
        "UnknownCoordinateSystem",
    }
)  # fmt: skip
"""The types of spatial references."""

ENVELOPE_TYPES = frozenset({"Envelope", "EnvelopeN"})
"""The types of extents, but for that of bytes, whose layout is not known."""

_REFERENCE_MEMBERS = ("WKID", "LatestWKID", "WKT")
_LONGEST_EXTENT = 20_000
_BETWEEN = r"[\s,;]++"
_SEPARATOR = re.compile(_BETWEEN, re.ASCII)
# Four sides, perhaps those of Z and M, which are NaN where there are none, and a reference as WKT.
_EXTENT = re.compile(
    rf"(?P<sides>{NUMBER_PATTERN}(?:{_BETWEEN}{NUMBER_PATTERN}){{3}})(?:{_BETWEEN}(?i:nan)){{0,4}}"
    rf"(?:{_BETWEEN}(?P<wkt>[A-Za-z].*))?",
    re.ASCII | re.DOTALL,
)
# As ArcPy writes references: the WKT, then the grid of the coordinates in a geodatabase, which is not used.
_WKT_WITH_GRID = re.compile(r"((?:PROJCS|GEOGCS)\[[^;]*\]);[-+.\w\s;]*", re.ASCII)
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_MEMBERS = ("XMin", "YMin", "XMax", "YMax", "ZMin", "ZMax", "MMin", "MMax")
_NO_SIDE = "NaN"


def read_extent(element: Element) -> JSON:
    """Return an extent as Esri JSON or as the text that was sent; None if none is given.

    Args:
        element: An envelope, a value around one, or a value with a text such as "0 0 10 5".

    Raises:
        InvalidValue: It is an envelope of another form.
    """
    if element.type_name == "EnvelopeB" or any(child.type_name == "EnvelopeB" for child in element.children):
        raise InvalidValue("an envelope of bytes cannot be read", "an EnvelopeN")
    envelope = _find_envelope(element)
    if envelope is not None:
        return _read_envelope(envelope)
    text = read_content(element) or ""
    return read_extent_text(text) if text.strip() else None


def _find_envelope(element: Element) -> Element | None:
    candidates = (element, *element.children)
    return next((candidate for candidate in candidates if candidate.find("XMin") is not None), None)


def _read_envelope(envelope: Element) -> JSON:
    """Return an `EnvelopeN` as Esri JSON: heights and measures that are NaN are none."""
    texts = {name.lower(): read_member(envelope, name) for name in _MEMBERS}
    sides = {side: _read_side(text) for side, text in texts.items() if text is not None}
    kept = {s: value for s, value in sides.items() if s in _SIDES or value != _NO_SIDE}
    reference = find_member(envelope, "SpatialReference")
    known = None if reference is None else read_reference(reference)
    return kept if known is None else {**kept, "spatialReference": known}


def _read_side(text: str) -> float | str:
    """Return a side as a number; another text as it is, to be refused with the words of REST."""
    number = read_float(text)
    return text.strip() if number is None else number


def read_extent_text(text: str) -> JSON:
    """Return an extent as Esri JSON if it is four numbers; another text as it is.

    Args:
        text: "xmin ymin xmax ymax", perhaps with a WKT behind it, or what REST reads.
    """
    match = _EXTENT.fullmatch(text.strip()) if len(text) <= _LONGEST_EXTENT else None
    if match is None:
        return text.strip()
    sides = dict(zip(_SIDES, _SEPARATOR.split(match["sides"]), strict=True))
    return {**sides, "spatialReference": {"wkt": match["wkt"]}} if match["wkt"] else sides


def read_spatial_reference(element: Element) -> JSON:
    """Return a spatial reference as Esri JSON, or as the text that was sent; None if none is given.

    Args:
        element: A spatial reference, a value around one, or a value with a WKID or WKT as its text.

    Raises:
        InvalidValue: It is malformed.
    """
    for candidate in (element, *element.children):
        if any(candidate.find(member) is not None for member in _REFERENCE_MEMBERS):
            return read_reference(candidate)
    text = (read_content(element) or "").strip()
    match = _WKT_WITH_GRID.fullmatch(text)
    return (match[1] if match else text) or None
