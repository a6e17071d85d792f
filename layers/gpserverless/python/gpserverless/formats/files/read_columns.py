"""Attribute columns that GDAL has read, converted to fields and columns."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import orjson
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
    distinguish_names,
)
from gpserverless.features.rows import Column, make_object_column
from gpserverless.formats.files.file_formats import FileFormat
from gpserverless.formats.files.gdal_columns import GdalColumn
from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count
from gpserverless.values.moments import to_milliseconds

_USUAL_LENGTH = 255


def read_column(column: GdalColumn, source: FileFormat, warn: Warn) -> tuple[Field, Column]:
    """Convert a column that GDAL has read; return its field and values.

    Args:
        column: Integers with nulls are floats with NaN, dates are texts, times of day are `datetime.time`.
        source: Format of the file.
        warn: Takes a sentence about every loss.
    """
    name, kind, subtype, values = column.name, column.kind, column.subtype, column.values
    if kind == "OFTReal":
        return Field(name, SINGLE if subtype == "OFSTFloat32" else DOUBLE), values.astype(np.float64)
    if kind == "OFTInteger" and subtype == "OFSTBoolean":
        return Field(name, SMALL_INTEGER), _to_integers(values)
    if kind in ("OFTInteger", "OFTInteger64"):
        return _make_integer_field(name, _to_integers(values), kind, subtype)
    if kind == "OFTDateTime" or (kind == "OFTDate" and source.name == "Shapefile"):
        return Field(name, DATE), _to_milliseconds(name, values, warn)
    if kind == "OFTDate":
        return Field(name, DATE_ONLY), make_object_column(
            [None if v is None else str(v)[:10] for v in values.tolist()]
        )
    return _make_text_field(name, kind, values, warn)


def _make_text_field(name: str, kind: str, values: NDArray[Any], warn: Warn) -> tuple[Field, Column]:
    """Return a field of texts, with the length of the longest if that is more than usual."""
    if kind == "OFTBinary":
        warn(f"Field {name} holds binary data (bytes); it is read as text in base64.")
    texts = [None if v is None else _write_text(v) for v in values.tolist()]
    longest = max((len(t) for t in texts if t is not None), default=0)
    return Field(name, STRING, length=longest if longest > _USUAL_LENGTH else None), make_object_column(texts)


def _write_text(value: Any) -> str:
    """Return a value as a text: lists as JSON, bytes in base64."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, np.ndarray | list):
        return orjson.dumps(np.asarray(value).tolist()).decode()
    return str(value)


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


def make_distinct(columns: Sequence[GdalColumn], warn: Warn) -> list[GdalColumn]:
    """Return columns of different names; those of a name that another one has get a number.

    Args:
        columns: The columns; letter case makes no difference of names.
        warn: Takes a sentence about the columns that get another name.
    """
    names = distinguish_names([column.name for column in columns])
    pairs = list(zip(columns, names, strict=True))
    if told := [f"{column.name} to {name}" for column, name in pairs if name != column.name]:
        warn(f"Fields of one name were renamed: {', '.join(told)}.")
    return [replace(column, name=name) for column, name in pairs]


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


def _to_milliseconds(name: str, values: NDArray[Any], warn: Warn) -> Column:
    """Convert texts of ISO 8601 to milliseconds since 1970; without a time zone they are in UTC."""
    stamps = [v if v is None or isinstance(v, int) else _parse_timestamp(str(v)) for v in values.tolist()]
    wrong = sum(s is None and v is not None for s, v in zip(stamps, values.tolist(), strict=True))
    if wrong:
        told = write_count(wrong, "value is no date", "values are no dates")
        warn(f"Field {name}: {told} of the calendar; null is read instead.")
    return make_object_column(stamps) if None in stamps else np.array(stamps, np.int64)


def _parse_timestamp(text: str) -> int | None:
    try:
        return to_milliseconds(datetime.fromisoformat(text))
    except ValueError:
        return None
