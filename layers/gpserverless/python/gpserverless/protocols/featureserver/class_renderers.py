"""Renderers of classes that are computed from the rows of a layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gpserverless.drawing.class_symbols import build_class_breaks, build_unique_values
from gpserverless.drawing.color_ramps import list_different_colors, list_ramp_colors
from gpserverless.drawing.renderer import MOST_CLASSES, is_unknown, write_class_value
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.class_breaks import find_breaks
from gpserverless.featurelayers.find_rows import list_rows
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter, Order, Statistic, SummaryQuery
from gpserverless.featurelayers.statistics import summarize
from gpserverless.features.rows import is_null
from gpserverless.formats.feature_collection import SYMBOLS
from gpserverless.protocols.featureserver.read_classification import (
    NAME,
    BreaksDefinition,
    Look,
    ValuesDefinition,
)
from gpserverless.protocols.featureserver.read_filter import check_filter
from gpserverless.values.quotation import quoted

_RAMP = {"type": "algorithmic", "algorithm": "esriCIELabAlgorithm", "fromColor": [239, 243, 255, 255],
         "toColor": [8, 69, 148, 255]}  # fmt: skip
_COUNT = "count of rows"


def make_class_renderer(
    layer: LayerFile, definition: BreaksDefinition | ValuesDefinition, wanted: LayerFilter
) -> dict[str, Any]:
    """Return a renderer as Esri JSON; the classes of a table have no symbols.

    Args:
        layer: The layer.
        definition: The classes.
        wanted: The rows from which they are computed.

    Raises:
        InvalidParameter: These rows make no such classes, or too many.
        RequestError: The time is over.
    """
    check_filter(layer, wanted)
    try:
        if isinstance(definition, BreaksDefinition):
            return _make_breaks(layer, definition, wanted)
        return _make_values(layer, definition, wanted)
    except InvalidValue as error:
        raise InvalidParameter(NAME, error.problem, error.accepted) from None


def _make_breaks(layer: LayerFile, definition: BreaksDefinition, wanted: LayerFilter) -> dict[str, Any]:
    numbers, total = _read_numbers(layer, definition, wanted)
    breaks = find_breaks(numbers, definition.rule).tolist()
    symbols = _make_symbols(layer, definition.look, len(breaks) - 1, is_ordered=True)
    renderer = build_class_breaks(definition.field, definition.rule.method, breaks, symbols)
    if definition.normalization:
        renderer["normalizationType"] = definition.normalization
    if definition.divisor:
        renderer["normalizationField"] = definition.divisor
    if total is not None:
        renderer["normalizationTotal"] = total
    return renderer


def _read_numbers(
    layer: LayerFile, definition: BreaksDefinition, wanted: LayerFilter
) -> tuple[np.ndarray, float | None]:
    """Return the numbers that are divided, and their total if they are shares of it."""
    rows = list_rows(layer, wanted)
    numbers = _read_column(layer, definition.field, rows)
    total: float | None = None
    with np.errstate(all="ignore"):
        if definition.divisor:
            numbers = numbers / _read_column(layer, definition.divisor, rows)
        elif definition.normalization == "esriNormalizeByLog":
            numbers = np.log10(numbers)
        elif definition.normalization:
            total = float(np.nansum(numbers))
            numbers = numbers / total * 100
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        problem = f"no row has a number in '{definition.field}' that can be put into a class"
        raise InvalidValue(problem, "another field, normalization or where clause")
    return numbers, total


def _read_column(layer: LayerFile, name: str, rows: np.ndarray) -> np.ndarray:
    column = layer.read_column(layer.schema.field(name), rows)
    if column.dtype.kind == "O":
        return np.array([np.nan if is_null(item) else item for item in column.tolist()], np.float64)
    return column.astype(np.float64)


def _make_values(layer: LayerFile, definition: ValuesDefinition, wanted: LayerFilter) -> dict[str, Any]:
    fields = definition.fields
    count = Statistic("count", layer.manifest.object_id_field, _COUNT)
    order = tuple(Order(name) for name in fields)
    page = summarize(layer, SummaryQuery(wanted, (count,), fields, order_by=order, limit=MOST_CLASSES))
    if page.exceeded:
        raise InvalidValue(f"there are more than {MOST_CLASSES:,} different values", "fields of fewer values")
    columns = [page.rows.column(name).tolist() for name in fields]
    counts: Counter[tuple[Any, ...]] = Counter()
    for values, number in zip(zip(*columns, strict=True), page.rows.column(_COUNT).tolist(), strict=True):
        counts[tuple(None if is_unknown(value) else value for value in values)] += number
    names = [definition.delimiter.join(map(write_class_value, values)) for values in counts]
    _check_names(names)
    symbols = _make_symbols(layer, definition.look, len(names), is_ordered=False)
    renderer = build_unique_values(fields, names, symbols, definition.delimiter)
    for info, number in zip(renderer["uniqueValueInfos"], counts.values(), strict=True):
        info["count"] = number
    return renderer


def _check_names(names: Sequence[str]) -> None:
    """Raise if two classes have one name, by which a map would draw both alike."""
    name, count = Counter(names).most_common(1)[0] if names else ("", 0)
    if count > 1:
        raise InvalidValue(
            f"different values have the same name {quoted(name)}",
            "another fieldDelimiter, or a where clause that leaves some of them out",
        )


def _make_symbols(layer: LayerFile, look: Look, count: int, *, is_ordered: bool) -> list[dict[str, Any]]:
    """Return the symbol of each class; {} for a table."""
    manifest = layer.manifest
    if manifest.is_table:
        return [{} for _ in range(count)]
    base: Mapping[str, Any] = look.symbol or SYMBOLS[manifest.geometry_type]
    if look.ramp or is_ordered:
        colors = list_ramp_colors(look.ramp or _RAMP, count)
    else:
        colors = list_different_colors(count)
    return [{**base, "color": color} for color in colors]
