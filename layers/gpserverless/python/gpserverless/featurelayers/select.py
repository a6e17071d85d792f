"""Pages of rows; and the number, the ids and the extent of all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.featurelayers.find_rows import find_rows, list_rows
from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.featurelayers.manifest import Extent
from gpserverless.featurelayers.order import shorten_order, sort_rows
from gpserverless.featurelayers.query import LayerFilter, Order, PageQuery
from gpserverless.featurelayers.spatial_order import find_bounds
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.values.spatial_reference import SpatialReference


@dataclass(frozen=True)
class Page:
    """Some rows of an answer.

    Attributes:
        rows: The rows in their order; a table if shapes were not wanted.
        exceeded: Whether there are more rows behind them.
    """

    rows: FeatureSet[Any] | Table
    exceeded: bool


def select_page(layer: LayerFile, query: PageQuery) -> Page:
    """Return a page of the rows of a layer, never shorter than its limit while there are more.

    Args:
        layer: The layer.
        query: The page.

    Raises:
        InvalidValue: A field is missing, or the condition is wrong.
        RequestError: The time is over.
    """
    names = dict.fromkeys([layer.fields[0].name, *(layer.schema.field(name).name for name in query.fields)])
    fields = tuple(layer.schema.field(name) for name in names)
    rows, count = _choose_rows(layer, query)
    columns = {each.name: layer.read_column(each, rows) for each in fields}
    exceeded = query.offset + len(rows) < count
    manifest = layer.manifest
    if manifest.is_table or not query.with_geometry:
        return Page(Table(fields, columns), exceeded)
    reference = SpatialReference.from_optional_json(manifest.spatial_reference)
    features: FeatureSet[Any] = FeatureSet(
        fields,
        columns,
        layer.read_shapes(rows),
        reference,
        manifest.geometry_type,
        manifest.has_z,
        manifest.has_m,
    )
    return Page(features, exceeded)


def count_rows(layer: LayerFile, wanted: LayerFilter) -> int:
    """Return the number of rows for which a filter holds.

    Args:
        layer: The layer.
        wanted: The filter.

    Raises:
        InvalidValue: The condition is wrong.
    """
    rows = find_rows(layer, wanted)
    return layer.manifest.count if rows is None else len(rows)


def select_ids(layer: LayerFile, wanted: LayerFilter, order_by: Sequence[Order] = ()) -> NDArray[np.int64]:
    """Return all object ids for which a filter holds, ascending or in another order.

    Args:
        layer: The layer.
        wanted: The filter.
        order_by: The order.

    Raises:
        InvalidValue: A field is missing, or the condition is wrong.
    """
    order_by = shorten_order(layer, order_by)
    rows = find_rows(layer, wanted)
    if not order_by:
        return layer.sorted_ids if rows is None else np.sort(layer.read_ids(rows))
    return layer.read_ids(_sort(layer, wanted, rows, order_by))


def find_extent(layer: LayerFile, wanted: LayerFilter) -> Extent | None:
    """Return the bounds of the shapes for which a filter holds; None without any.

    Args:
        layer: The layer.
        wanted: The filter.

    Raises:
        InvalidValue: The condition is wrong.
    """
    rows = find_rows(layer, wanted)
    if rows is None or layer.manifest.is_table:
        return layer.manifest.extent
    return find_bounds(layer.read_bounds(rows)) if len(rows) else None


def list_bounds(layer: LayerFile, wanted: LayerFilter) -> NDArray[np.float64]:
    """Return the bounds of each shape for which a filter holds, shape (N, 4); NaN for none.

    Args:
        layer: The layer, which has shapes.
        wanted: The filter.

    Raises:
        InvalidValue: The condition is wrong.
    """
    return layer.read_bounds(list_rows(layer, wanted))


def _choose_rows(layer: LayerFile, query: PageQuery) -> tuple[RowNumbers, int]:
    """Return the rows of a page in their order, and the number of all."""
    order_by = shorten_order(layer, query.order_by)
    rows = find_rows(layer, query.filter)
    count = layer.manifest.count if rows is None else len(rows)
    begin, end = (min(place, count) for place in (query.offset, query.offset + query.limit))
    if rows is None and not order_by:
        return layer.read_order(np.arange(begin, end)), count
    return _sort(layer, query.filter, rows, order_by)[begin:end], count


def _sort(
    layer: LayerFile, wanted: LayerFilter, rows: RowNumbers | None, order_by: tuple[Order, ...]
) -> RowNumbers:
    some = np.arange(layer.manifest.count) if rows is None else rows
    order = layer.recall_rows("order", (wanted, order_by), lambda: sort_rows(layer, some, order_by))
    return some if order is None else order
