"""Attributes and shapes of features as messages of PBF, whole columns at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpserverless.features.fields import DATE, OID, Field
from gpserverless.features.rows import Column, is_null
from gpserverless.geometry.coordinate_arrays import CoordinateArrays
from gpserverless.geometry.geometry_types import POINT
from gpserverless.protocols.featureserver.quantization import compute_differences
from gpserverless.protocols.featureserver.wire_messages import (
    Texts,
    encode_varints,
    fold_signs,
    join_texts,
    make_tag,
    put_in_fields,
)

_INT32 = 2**31
_TEXT, _DOUBLE, _SINT32, _INT64, _UINT64 = 1, 3, 4, 6, 7  # fields of Value
_ATTRIBUTE, _GEOMETRY = 1, 2  # fields of Feature
_LENGTHS, _COORDINATES = 2, 3  # fields of Geometry


def encode_attributes(fields: Sequence[Field], columns: Sequence[Column]) -> Texts:
    """Return the attributes of N features: a value for each field, which is empty for null.

    Args:
        fields: The fields, at least one.
        columns: The values of each, of shape (N,).
    """
    values = [encode_column(field, column) for field, column in zip(fields, columns, strict=True)]
    return join_texts([put_in_fields(_ATTRIBUTE, each) for each in values])


def encode_column(field: Field, column: Column) -> Texts:
    """Return the values of a field as messages.

    Args:
        field: The field.
        column: Its values, shape (N,).
    """
    known = np.ones(len(column), bool)
    if column.dtype.kind == "O":
        items = column.tolist()
        known = np.fromiter((not is_null(item) for item in items), bool, len(items))
        column = _make_plain(items, known)
    elif column.dtype.kind == "f":
        known = ~np.isnan(column)
    if column.dtype.kind == "O":
        return put_in_fields(_TEXT, Texts.of([_encode_text(item) for item in column.tolist()])).keep(known)
    if column.dtype.kind == "f":
        return _encode_doubles(column).keep(known)
    return _encode_integers(field, column.astype(np.int64)).keep(known)


def _make_plain(items: list[object], known: np.ndarray) -> Column:
    """Return a column without null: of numbers if all are, else of objects."""
    kinds = {type(item) for item, is_known in zip(items, known.tolist(), strict=True) if is_known}
    if kinds and kinds <= {int, bool}:
        return np.array([item if k else 0 for item, k in zip(items, known.tolist(), strict=True)], np.int64)
    if kinds and kinds <= {int, bool, float}:
        return np.array([item if k else 0.0 for item, k in zip(items, known.tolist(), strict=True)], float)
    plain = np.empty(len(items), object)
    plain[:] = items
    return plain


def _encode_text(item: object) -> bytes:
    return ("" if item is None else str(item)).encode("utf-8", "replace")


def _encode_doubles(column: Column) -> Texts:
    data = np.ascontiguousarray(column, "<f8").view(np.uint8)
    values = Texts(data, np.full(len(column), 8, np.int64))
    return join_texts([Texts.repeat(make_tag(_DOUBLE, 1), len(column)), values])


def _encode_integers(field: Field, column: Column) -> Texts:
    number, values = _SINT32, column
    if field.type == OID:
        number = _UINT64
    elif field.type == DATE or (len(column) and np.abs(column).max() >= _INT32):
        number = _INT64
    else:
        values = fold_signs(column)
    return join_texts([Texts.repeat(make_tag(number, 0), len(column)), encode_varints(values)])


def encode_shapes(flat: CoordinateArrays) -> Texts:
    """Return the shapes of N features; nothing for a null one.

    Args:
        flat: Quantized geometries, with vertices as steps from the origin.
    """
    vertices = encode_varints(fold_signs(compute_differences(flat).reshape(-1)))
    width = flat.coordinates.shape[1]
    parts_of_features = flat.features
    coordinates = vertices.group(flat.parts[parts_of_features] * width)
    pieces = [put_in_fields(_COORDINATES, coordinates)]
    if flat.geometry_type != POINT:
        lengths = encode_varints(np.diff(flat.parts)).group(parts_of_features)
        pieces = [put_in_fields(_LENGTHS, lengths), *pieces]
    return put_in_fields(_GEOMETRY, join_texts(pieces)).keep(np.diff(flat.features) > 0)
