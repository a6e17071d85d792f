"""Values brought into the type of a field, or refused."""

from __future__ import annotations

import numpy as np

from gpserverless.analysis.cases import find_nulls
from gpserverless.analysis.text_values import write_texts
from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import Column
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DOUBLE,
    INTEGER,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.features.rows import Rows, make_object_column

_BITS = {SMALL_INTEGER: 15, INTEGER: 31, BIG_INTEGER: 63}
_EXACT = 2.0**53  # whole numbers beyond it have no floats of their own


def convert_column(rows: Rows, name: str, target: Field) -> Column:
    """Return the values of a field in the type of another one.

    Args:
        rows: A table or feature set.
        name: Name of its field.
        target: The other field.

    Raises:
        InvalidValue: A value does not fit.
    """
    field = rows.field(name)
    return fit_values(rows.columns[field.name], field.type, target)


def fit_values(column: Column, kind: str, target: Field) -> Column:
    """Return values in the type of a field.

    Numbers and dates become texts in a field of texts. Nothing is rounded or cut.

    Args:
        column: Numbers with NaN for null, or objects with None.
        kind: Type of the values: that of a field.
        target: The field.

    Raises:
        InvalidValue: A value does not fit; it is named.
    """
    numbers = _BITS.keys() | {SINGLE, DOUBLE, "esriFieldTypeOID"}
    if target.type == STRING:
        return _check_lengths(column if kind == STRING else write_texts(column, kind), target)
    if target.type in (SINGLE, DOUBLE) and kind in numbers:
        return np.asarray(column, np.float64)
    if target.type in _BITS and kind in numbers:
        return _fit_integers(column, target)
    if kind == target.type:
        return column
    if find_nulls(column).all():
        return np.full(len(column), None, object)
    nouns = {STRING: "texts", DATE: "dates"}
    noun = nouns.get(kind, "numbers" if kind in numbers else "other values")
    raise InvalidValue(
        f"field '{target.name[:60]}' of type {target.type} cannot hold {noun}", "values of its type"
    )


def _fit_integers(column: Column, target: Field) -> Column:
    null = find_nulls(column)
    known = column[~null]
    limit = 2 ** _BITS[target.type]
    floats = known.astype(np.float64)
    bad = (floats != np.floor(floats)) | (floats >= limit) | (floats < -limit)
    if not all(isinstance(value, int) for value in known.tolist()):
        bad |= np.abs(floats) >= _EXACT
    if bad.any():
        value = known[bad][0]
        raise InvalidValue(
            f"field '{target.name[:60]}' of type {target.type} cannot hold {value}",
            "whole numbers in its range, as of ROUND, or a field of type DOUBLE",
        )
    if column.dtype.kind == "i":
        return column
    whole = [int(value) for value in known.tolist()]
    if not null.any():
        return np.array(whole, np.int64)
    result: Column = np.full(len(column), None, object)
    result[~null] = make_object_column(whole)
    return result


def _check_lengths(column: Column, target: Field) -> Column:
    limit = target.length
    if limit is not None:
        longest = max((text for text in column.tolist() if isinstance(text, str)), key=len, default="")
        if len(longest) > limit:
            raise InvalidValue(
                f"field '{target.name[:60]}' cannot hold a text of {len(longest)} characters",
                f"at most {limit}",
            )
    return column
