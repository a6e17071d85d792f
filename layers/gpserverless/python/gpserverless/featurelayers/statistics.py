"""Figures of columns, by groups of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.featurelayers.figures import FIGURES, Groups, compute_figure
from gpserverless.featurelayers.find_rows import list_rows
from gpserverless.featurelayers.having import find_figures, select_groups
from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.featurelayers.order import sort_columns
from gpserverless.featurelayers.query import LayerFilter, Order, PageQuery, Statistic, SummaryQuery
from gpserverless.featurelayers.select import Page
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import Field
from gpserverless.features.rows import Column
from gpserverless.features.value_numbers import number_groups

MAX_GROUPS = 100_000
"""Most groups of an answer."""

_ACCEPTED = "names that differ, in any letter case"


def summarize(layer: LayerFile, query: SummaryQuery) -> Page:
    """Return figures of the rows of a layer: a row for each group, or one row without groups.

    Args:
        layer: The layer.
        query: The figures.

    Raises:
        InvalidValue: A field is missing or of the wrong type, a figure or a condition is wrong, or there are
            too many groups.
        RequestError: The time is over.
    """
    rows = list_rows(layer, query.filter)
    groups, keys = _divide(layer, rows, query.groups)
    having, hidden = find_figures(query.having)
    _check_names(query, hidden)
    columns: dict[str, Column] = {field.name: column for field, column in keys}
    fields = [field for field, _ in keys]
    for figure in (*query.statistics, *hidden):
        field, columns[figure.name] = _measure(layer, rows, groups, figure)
        fields.append(field)
    table = Table(tuple(fields), columns)
    by_groups = tuple(Order(field.name) for field, _ in keys)
    shown = [field.name for field in fields if field.name not in {each.name for each in hidden}]
    chosen = select_groups(table, having, query.filter.now).only(*shown)
    return _take_page(chosen, (*query.order_by, *by_groups), query.offset, query.limit)


def select_distinct(layer: LayerFile, query: PageQuery) -> Page:
    """Return a page of the different combinations of values of the fields of a query; null is a value.

    Args:
        layer: The layer.
        query: The fields and the page; its order is by these fields, which are the order without one.

    Raises:
        InvalidValue: A field is missing, the condition is wrong, or there are too many combinations.
        RequestError: The time is over.
    """
    _, keys = _divide(layer, list_rows(layer, query.filter), _require_names(query.fields))
    table = Table(tuple(field for field, _ in keys), {field.name: column for field, column in keys})
    order = (*query.order_by, *(Order(field.name) for field, _ in keys))
    return _take_page(table, order, query.offset, query.limit)


def count_distinct(layer: LayerFile, wanted: LayerFilter, fields: Sequence[str]) -> int:
    """Return the number of different combinations of values; null is a value.

    Args:
        layer: The layer.
        wanted: The filter.
        fields: Declared names of the columns.

    Raises:
        InvalidValue: A field is missing, or the condition is wrong.
    """
    return _number(layer, list_rows(layer, wanted), _find_fields(layer, _require_names(fields))).count


def _divide(
    layer: LayerFile, rows: RowNumbers, names: Sequence[str]
) -> tuple[Groups, list[tuple[Field, Column]]]:
    """Return the groups of rows, and the values that each has."""
    fields = _find_fields(layer, names)
    groups = _number(layer, rows, fields)
    if fields and groups.count > MAX_GROUPS:
        raise InvalidValue(
            f"the values of {', '.join(f.name for f in fields)} make {groups.count:,} groups",
            f"at most {MAX_GROUPS:,}",
        )
    first = np.full(groups.count, len(rows), np.int64)
    np.minimum.at(first, groups.numbers, np.arange(len(rows)))
    keys = [(replace(f, nullable=None), layer.read_column(f, rows[first])) for f in fields]
    return groups, keys


def _require_names(names: Sequence[str]) -> Sequence[str]:
    if not names:
        raise InvalidValue("no field is named whose different values are wanted", "names of fields")
    return names


def _find_fields(layer: LayerFile, names: Sequence[str]) -> list[Field]:
    """Return the fields of names, each once."""
    found = [layer.schema.field(name) for name in names]
    return list({field.name: field for field in found}.values())


def _number(layer: LayerFile, rows: RowNumbers, fields: Sequence[Field]) -> Groups:
    if not fields:
        return Groups(np.zeros(len(rows), np.int64), 1)
    numbers: NDArray[np.int64] = number_groups([layer.read_column(field, rows) for field in fields])
    return Groups(numbers, int(numbers.max(initial=-1)) + 1)


def _measure(layer: LayerFile, rows: RowNumbers, groups: Groups, figure: Statistic) -> tuple[Field, Column]:
    kind = figure.type.lower()
    if kind not in FIGURES:
        raise InvalidValue(f"there is no statistic '{figure.type[:40]}'", ", ".join(FIGURES))
    layer.check()
    field = layer.fields[0] if figure.field == "*" and kind == "count" else layer.schema.field(figure.field)
    return compute_figure(field, layer.read_column(field, rows), groups, replace(figure, type=kind))


def _check_names(query: SummaryQuery, hidden: Sequence[Statistic]) -> None:
    names = [*dict.fromkeys(query.groups), *(each.name for each in (*query.statistics, *hidden))]
    seen: set[str] = set()
    for name in names:
        if not name or name.upper() in seen:
            raise InvalidValue(f"two columns of the answer have the name '{name[:60]}'", _ACCEPTED)
        seen.add(name.upper())


def _take_page(table: Table, order_by: Sequence[Order], offset: int, limit: int) -> Page:
    order = np.arange(len(table))
    if order_by:
        order = sort_columns([(table.column(key.field), key.descending) for key in order_by])
    return Page(table.take(order[offset : offset + limit]), offset + limit < len(table))
