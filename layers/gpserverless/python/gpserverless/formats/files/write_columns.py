"""Attribute columns in the form that GDAL writes: typed arrays with masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.features.attribute_values import write_text
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DATE_ONLY,
    FLOAT_TYPES,
    INTEGER,
    INTEGER_TYPES,
    OID,
    SINGLE,
    SMALL_INTEGER,
    Field,
)
from gpserverless.features.rows import Column, Rows
from gpserverless.formats.files.file_formats import FileFormat
from gpserverless.formats.files.warn import Warn

_WIDTHS = {SMALL_INTEGER: np.int16, INTEGER: np.int32, OID: np.int32}
_UTC = 100  # GDAL's time zone flag of UTC
_LONGEST_DBF_TEXT = 254
_DBF_DIGITS = 2**53


@dataclass(frozen=True)
class GdalColumns:
    """Columns in the form that GDAL takes.

    Attributes:
        names: Names of the fields in the file.
        arrays: The values of each field, shape (N,).
        masks: For each field the mask of nulls, shape (N,), or None.
        zones: For each field with a time of day GDAL's flags of the time zone, shape (N,).
        exact: Whether a file geodatabase needs the field types of ArcGIS Pro 3.2.
    """

    names: list[str]
    arrays: list[NDArray[Any]]
    masks: list[NDArray[np.bool_] | None]
    zones: dict[str, NDArray[np.int32]]
    exact: bool


def encode_columns(rows: Rows, target: FileFormat, warn: Warn) -> GdalColumns:
    """Encode the columns of rows for a format.

    Args:
        rows: A table or feature set of N rows.
        target: The format.
        warn: Takes a sentence about every loss.
    """
    fields = list(rows.fields)
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
    """Return names that a format accepts and that differ in more than letter case."""
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
    texts = np.array([None if v is None else write_text(v) for v in column.tolist()], object)
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
