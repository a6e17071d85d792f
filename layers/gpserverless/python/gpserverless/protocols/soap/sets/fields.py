"""Fields of record sets from SOAP, and the values of their columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import DATE, FIELD_TYPES, FLOAT_TYPES, GEOMETRY, INTEGER_TYPES, STRING
from gpserverless.protocols.soap.sets.members import find_member, read_flag, read_member
from gpserverless.protocols.soap.sets.numbers import LARGEST_INT, read_optional_numbers
from gpserverless.protocols.soap.xml.element import Cell, Element
from gpserverless.values.moments import parse_moment
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted

_INT64 = 2**63
_DIGITS = frozenset("0123456789+-")
_LONGEST = 18
_DATES = "an xs:dateTime such as 2024-01-02T03:04:05"


@dataclass(frozen=True)
class SetField:
    """One field of a record set.

    Attributes:
        name: Its name.
        type: Its Esri type.
        element: Its `Field`.
    """

    name: str
    type: str
    element: Element

    @property
    def is_geometry(self) -> bool:
        """Whether its values are geometries."""
        return self.type == GEOMETRY

    def make_json(self) -> dict[str, Any]:
        """Return the field in Esri JSON; domains and default values are not read.

        Raises:
            InvalidValue: Its length is no whole number.
        """
        alias, length = (read_member(self.element, name) for name in ("AliasName", "Length"))
        document: dict[str, Any] = {"name": self.name, "type": self.type, "alias": alias or self.name}
        if length and length.strip():
            size = read_whole(length)
            if size is None or size > LARGEST_INT:
                raise InvalidValue(f"the Length of field '{self.name[:60]}' is {quoted(length)}", "a number")
            document |= (
                {"length": size} if size > 0 and self.type not in (INTEGER_TYPES | FLOAT_TYPES) else {}
            )
        if find_member(self.element, "IsNullable") is not None:
            document["nullable"] = read_flag(self.element, "IsNullable")
        return document


def read_fields(record_set: Element) -> list[SetField]:
    """Return the fields of a `RecordSet`.

    Args:
        record_set: The element around `Fields`.

    Raises:
        InvalidValue: There are none, two have one name, or a type is unknown.
    """
    fields = find_member(record_set, "Fields")
    array = None if fields is None else find_member(fields, "FieldArray")
    if array is None:
        raise InvalidValue("its record set has no Fields", "Fields with a FieldArray, and Records")
    read = [_read_field(element) for element in array.find_all("Field")]
    names: set[str] = set()
    for each in read:
        if each.name in names:
            raise InvalidValue(f"its record set has two fields '{each.name[:60]}'", "each name once")
        names.add(each.name)
    return read


def read_column(field: SetField, cells: Sequence[Cell]) -> list[Any]:
    """Return the values of a column, as JSON has them; None for nil, and for a number or date without text.

    The type of the field decides, and not the `xsi:type` of a cell.

    Args:
        field: The field, no geometry.
        cells: Its value in each record.

    Raises:
        InvalidValue: A value is none of the field's type; its record is named.
    """
    read = _find_reader(field.type)
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(texts) + cells.count(None) == len(cells):
        with suppress(InvalidValue, ValueError, OverflowError):  # the slow way names the record
            return read(cells) if len(texts) == len(cells) else _spread(cells, read(texts))
    return [_read_cell(field, index, cell, read) for index, cell in enumerate(cells)]


def _read_field(element: Element) -> SetField:
    name = read_member(element, "Name") or ""
    kind = (read_member(element, "Type") or STRING).strip()
    if not name:
        raise InvalidValue("a field of its record set has no Name", "a name")
    if kind not in FIELD_TYPES:
        raise InvalidValue(f"field '{name[:60]}' is of type {quoted(kind)}", ", ".join(sorted(FIELD_TYPES)))
    return SetField(name, kind, element)


def _spread(cells: Sequence[Cell], values: list[Any]) -> list[Any]:
    following = iter(values)
    return [None if cell is None else next(following) for cell in cells]


def _read_cell(field: SetField, index: int, cell: Cell, read: Callable[[Any], list[Any]]) -> Any:
    place = f"record {index + 1}: field '{field.name[:60]}'"
    if cell is None:
        return None
    if not isinstance(cell, str):
        raise InvalidValue(f"{place} holds elements", "text of the type of the field")
    try:
        return read([cell])[0]
    except (InvalidValue, ValueError, OverflowError):
        accepted = "whole numbers" if field.type in INTEGER_TYPES else "finite numbers"
        problem = f"{place} is of type {field.type} and holds {quoted(cell)}"
        raise InvalidValue(problem, _DATES if field.type == DATE else accepted) from None


def _find_reader(kind: str) -> Callable[[Any], list[Any]]:
    if kind == DATE:
        return _read_dates
    if kind in INTEGER_TYPES:
        return _read_integers
    return _read_floats if kind in FLOAT_TYPES else list


def _read_floats(texts: Sequence[str]) -> list[Any]:
    return list(read_optional_numbers(texts, "a value"))


def _read_integers(texts: Sequence[str]) -> list[Any]:
    lengths = set(map(len, texts))
    if set("".join(texts)) <= _DIGITS and 0 < min(lengths, default=1) <= max(lengths, default=1) <= _LONGEST:
        return list(map(int, texts))
    return [_read_integer(text) if text.strip() else None for text in texts]


def _read_integer(text: str) -> int:
    number = read_whole(text)
    if number is None or abs(number) >= _INT64:
        raise ValueError(text)
    return number


def _read_dates(texts: Sequence[str]) -> list[Any]:
    known = {text: parse_moment(text) if text.strip() else None for text in set(texts)}
    return [known[text] for text in texts]
