"""The order of rows by the values of columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.featurelayers.query import Order
from gpserverless.features.rows import Column
from gpserverless.features.value_numbers import rank_objects


def sort_rows(layer: LayerFile, rows: RowNumbers, order_by: Sequence[Order]) -> RowNumbers:
    """Return rows in an order; ties, and all rows without an order, are by object id.

    Args:
        layer: The layer.
        rows: The rows.
        order_by: The keys, the first the most important.

    Raises:
        InvalidValue: There is no such field.
    """
    keys = [(layer.read_column(layer.schema.field(key.field), rows), key.descending) for key in order_by]
    return rows[sort_columns([*keys, (layer.read_ids(rows), False)])]


def shorten_order(layer: LayerFile, order_by: Sequence[Order]) -> tuple[Order, ...]:
    """Return an order without the keys that decide nothing: those behind the object id, and itself ascending.

    Args:
        layer: The layer.
        order_by: The keys.

    Raises:
        InvalidValue: There is no such field.
    """
    names = [layer.schema.field(key.field).name for key in order_by]
    key = layer.manifest.object_id_field
    if key not in names:
        return tuple(order_by)
    place = names.index(key)
    return tuple(order_by[: place + order_by[place].descending])


def sort_columns(keys: Sequence[tuple[Column, bool]]) -> NDArray[np.int64]:
    """Return the order of rows by columns; null comes before all values, or after them if descending.

    Args:
        keys: Columns of shape (N,) and whether large values come first, the first the most important.
    """
    levels = [level for column, descending in keys for level in _make_levels(column, descending)]
    return np.lexsort(levels[::-1])


def _make_levels(column: Column, descending: bool) -> list[Column]:
    """Return one or two columns of numbers that are ordered as the values are, and ascending."""
    if column.dtype.kind == "O":
        column = rank_objects(column)
    if column.dtype.kind == "i":
        return [~column if descending else column]  # the sign of the smallest number cannot be changed
    null = np.isnan(column)
    values = np.where(null, 0.0, column)
    return [null, -values] if descending else [~null, values]
