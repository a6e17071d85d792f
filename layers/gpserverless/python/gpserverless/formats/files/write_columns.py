"""Attribute columns in the form that GDAL writes: typed arrays with masks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
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

FindColumn = Callable[[Field], Column]
"""Returns all values of a column."""

MOMENT: np.dtype[Any] = np.dtype("datetime64[ms]")
"""Type of moments in UTC."""

DAY: np.dtype[Any] = np.dtype("datetime64[D]")
"""Type of days."""

TEXT: np.dtype[Any] = np.dtype(object)
"""Type of texts."""

_WIDTHS = {SMALL_INTEGER: np.int16, INTEGER: np.int32, OID: np.int32}
_UTC = 100  # GDAL's time zone flag of UTC
_LONGEST_DBF_TEXT = 254
_DBF_DIGITS = 2**53
_DAY_TEXT = re.compile(r"(?!0000)\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST, _LAST = np.array(["0001-01-01T00:00", "9999-12-31T23:59:59.999"], MOMENT)
_SECOND, _MINUTE = 1_000, 60_000


@dataclass(frozen=True)
class ColumnForm:
    """How a column is written, the same for every part of it.

    Attributes:
        field: The column.
        name: Its name in the file.
        dtype: Type of its values: numbers, days, moments, or objects for texts.
        is_dated: Whether its moments are written as texts.
    """

    field: Field
    name: str
    dtype: np.dtype[Any]
    is_dated: bool = False


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
    forms = choose_forms(fields, lambda field: rows.columns[field.name], target, warn)
    done = GdalColumns([form.name for form in forms], [], [], {}, _need_exact_types(forms, rows))
    for form in forms:
        array, mask = encode_column(form, rows.columns[form.field.name])
        if array.dtype == MOMENT:
            done.zones[form.name] = np.full(len(array), _UTC, np.int32)
        done.arrays.append(array)
        done.masks.append(mask)
    return done


def _need_exact_types(forms: Sequence[ColumnForm], rows: Rows) -> bool:
    """Return whether an older file geodatabase would hold other types, or moments without milliseconds."""
    if any(form.field.type in (BIG_INTEGER, DATE_ONLY) for form in forms):
        return True
    moments = (form for form in forms if form.dtype == MOMENT)
    return any(_has_milliseconds(_read_stamps(rows.columns[form.field.name])) for form in moments)


def _has_milliseconds(stamps: NDArray[Any]) -> bool:
    return bool((stamps[~np.isnat(stamps)].astype(np.int64) % _SECOND).any())


def choose_forms(
    fields: Sequence[Field], find_column: FindColumn, target: FileFormat, warn: Warn
) -> list[ColumnForm]:
    """Return how columns are written in a format, by the values of all rows.

    Args:
        fields: The columns.
        find_column: Returns all values of a column; it is not called where its type alone decides.
        target: The format.
        warn: Takes a sentence about every loss.
    """
    names = _choose_names([field.name for field in fields], target, warn)
    named = zip(fields, names, strict=True)
    return [_choose_form(field, name, partial(find_column, field), target, warn) for field, name in named]


def _choose_form(
    field: Field, name: str, find: Callable[[], Column], target: FileFormat, warn: Warn
) -> ColumnForm:
    dtype = TEXT
    if field.type == DATE and _is_whole(column := find()):
        return _choose_date_form(field, name, column, target, warn)
    if field.type in FLOAT_TYPES and _is_number(find()):
        dtype = np.dtype(np.float32 if field.type == SINGLE else np.float64)
    elif field.type in INTEGER_TYPES and field.type != DATE and _is_whole(column := find()):
        dtype = _choose_width(field, column, target, warn)
    elif field.type == DATE_ONLY and _parse_days(_write_texts(find())) is not None:
        dtype = DAY
    elif target.name == "Shapefile" and _is_cut(find()):
        warn(f"Texts of field {field.name} were cut to {_LONGEST_DBF_TEXT} bytes.")
    return ColumnForm(field, name, dtype)


def _choose_date_form(field: Field, name: str, column: Column, target: FileFormat, warn: Warn) -> ColumnForm:
    stamps = _read_stamps(column)
    as_text = ColumnForm(field, name, TEXT, is_dated=True)
    if ((stamps < _FIRST) | (stamps > _LAST)).any():  # GDAL writes others for them, or fails
        warn(f"Dates before the year 1 or after 9999 are no dates of files: field {field.name} is text.")
        return as_text
    if target.batched and _has_shifted(stamps):
        warn(f"Parts of a second before 1970 are not kept by GDAL: field {field.name} is written as text.")
        return as_text
    if target.name != "Shapefile":
        return ColumnForm(field, name, MOMENT)
    if (np.isnat(stamps) | (stamps.astype(DAY).astype(MOMENT) == stamps)).all():
        return ColumnForm(field, name, DAY)
    warn(f"A shapefile's dates have no time of day: field {field.name} is written as text.")
    return as_text


def _has_shifted(stamps: NDArray[Any]) -> bool:
    """Return whether GDAL would write one of some moments as another.

    It cuts the seconds of Arrow's moments toward 1970, so the last second before a full minute becomes that
    minute (ArrowTimestampToOGRDateTime in ogrlayerarrow.cpp).
    """
    counted = stamps[~np.isnat(stamps)].astype(np.int64)
    return bool(((counted < 0) & (counted % _MINUTE > _MINUTE - _SECOND)).any())


def encode_column(form: ColumnForm, column: Column) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return values as they are written, and a mask of nulls if the values do not tell them.

    Args:
        form: How the column is written.
        column: Some of its values, shape (N,).

    Raises:
        InvalidValue: GDAL would cut a text.
    """
    if form.field.type == DATE and (form.dtype != TEXT or form.is_dated):
        stamps = _read_stamps(column)
        if form.is_dated:
            return np.array([None if np.isnat(s) else f"{s}Z" for s in stamps], object), None
        return stamps.astype(form.dtype), None
    if form.dtype.kind == "f":
        return column.astype(form.dtype), None
    if form.dtype.kind == "i":
        mask = None if column.dtype.kind in "iu" else np.array([v is None for v in column.tolist()], bool)
        return (column if mask is None else np.where(mask, 0, column)).astype(form.dtype), mask
    texts = _write_texts(column)
    _refuse_zeros(form.field, texts)
    days = _parse_days(texts) if form.dtype == DAY else None
    return (texts if days is None else days), None


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


