"""Attribute columns as GDAL has them: typed arrays with masks, and back to fields and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DOUBLE,
    FLOAT_TYPES,
    INTEGER,
    INTEGER_TYPES,
    OBJECT_ID_NAMES,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.features.rows import Column, Rows, make_object_column
from gpserverless.formats.files.file_formats import FileFormat

DATE_ONLY = "esriFieldTypeDateOnly"
_WIDTHS = {SMALL_INTEGER: np.int16, INTEGER: np.int32, OID: np.int32}
_NOT_WRITTEN = frozenset({"esriFieldTypeBlob", "esriFieldTypeRaster"})
_UTC = 100  # GDAL's time zone flag of UTC
_LONGEST_DBF_TEXT = 254
_DBF_DIGITS = 2**53
Warn = Callable[[str], None]


@dataclass(frozen=True)
class GdalColumns:
    """Columns as GDAL takes them.

    Attributes:
        names: Names of the fields in the file.
        arrays: Their values.
        masks: Where a value is null, each of shape (N,), or None.
        zones: For every field with a time of day, GDAL's time zone flags, shape (N,).
        exact: Whether a file geodatabase needs the field types of ArcGIS Pro 3.2.
    """

    names: list[str]
    arrays: list[NDArray[Any]]
    masks: list[NDArray[np.bool_] | None]
    zones: dict[str, NDArray[np.int32]]
    exact: bool


def encode_columns(rows: Rows, target: FileFormat, warn: Warn) -> GdalColumns:
    """Return the columns of rows as a format holds them; what it cannot hold is told to `warn`."""
    fields = [f for f in rows.fields if f.type not in _NOT_WRITTEN]
    if len(fields) < len(rows.fields):
        left = [f.name for f in rows.fields if f.type in _NOT_WRITTEN]
        warn(f"Fields of bytes are not written: {', '.join(left)}.")
    if target.name == "File Geodatabase":  # it numbers its rows itself
        fields = [f for f in fields if f.type != OID]
    names = _choose_names([f.name for f in fields], target, warn)
    done = GdalColumns(names, [], [], {}, exact=any(f.type in (BIG_INTEGER, DATE_ONLY) for f in fields))
    for name, field in zip(names, fields, strict=True):
        array, mask = _encode_column(field, rows.columns[field.name], target, warn)
        if array.dtype == np.dtype("datetime64[ms]"):
            done.zones[name] = np.full(len(array), _UTC, np.int32)
        done.arrays.append(array)
        done.masks.append(mask)
    return done


def _choose_names(names: Sequence[str], target: FileFormat, warn: Warn) -> list[str]:
    """Return names that a format takes and that differ in more than letter case."""
    taken: set[str] = set()
    made = []
    for name in names:
        short, number = _cut(name, target.longest_name), 0
        while short.lower() in taken:
            number += 1
            end = f"_{number}"
            room = None if target.longest_name is None else target.longest_name - len(end)
            short = _cut(name, room) + end
        taken.add(short.lower())
        made.append(short)
    changed = [f"{name} to {new}" for name, new in zip(names, made, strict=True) if name != new]
    if changed:
        warn(f"{target.name} fields were renamed: {', '.join(changed)}.")
    return made


def _cut(name: str, longest: int | None) -> str:
    return name if longest is None else name.encode()[:longest].decode(errors="ignore")


def _encode_column(
    field: Field, column: Column, target: FileFormat, warn: Warn
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    if field.type == DATE and _is_whole(column):
        return _encode_dates(field, column, target, warn), None
    if field.type in FLOAT_TYPES and (column.dtype.kind == "f" or _is_number(column)):
        return column.astype(np.float32 if field.type == SINGLE else np.float64), None
    if field.type in INTEGER_TYPES and field.type != DATE and _is_whole(column):
        return _encode_integers(field, column, target, warn)
    texts = np.array([None if v is None else str(v) for v in column.tolist()], object)
    if field.type == DATE_ONLY and (days := _parse_days(texts)) is not None:
        return days, None
    if target.name == "Shapefile" and any(len(t.encode()) > _LONGEST_DBF_TEXT for t in texts if t):
        warn(f"Texts of field {field.name} were cut to {_LONGEST_DBF_TEXT} bytes.")
    return texts, None


def _is_whole(column: Column) -> bool:
    return column.dtype.kind in "iu" or all(v is None or isinstance(v, int) for v in column.tolist())


def _is_number(column: Column) -> bool:
    return all(v is None or isinstance(v, int | float) for v in column.tolist())


def _encode_integers(
    field: Field, column: Column, target: FileFormat, warn: Warn
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    mask = None if column.dtype.kind in "iu" else np.array([v is None for v in column.tolist()], bool)
    values = column if mask is None else np.where(mask, 0, column)
    whole = values.astype(np.int64)
    width: Any = np.dtype(_WIDTHS.get(field.type, np.int64))
    fits = not len(whole) or (whole.min() >= np.iinfo(width).min and whole.max() <= np.iinfo(width).max)
    if target.name == "Shapefile" and len(whole) and max(-int(whole.min()), int(whole.max())) > _DBF_DIGITS:
        warn(f"Field {field.name} holds integers of more digits than a shapefile keeps apart.")
    return whole.astype(width if fits else np.int64), mask


def _encode_dates(field: Field, column: Column, target: FileFormat, warn: Warn) -> NDArray[Any]:
    stamps = np.array(["NaT" if v is None else v for v in column.tolist()], "datetime64[ms]")
    if target.name != "Shapefile":
        return stamps
    days = stamps.astype("datetime64[D]")
    if (np.isnat(stamps) | (days.astype("datetime64[ms]") == stamps)).all():
        return days
    warn(f"A shapefile's dates have no time of day: field {field.name} is written as text.")
    return np.array([None if np.isnat(s) else f"{s}Z" for s in stamps], object)


def _parse_days(texts: NDArray[np.object_]) -> NDArray[Any] | None:
    try:
        return np.array(["NaT" if t is None else t for t in texts.tolist()], "datetime64[D]")
    except ValueError:
        return None


def read_column(
    name: str, values: NDArray[Any], kind: str, subtype: str, source: FileFormat
) -> tuple[Field, Column]:
    """Return field and column of what GDAL has read.

    Args:
        name: Name of the field.
        values: Its values: integers with nulls come as floats with NaN, dates as texts.
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
    """Return the fields with the first one that is named and numbered like an object id as one."""
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
    """Return integers as such where all are given, else as objects with None."""
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        return make_object_column([None if v != v else int(v) for v in values.tolist()])  # noqa: PLR0124 - NaN
    return make_object_column([None if v is None else int(v) for v in values.tolist()])


def _to_milliseconds(values: NDArray[Any]) -> Column:
    """Return texts of ISO 8601 as milliseconds since 1970; without a time zone they are UTC."""
    stamps = [None if v is None else _parse_timestamp(str(v)) for v in values.tolist()]
    return make_object_column(stamps) if None in stamps else np.array(stamps, np.int64)


def _parse_timestamp(text: str) -> int:
    moment = datetime.fromisoformat(text)
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
