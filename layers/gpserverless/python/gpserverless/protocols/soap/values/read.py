"""Reading of values: from elements to the raw texts of REST."""

from __future__ import annotations

from typing import Any

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.base import JSON, DataType
from gpserverless.datatypes.capabilities import is_secret
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.datatypes.multi_value import MAX_VALUES, GPMultiValue
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.datatypes.value_table import GPValueTable
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.soap.sets.members import read_content
from gpserverless.protocols.soap.values.files import KeepFile
from gpserverless.protocols.soap.values.json_text import JsonText, write_raw
from gpserverless.protocols.soap.values.sent import ACCEPTED_TYPES, is_unset, read_sent
from gpserverless.protocols.soap.values.type_names import MULTI_VALUE, TEXT, TEXT_TYPES, find_sent_type
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.toolkit.spec import Parameter
from gpserverless.values.quotation import quoted


def read_value(parameter: Parameter, element: Element | None, keep_file: KeepFile | None = None) -> str:
    """Return the raw text of an input as REST reads it; "" for one that is not given.

    Not given is what is nil, empty, or a value that clients without null send instead: a date of the year 1,
    a distance of zero in unknown units.

    Args:
        parameter: The input.
        element: Its value; None if the list of values ends before it.
        keep_file: Keeps a file that the value holds itself; None if this is not possible.

    Raises:
        InvalidParameter: The value is not of a type that the parameter accepts, or malformed.
    """
    data_type = parameter.data_type
    try:
        return write_raw(_read(data_type, element, keep_file))
    except InvalidValue as error:
        problem = "the hidden value cannot be read" if is_secret(data_type) else error.problem
        raise InvalidParameter(parameter.name, problem, error.accepted or data_type.accepted) from None


def _read(data_type: DataType, element: Element | None, keep_file: KeepFile | None) -> JSON | JsonText:
    """Return the JSON value of an element, or its text; None if it is not given."""
    if element is None or is_unset(element):
        return None
    sent = find_sent_type(element.type_name) or _find_own_type(data_type)
    if isinstance(data_type, GPMultiValue):
        return _read_list(data_type, element, sent, keep_file)
    if sent == MULTI_VALUE:
        raise InvalidValue("a list was sent for a single value")
    if isinstance(data_type, Alternatives):
        return _read_alternative(data_type, element, sent, keep_file)
    _check_type(data_type, sent)
    if isinstance(data_type, GPFeatureRecordSetLayer) and data_type.only_layers and _has_no_records(element):
        return None
    return read_sent(sent, element, _find_own_type(data_type), keep_file)


def _find_own_type(data_type: DataType) -> str:
    """Return the type that counts for a value without a type; it tells references from other texts."""
    if isinstance(data_type, SpatialReferenceText):
        return "GPSpatialReference"
    return TEXT if isinstance(data_type, GPValueTable) else data_type.name


def _check_type(data_type: DataType, sent: str) -> None:
    own = _find_own_type(data_type)
    if sent == "GPValueTable":
        raise InvalidValue("a GPValueTable has no form in SOAP", f"a GPString: {data_type.accepted}")
    if sent != own and sent not in TEXT_TYPES and sent not in ACCEPTED_TYPES.get(own, ()):
        raise InvalidValue(f"a value of the type {quoted(sent)} was sent for {data_type.name}")


def _has_no_records(element: Element) -> bool:
    """Return whether a set has no records, as the default of a parameter whose callers choose a layer."""
    records = element.find("RecordSet")
    held = None if records is None else records.find("Records")
    return records is not None and (held is None or not (held.children or held.records))


def _read_list(
    data_type: GPMultiValue, element: Element, sent: str, keep_file: KeepFile | None
) -> JSON | JsonText:
    """Return the members of a list; a text is read as by REST, a single value as the only member."""
    if sent in TEXT_TYPES:
        return read_sent(sent, element, data_type.name, keep_file)
    if sent not in (MULTI_VALUE, data_type.name):
        return [_read_member(data_type.element, 0, element, keep_file)]
    values = element.find("Values")
    if values is None or values.is_nil:
        return _read_text_of_list(element)
    if len(values.children) > MAX_VALUES:
        raise InvalidValue(f"the list has {len(values.children):,} values", f"at most {MAX_VALUES:,}")
    return [
        _read_member(data_type.element, index, member, keep_file)
        for index, member in enumerate(values.children)
    ]


def _read_text_of_list(element: Element) -> str | None:
    """Return the text of a list that says nothing of its members."""
    text = read_content(element, ("MemberDataType", "Values")) or ""
    return text if text.strip() else None


def _read_member(data_type: DataType, index: int, element: Element, keep_file: KeepFile | None) -> Any:
    if find_sent_type(element.type_name) == MULTI_VALUE:
        raise InvalidValue(f"element {index}: a list within a list")
    try:
        return _read(data_type, element, keep_file)
    except InvalidValue as error:
        raise InvalidValue(f"element {index}: {error.problem}", error.accepted) from None


def _read_alternative(
    data_type: Alternatives, element: Element, sent: str, keep_file: KeepFile | None
) -> JSON | JsonText:
    """Return a value of one of several types, tagged with it if the type takes tags; a text has no tag."""
    if sent in TEXT_TYPES or sent == data_type.name:
        return read_sent("GPString", element, data_type.name, keep_file)
    member = next((member for member in data_type.members if _find_own_type(member) == sent), None)
    if member is None:
        raise InvalidValue(f"a value of the type {quoted(sent)} was sent for {data_type.name}")
    value = _read(member, element, keep_file)
    if value is None or not isinstance(data_type, GPComposite):
        return value
    return {"dataType": member.name, "value": value}
