"""Numbers for the values of columns: of groups of equal ones, and of places in an order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gpserverless.features.rows import Column, is_null


def number_groups(columns: Sequence[Column]) -> NDArray[np.int64]:
    """Number the combinations of values, from 0 in the order of their first row, shape (N,).

    Nulls are equal to each other, as None in a column of objects and as NaN among floats.

    Args:
        columns: At least one, each of shape (N,).
    """
    groups = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values = _number_values(column)
        both = groups * (values.max(initial=0) + 1) + values
        _, first, inverse = np.unique(both, return_index=True, return_inverse=True)
        groups = np.argsort(np.argsort(first))[inverse]
    return groups


def _number_values(column: Column) -> NDArray[np.int64]:
    if column.dtype.kind != "O":
        return np.asarray(np.unique(column, return_inverse=True)[1], np.int64)
    items = [None if is_null(item) else item for item in column.tolist()]
    numbers = {item: number for number, item in enumerate(dict.fromkeys(items))}
    return np.array([numbers[item] for item in items], np.int64)


def rank_objects(column: Column) -> NDArray[np.int64]:
    """Number the different values of a column of objects in their order, shape (N,), numbers before texts.

    Args:
        column: Shape (N,); null is -1, the least value 0.
    """
    items = [None if is_null(item) else item for item in column.tolist()]
    ordered = sorted(set(items) - {None}, key=lambda item: (isinstance(item, str), item))
    places = {item: place for place, item in enumerate(ordered)} | {None: -1}
    return np.array([places[item] for item in items], np.int64)
