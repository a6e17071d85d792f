"""Renderers of Esri JSON: which feature has which symbol."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.drawing.symbols import Symbol, read_symbol
from gpserverless.errors import InvalidValue
from gpserverless.features.rows import Rows, is_null
from gpserverless.formats.feature_collection import SYMBOLS

Numbers = NDArray[np.int64]

NOT_DRAWN = -1
"""Class of a feature that has no symbol."""

NULL = "<Null>"
"""Text of null in the values of classes, as ArcGIS writes it."""

MOST_CLASSES = 5_000
"""Most classes of a renderer."""


@dataclass(frozen=True)
class SymbolClass:
    """One class of features.

    Attributes:
        label: Its name in the legend.
        symbol: Its symbol.
        value: The value that the class is for, as text; "" unless it is for values.
    """

    label: str
    symbol: Symbol
    value: str = ""


@dataclass(frozen=True)
class Renderer:
    """The classes of a layer.

    Attributes:
        classes: The classes, K of them, as the legend shows them.
        fields: Names of the columns that tell the class of a feature.
        default: Number of the class of features that are in no other; `NOT_DRAWN` without one.
        breaks: Of classes of numbers, shape (J + 1,): the least number, and the greatest of each class.
        delimiter: Text between the values of several fields.
        normalization: Type and total of the normalization of numbers; "" for none.
    """

    classes: tuple[SymbolClass, ...]
    fields: tuple[str, ...] = ()
    default: int = 0
    breaks: NDArray[np.float64] | None = None
    delimiter: str = ","
    normalization: tuple[str, float] = ("", 0.0)

    def number_classes(self, rows: Rows) -> Numbers:
        """Return the number of the class of each feature, shape (N,); `NOT_DRAWN` where it has none.

        Args:
            rows: The features with the columns named by `fields`.

        Raises:
            InvalidValue: There is no such column, or it holds no numbers.
        """
        if not self.fields:
            return np.full(len(rows), self.default, np.int64)
        return self._number_values(rows) if self.breaks is None else self._number_breaks(rows, self.breaks)

    def _number_values(self, rows: Rows) -> Numbers:
        known = {each.value: number for number, each in enumerate(self.classes) if number != self.default}
        null = NULL if any(NULL in value for value in known) else ""
        texts, index = write_class_values(rows.column(self.fields[0]), null)
        for name in self.fields[1:]:
            more, other = write_class_values(rows.column(name), null)
            pairs, index = np.unique(index * len(more) + other, return_inverse=True)
            texts = [f"{texts[p // len(more)]}{self.delimiter}{more[p % len(more)]}" for p in pairs.tolist()]
        classes = np.array([known.get(text, self.default) for text in texts], np.int64)
        return classes[index] if len(index) else np.empty(0, np.int64)

    def _number_breaks(self, rows: Rows, breaks: NDArray[np.float64]) -> Numbers:
        numbers = self._normalize(rows)
        with np.errstate(invalid="ignore"):
            inside = (numbers >= breaks[0]) & (numbers <= breaks[-1])
        found = np.searchsorted(breaks[1:], numbers, side="left")
        return np.where(inside, found, self.default).astype(np.int64)

    def _normalize(self, rows: Rows) -> NDArray[np.float64]:
        numbers = rows.numbers(self.fields[0])
        kind, total = self.normalization
        with np.errstate(divide="ignore", invalid="ignore"):
            if kind == "esriNormalizeByField":
                return np.asarray(numbers / rows.numbers(self.fields[1]))
            if kind == "esriNormalizeByLog":
                return np.log10(numbers)
            return numbers / total * 100 if kind == "esriNormalizeByPercentOfTotal" else numbers


def make_default_renderer(geometry_type: str) -> dict[str, Any]:
    """Return the renderer of a layer that has none of its own, as Esri JSON.

    Args:
        geometry_type: Esri type of its shapes.
    """
    return {"type": "simple", "symbol": SYMBOLS[geometry_type], "label": "", "description": ""}


def read_renderer(document: Mapping[str, Any], geometry_type: str) -> Renderer:
    """Read a renderer.

    Args:
        document: Esri JSON of a renderer, {} for the default of the type.
        geometry_type: Esri type of the shapes.

    Raises:
        InvalidValue: It is none that can be drawn.
    """
    document = document or make_default_renderer(geometry_type)
    if document.get("visualVariables"):
        raise InvalidValue(
            "a renderer with visualVariables is not drawn", "classes of a classBreaks renderer"
        )
    kind = document.get("type")
    if kind == "simple":
        symbol = read_symbol(document.get("symbol"), geometry_type)
        return Renderer((SymbolClass(str(document.get("label") or ""), symbol),))
    if kind == "uniqueValue":
        return _read_unique_values(document, geometry_type)
    if kind == "classBreaks":
        return _read_class_breaks(document, geometry_type)
    raise InvalidValue(f"{str(kind)[:40]!r} is not a type of renderers", "simple, uniqueValue, classBreaks")


def _read_unique_values(document: Mapping[str, Any], geometry_type: str) -> Renderer:
    fields = tuple(str(document[key]) for key in ("field1", "field2", "field3") if document.get(key))
    if not fields:
        raise InvalidValue("a uniqueValue renderer has no field1", '{"field1": "ZONE"}')
    delimiter = str(document.get("fieldDelimiter") or ",")
    classes = [
        SymbolClass(
            str(info.get("label") or write_class_value(info.get("value"))),
            read_symbol(info.get("symbol"), geometry_type),
            _read_values(info.get("value"), delimiter if len(fields) > 1 else ""),
        )
        for info in _list_infos(document, "uniqueValueInfos")
    ]
    classes, default = _add_default(document, classes, geometry_type)
    return Renderer(tuple(classes), fields, default, delimiter=delimiter)


def _read_values(value: Any, delimiter: str) -> str:
    """Return the values of a class as text."""
    text = write_class_value(value)
    if not delimiter:
        return text
    return delimiter.join(write_class_value(part) for part in text.split(delimiter))


def _read_class_breaks(document: Mapping[str, Any], geometry_type: str) -> Renderer:
    field = document.get("field")
    infos = _list_infos(document, "classBreakInfos")
    low = document.get("minValue")
    bounds: list[Any] = [-math.inf if low is None else low, *(info.get("classMaxValue") for info in infos)]
    numeric = all(isinstance(bound, int | float) and not isinstance(bound, bool) for bound in bounds)
    if not field or not infos or not numeric or sorted(bounds) != bounds:
        raise InvalidValue(
            "a classBreaks renderer has no field, or no rising numbers minValue and classMaxValue",
            '{"field": "POP", "minValue": 0, "classBreakInfos": [{"classMaxValue": 10, "symbol": {}}]}',
        )
    classes = [
        SymbolClass(
            str(info.get("label") or _name_range(low, info["classMaxValue"])),
            read_symbol(info.get("symbol"), geometry_type),
        )
        for low, info in zip(bounds, infos, strict=False)
    ]
    classes, default = _add_default(document, classes, geometry_type)
    normalization, divisor = _read_normalization(document)
    return Renderer(
        tuple(classes), (str(field), *divisor), default, np.array(bounds, float), normalization=normalization
    )


def _name_range(low: float, high: float) -> str:
    return f"<= {high:g}" if math.isinf(low) else f"{low:g} - {high:g}"


def _read_normalization(document: Mapping[str, Any]) -> tuple[tuple[str, float], tuple[str, ...]]:
    kind = document.get("normalizationType") or ""
    total, field = document.get("normalizationTotal"), document.get("normalizationField")
    if kind in ("", "esriNormalizeNone"):
        return ("", 0.0), ()
    if kind == "esriNormalizeByField" and field:
        return (kind, 0.0), (str(field),)
    if kind == "esriNormalizeByLog":
        return (kind, 0.0), ()
    if kind == "esriNormalizeByPercentOfTotal" and isinstance(total, int | float) and total:
        return (kind, float(total)), ()
    raise InvalidValue(
        f"the normalization {str(kind)[:40]!r} cannot be computed",
        "esriNormalizeByField with normalizationField, esriNormalizeByLog, "
        "esriNormalizeByPercentOfTotal with normalizationTotal",
    )


def _list_infos(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    infos = document.get(name) or []
    if not isinstance(infos, Sequence) or not all(isinstance(info, Mapping) for info in infos):
        raise InvalidValue(f"{name} of a renderer is not a list of objects", f'"{name}": []')
    if len(infos) > MOST_CLASSES:
        raise InvalidValue(f"a renderer has {len(infos):,} classes", f"at most {MOST_CLASSES:,}")
    return list(infos)


def _add_default(
    document: Mapping[str, Any], classes: list[SymbolClass], geometry_type: str
) -> tuple[list[SymbolClass], int]:
    if not document.get("defaultSymbol"):
        return classes, NOT_DRAWN
    label = str(document.get("defaultLabel") or "")
    return [*classes, SymbolClass(label, read_symbol(document["defaultSymbol"], geometry_type))], len(classes)


def write_class_values(column: NDArray[Any], null: str = NULL) -> tuple[list[str], Numbers]:
    """Return the texts of the values that occur, K of them, and the place of each row's text, shape (N,).

    Where a renderer has no class for null, that of the empty text has both: `null` is the text of it.

    Args:
        column: Values of a field, shape (N,).
        null: The text of null.
    """
    if column.dtype == object:
        places: dict[str, int] = {}
        texts = [null if is_unknown(value) else write_class_value(value) for value in column.tolist()]
        index = np.array([places.setdefault(text, len(places)) for text in texts], np.int64)
        return list(places), index
    if column.dtype.kind == "f":
        column = np.where(np.isfinite(column), column, np.nan)
    values, inverse = np.unique(column, return_inverse=True)
    return [null if is_unknown(value) else write_class_value(value) for value in values.tolist()], inverse


def write_class_value(value: Any) -> str:
    """Return a value as renderers write it: 3.0 and "3" are one class, and null is `NULL`.

    Args:
        value: A value of a field.
    """
    if is_unknown(value):
        return NULL
    return _write_float(value) if isinstance(value, float) else str(value)


def is_unknown(value: Any) -> bool:
    """Return whether clients read a value as null; an infinite number, which JSON has not, is one.

    Args:
        value: A value of a field.
    """
    return is_null(value) or (isinstance(value, float) and math.isinf(value))


def _write_float(value: float) -> str:
    """Return a number as browsers write it (Number::toString of ECMA-262): they compare the texts."""
    text = str(value + 0.0)  # no -0
    if "e" not in text:
        return text.removesuffix(".0")
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(text), "f")
    digits, _, power = text.partition("e")
    return f"{digits.removesuffix('.0')}e{int(power):+d}"
