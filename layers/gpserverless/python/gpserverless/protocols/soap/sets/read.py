"""Record sets from SOAP to Esri JSON, as REST takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.fields import SetField, read_column, read_fields
from gpserverless.protocols.soap.sets.geometry_column import read_geometry_column
from gpserverless.protocols.soap.sets.members import find_member, read_flag, read_member
from gpserverless.protocols.soap.xml.element import Cell, Element
from gpserverless.values.counts import write_count

_ACCEPTED = "a RecordSet with Fields and Records"


def read_record_set(value: Element, *, with_geometry: bool) -> str:
    """Return the Esri JSON of features or of a table.

    Args:
        value: A `GPFeatureRecordSetLayer` or `GPRecordSet`, or the `RecordSet` in it.
        with_geometry: Whether its geometries are read; a table is read without.

    Raises:
        InvalidValue: It is no record set, or a record is malformed, which is named by its number from 1.
    """
    record_set = value if find_member(value, "Fields") else find_member(value, "RecordSet")
    if record_set is None:
        raise InvalidValue("it has no RecordSet", _ACCEPTED)
    fields = read_fields(record_set)
    columns = _read_columns(record_set, fields)
    header: dict[str, Any] = _read_header(value, fields)
    attributes = _read_attributes(fields, columns)
    features: list[dict[str, Any]]
    if not with_geometry:
        features = [{"attributes": each} for each in attributes]
    else:
        place = _find_geometry(fields)
        located = read_geometry_column(fields[place].element, columns[place])
        header |= located.header
        pairs = zip(attributes, located.geometries, strict=True)
        features = [{"attributes": each, "geometry": geometry} for each, geometry in pairs]
    return orjson.dumps(header | {"features": features}).decode()


def _read_columns(record_set: Element, fields: Sequence[SetField]) -> list[Sequence[Cell]]:
    """Return the values of each field in all records."""
    array = find_member(record_set, "Records")
    records = (array.records if array is not None else None) or []
    for index, record in enumerate(records):
        if len(record) != len(fields):
            values = write_count(len(record), "value", "values")
            problem = f"record {index + 1} holds {values} for {write_count(len(fields), 'field', 'fields')}"
            raise InvalidValue(problem, "a value or nil for each field")
    return [[record[place] for record in records] for place in range(len(fields))]


def _read_header(value: Element, fields: Sequence[SetField]) -> dict[str, Any]:
    header: dict[str, Any] = {"fields": [field.make_json() for field in fields if not field.is_geometry]}
    named = read_member(value, "OIDFieldName")
    if any(field.name == named for field in fields):
        header["objectIdFieldName"] = named
    if read_flag(value, "ExceededTransferLimit"):
        header["exceededTransferLimit"] = True
    return header


def _read_attributes(fields: Sequence[SetField], columns: list[Sequence[Cell]]) -> list[dict[str, Any]]:
    """Return the attributes of each record."""
    pairs = [(f.name, read_column(f, c)) for f, c in zip(fields, columns, strict=True) if not f.is_geometry]
    if not pairs:
        return [{} for _ in (columns[0] if columns else ())]
    names = [name for name, _ in pairs]
    rows = zip(*(values for _, values in pairs), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _find_geometry(fields: Sequence[SetField]) -> int:
    """Return the place of the one field of geometries."""
    places = [place for place, field in enumerate(fields) if field.is_geometry]
    if len(places) != 1:
        count = write_count(len(places), "field of geometries", "fields of geometries")
        raise InvalidValue(f"its record set has {count}", "one Field of esriFieldTypeGeometry")
    return places[0]
