"""Reading of one value by the type that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from gpserverless.datatypes.base import JSON
from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.fields import read_fields
from gpserverless.protocols.soap.sets.members import read_content, read_member
from gpserverless.protocols.soap.sets.read import read_record_set
from gpserverless.protocols.soap.values.files import FILE_TYPES, KeepFile, read_file
from gpserverless.protocols.soap.values.json_text import JsonText
from gpserverless.protocols.soap.values.places import (
    ENVELOPE_TYPES,
    REFERENCE_TYPES,
    read_extent,
    read_spatial_reference,
)
from gpserverless.protocols.soap.values.type_names import TEXT_TYPES
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.values.numbers import read_float, read_whole
from gpserverless.values.quotation import quoted

_SET_TYPES = frozenset({"GPFeatureRecordSetLayer", "GPRecordSet"})
_EXTENT_TYPES = frozenset({"GPExtent", "GPEnvelope", *ENVELOPE_TYPES})
_COORDINATE_TYPES = frozenset({"GPSpatialReference", "GPCoordinateSystem", "GPLong", *REFERENCE_TYPES})
_PLAIN_TYPES = frozenset({"GPLong", "GPDouble", "GPBoolean", "GPDate"})

ACCEPTED_TYPES: Mapping[str, frozenset[str]] = {
    "GPString": _PLAIN_TYPES,
    "GPStringHidden": _PLAIN_TYPES,
    "GPBoolean": frozenset({"GPLong"}),
    "GPLong": frozenset({"GPDouble"}),
    "GPDouble": frozenset({"GPLong"}),
    **dict.fromkeys(_SET_TYPES, _SET_TYPES),
    **dict.fromkeys(FILE_TYPES, FILE_TYPES),
    **dict.fromkeys(("GPExtent", "GPEnvelope"), _EXTENT_TYPES),
    **dict.fromkeys(("GPSpatialReference", "GPCoordinateSystem"), _COORDINATE_TYPES),
}
"""The types that a value may be sent in beside its own and texts: nothing is lost then."""

_LONGEST_INT = 2**31
_QUANTITIES = {"GPLinearUnit": "distance", "GPArealUnit": "area", "GPTimeUnit": "time"}
_ZERO_DATE = re.compile(r"0001-01-01T00:00:00(?:\.0{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_BESIDE_SETS = frozenset(
    {"RecordSet", "OIDFieldName", "ShapeFieldName", "LayerDrawingDescription", "ExceededTransferLimit"}
)
_BESIDE_FILES = frozenset({"Data", "DatasetName", "DataType", "Format", "LayerDrawingDescription"})
_UNKNOWN_UNITS = frozenset({"", "esriunknownunits"})


def is_unset(element: Element) -> bool:
    """Return whether an element holds no value: it is nil, empty, or has only blanks in it.

    Args:
        element: The element.
    """
    return element.is_empty or (element.text.isspace() and not element.children)


def read_sent(sent: str, element: Element, own: str, keep_file: KeepFile | None) -> JSON | JsonText:
    """Return a value as REST reads it: a text or JSON; None if it is not given.

    Args:
        sent: Name of the type that was sent.
        element: The value, which is not empty.
        own: Name of the parameter's data type.
        keep_file: Keeps a file that the value holds itself; None if this is not possible.

    Raises:
        InvalidValue: It is not of the form of this type.
    """
    if sent in _SET_TYPES:
        return _read_set(element, own)
    if sent in FILE_TYPES:
        return read_file(element, keep_file) or _read_token(element, _BESIDE_FILES)
    if sent in _QUANTITIES:
        return _read_quantity(element, _QUANTITIES[sent])
    kind = own if sent in TEXT_TYPES else sent  # the texts of places have forms of their own
    if kind in _EXTENT_TYPES:
        return read_extent(element)
    if kind in _COORDINATE_TYPES and kind != "GPLong":
        return read_spatial_reference(element)
    return _READERS.get(sent, read_text)(element)


def read_text(element: Element) -> str | None:
    """Return the text of a value as it is; None without one.

    Args:
        element: The value.

    Raises:
        InvalidValue: There is a unit beside it, which would be lost.
    """
    if element.find("Units") is not None:
        raise InvalidValue("it has a unit, and is not of a type of quantities", "a GPLinearUnit")
    return read_content(element)


def _read_token(element: Element, beside: Collection[str] = ()) -> str | None:
    """Return a text without the blanks around it, which say nothing in a number, date or word."""
    return (read_content(element, beside) or "").strip() or None


def _read_set(element: Element, own: str) -> JSON | JsonText:
    """Return a set as JSON; without records only its text, such as the name of a layer."""
    records = element.find("RecordSet")
    if records is None or is_unset(records):
        return _read_token(element, _BESIDE_SETS)
    # Rows without a field of geometries may stand for features.
    with_geometry = own != "GPRecordSet" and any(field.is_geometry for field in read_fields(records))
    return JsonText(read_record_set(element, with_geometry=with_geometry))


def _read_long(element: Element) -> str | None:
    """Return a whole number; one of the type is no longer than 32 bits, one of a text may be."""
    text = _read_token(element)
    whole = None if text is None else read_whole(text)
    if whole is not None and not -_LONGEST_INT <= whole < _LONGEST_INT:
        limits = f"whole numbers from {-_LONGEST_INT} to {_LONGEST_INT - 1}"
        raise InvalidValue(f"{quoted(text)} does not fit into 32 bits", limits)
    return text


def _read_date(element: Element) -> str | None:
    """Return a date; the first moment of the year 1 is what clients without null send."""
    text = _read_token(element)
    return None if text is None or _ZERO_DATE.fullmatch(text) else text


def _read_field(element: Element) -> JSON:
    """Return a field by its members, or by its name alone."""
    name = read_member(element, "Name")
    if name is None:
        return read_text(element)
    given = {"name": name, "type": read_member(element, "Type"), "alias": read_member(element, "AliasName")}
    return {member: text.strip() for member, text in given.items() if text}


def _read_quantity(element: Element, member: str) -> JSON:
    """Return a quantity and its unit; zero of unknown units is what clients without null send."""
    text, units = _read_token(element, ("Units",)), (read_member(element, "Units") or "").strip()
    if element.find("Units") is None:
        return text
    if (text is None or read_float(text) == 0) and units.lower() in _UNKNOWN_UNITS:
        return None
    return {member: text, "units": units}


_READERS: Mapping[str, Callable[[Element], JSON]] = {
    **dict.fromkeys(TEXT_TYPES, read_text),
    "GPBoolean": _read_token,
    "GPLong": _read_long,
    "GPDouble": _read_token,
    "GPDate": _read_date,
    "Field": _read_field,
}
"""How a value of each type without members is read."""
