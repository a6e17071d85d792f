"""Attribute columns that GDAL has read, converted to fields and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DATE_ONLY,
    DOUBLE,
    INTEGER,
    OBJECT_ID_NAMES,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.features.rows import Column, make_object_column
from gpserverless.formats.files.file_formats import FileFormat


def read_column(
    name: str, values: NDArray[Any], kind: str, subtype: str, source: FileFormat
) -> tuple[Field, Column]:
    """Convert a column that GDAL has read; return its field and values.

    Args:
        name: Name of the field.
        values: Shape (N,): integers with nulls are floats with NaN, dates are texts.
        kind: GDAL's type, such as OFTInteger64.
        subtype: GDAL's subtype, such as OFSTInt16.
        source: Format of the file.
    """
    if kind == "OFTReal":
        return Field(name, SINGLE if subtype == "OFSTFloat32" else DOUBLE), values.astype(np.float64)
    if kind == "OFTInteger" and subtype == "OFSTBoolean":
        return Field(name, SMALL_INTEGER), _to_integers(values)
    if kind in ("OFTInteger", "OFTInteger64"):
        return _make_integer_field(name, _to_integers(values), kind, subtype)
    if kind == "OFTDateTime" or (kind == "OFTDate" and source.name == "Shapefile"):
        return Field(name, DATE), _to_milliseconds(values)
    if kind == "OFTDate":
        return Field(name, DATE_ONLY), make_object_column(
            [None if v is None else str(v)[:10] for v in values.tolist()]
        )
    return Field(name, STRING), make_object_column([None if v is None else str(v) for v in values.tolist()])


def mark_object_id(fields: Sequence[Field], columns: dict[str, Column]) -> tuple[Field, ...]:
    """Make the first field an object id that has such a name and different integers; return all fields.

    Args:
        fields: The fields.
        columns: Their values by name, each of shape (N,).
    """
    for index, field in enumerate(fields):
        column = columns[field.name]
        if (
            field.name.lower() in OBJECT_ID_NAMES
            and field.type in (INTEGER, BIG_INTEGER)
            and column.dtype.kind == "i"
            and len(np.unique(column)) == len(column)
        ):
            return (*fields[:index], replace(field, type=OID), *fields[index + 1 :])
    return tuple(fields)


def _make_integer_field(name: str, column: Column, kind: str, subtype: str) -> tuple[Field, Column]:
    if kind == "OFTInteger64":
        return Field(name, BIG_INTEGER), column
    return Field(name, SMALL_INTEGER if subtype == "OFSTInt16" else INTEGER), column


def _to_integers(values: NDArray[Any]) -> Column:
    """Convert to int64, with nulls to objects with None."""
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        return make_object_column([None if v != v else int(v) for v in values.tolist()])  # noqa: PLR0124 - NaN
    return make_object_column([None if v is None else int(v) for v in values.tolist()])


def _to_milliseconds(values: NDArray[Any]) -> Column:
    """Convert texts of ISO 8601 to milliseconds since 1970; without a time zone they are in UTC."""
    stamps = [None if v is None else _parse_timestamp(str(v)) for v in values.tolist()]
    return make_object_column(stamps) if None in stamps else np.array(stamps, np.int64)


def _parse_timestamp(text: str) -> int:
    moment = datetime.fromisoformat(text)
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
