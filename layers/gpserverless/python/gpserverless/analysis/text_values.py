"""Values of fields as texts."""

from __future__ import annotations

import numpy as np

from gpserverless.features.attribute_values import write_text
from gpserverless.features.feature_set import Column
from gpserverless.features.fields import DATE
from gpserverless.features.rows import is_null, make_object_column


def write_texts(column: Column, kind: str = "") -> Column:
    """Return the values of a field as texts, shape (N,), None for null.

    Whole numbers have no point, dates are written as ISO 8601 in UTC.

    Args:
        column: Numbers with NaN for null, or objects with None.
        kind: Type of the field.
    """
    return make_object_column([_write_value(value, kind) for value in column.tolist()])


def _write_value(value: object, kind: str) -> str | None:
    if is_null(value):
        return None
    if kind == DATE and isinstance(value, int | float):
        return str(np.datetime64(int(value), "ms")) + "Z"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return write_text(value)