def _is_whole(column: Column) -> bool:
    return column.dtype.kind in "iu" or all(v is None or isinstance(v, int) for v in column.tolist())


def _is_number(column: Column) -> bool:
    return column.dtype.kind == "f" or all(v is None or isinstance(v, int | float) for v in column.tolist())


def _is_cut(column: Column) -> bool:
    return any(len(text.encode()) > _LONGEST_DBF_TEXT for text in _write_texts(column) if text)


def _choose_width(field: Field, column: Column, target: FileFormat, warn: Warn) -> np.dtype[Any]:
    """Return the width of integers: that of the field's type, unless a value needs more."""
    known = column if column.dtype.kind in "iu" else np.array([v for v in column.tolist() if v is not None])
    whole = known.astype(np.int64)
    width: Any = np.dtype(_WIDTHS.get(field.type, np.int64))
    fits = not len(whole) or (whole.min() >= np.iinfo(width).min and whole.max() <= np.iinfo(width).max)
    if target.name == "Shapefile" and len(whole) and max(-int(whole.min()), int(whole.max())) > _DBF_DIGITS:
        warn(f"Field {field.name} holds integers of more digits than a shapefile keeps apart.")
    return width if fits else np.dtype(np.int64)


def _read_stamps(column: Column) -> NDArray[Any]:
    return np.array(["NaT" if v is None else v for v in column.tolist()], MOMENT)


def _write_texts(column: Column) -> NDArray[np.object_]:
    texts: NDArray[np.object_] = np.empty(len(column), object)
    texts[:] = [None if v is None else write_text(v) for v in column.tolist()]
    return texts


def _refuse_zeros(field: Field, texts: NDArray[np.object_]) -> None:
    """Raise for a text that GDAL would end in the middle."""
    if any(text and "\0" in text for text in texts.tolist()):
        raise InvalidValue(
            f"a text of field {field.name} has the character U+0000, which ends a text in files",
            "texts without it",
        )


def _parse_days(texts: NDArray[np.object_]) -> NDArray[Any] | None:
    """Return days; None if a text is no day of the years 1 to 9999. NumPy would read "today" as well."""
    if not all(text is None or _DAY_TEXT.fullmatch(text) for text in texts.tolist()):
        return None
    try:
        return np.array(["NaT" if t is None else t for t in texts.tolist()], DAY)
    except ValueError:
        return None
