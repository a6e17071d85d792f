"""Renderers of layers, made of the rows of a result as its tool declares it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.features import GEOMETRY_TYPES, GPFeatureRecordSetLayer
from gpserverless.datatypes.symbology import (
    GraduatedColors,
    GraduatedSymbols,
    LayerRenderer,
    UniqueValues,
)
from gpserverless.drawing.class_symbols import (
    build_class_breaks,
    build_labels,
    build_unique_values,
)
from gpserverless.drawing.color_ramps import list_different_colors, list_ramp_colors
from gpserverless.drawing.labels import read_label_classes
from gpserverless.drawing.renderer import make_default_renderer, read_renderer, write_class_values
from gpserverless.errors import AuthoringError, InvalidValue
from gpserverless.featurelayers.class_breaks import BreakRule, find_breaks
from gpserverless.featurelayers.manifest import LABELS
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, Field
from gpserverless.features.value_texts import write_value_text
from gpserverless.formats.feature_collection import SYMBOLS

MOST_VALUES = 24
"""Most values that have a colour of ours; the most frequent ones have it."""

MOST_RENDERER_BYTES = 100_000
"""Most bytes of a renderer of a tool's own, as JSON."""

_MOST_LETTERS = 255  # of a value that has a class
_LEAST_SPAN = 1e-200  # of numbers that are rounded; floating point ends at 1e-308 and 1e308
_MOST_MOVED = 0.01  # of the features may come into another class by rounding: many can have one number

_METHODS = {
    "natural breaks": "esriClassifyNaturalBreaks",
    "quantile": "esriClassifyQuantile",
    "equal interval": "esriClassifyEqualInterval",
    "geometrical interval": "esriClassifyGeometricalInterval",
    "standard deviation": "esriClassifyStandardDeviation",
}
_EDGE = {"color": [255, 255, 255, 170], "width": 0.4}  # between classes: their colours tell them apart
_GREY = [150, 154, 160]
_FEW_COLORS = (  # "muted" of Paul Tol, Colour schemes, SRON/EPS/TN/09-002, 2021: also for the colour-blind
    ("#cc6677", "#332288", "#ddcc77", "#117733", "#88ccee", "#882255", "#44aa99", "#999933", "#aa4499")
)


def make_renderer(
    data_type: GPFeatureRecordSetLayer, features: FeatureSet[Any], warn: Callable[[str], None] | None
) -> dict[str, Any]:
    """Return how the layer of an output is drawn, as Esri JSON; {} for one symbol without labels.

    Args:
        data_type: The data type of the output.
        features: The features.
        warn: Takes a sentence about a declaration that these features do not fit.
    """
    renderer: dict[str, Any] = {}
    if not len(features):  # a tool that found none may not know its fields
        return renderer
    try:
        renderer = _make_classes(data_type.symbology, features)
        if data_type.label_field:
            field = features.field(data_type.label_field).name
            renderer = renderer or make_default_renderer(features.geometry_type)
            renderer[LABELS] = build_labels(field, features.geometry_type)
    except InvalidValue as error:
        if warn is not None:
            warn(f"The layer is drawn without what its tool declares: {error.problem}.")
    return renderer


def check_renderer(data_type: DataType) -> None:
    """Check the renderer of a tool's own, if an output has one.

    Args:
        data_type: The data type of the output.

    Raises:
        AuthoringError: It cannot be drawn.
    """
    symbology = getattr(data_type, "symbology", None)
    if not isinstance(symbology, LayerRenderer):
        return
    try:
        document = _copy_document(symbology)
    except TypeError as error:
        raise AuthoringError(f"LayerRenderer takes JSON: {error}") from None
    if len(orjson.dumps(document)) > MOST_RENDERER_BYTES:
        raise AuthoringError(f"LayerRenderer takes at most {MOST_RENDERER_BYTES:,} bytes of JSON")
    problem = ""
    for geometry_type in getattr(data_type, "geometry_types", ()) or GEOMETRY_TYPES:
        try:
            read_renderer(document, geometry_type)
            read_label_classes(document)
            return
        except InvalidValue as error:
            problem = error.problem
    raise AuthoringError(f"LayerRenderer cannot be drawn: {problem}")


def _copy_document(symbology: LayerRenderer) -> dict[str, Any]:
    """Return the document of a renderer as plain JSON, which no later change of the tool's reaches."""
    document: dict[str, Any] = orjson.loads(orjson.dumps(symbology.document, default=dict))
    return document


def _make_classes(symbology: Any, features: FeatureSet[Any]) -> dict[str, Any]:
    if symbology is None:
        return {}
    if isinstance(symbology, LayerRenderer):
        document = _copy_document(symbology)
        labelled = (name for label in read_label_classes(document) for name in label.fields)
        for name in (*read_renderer(document, features.geometry_type).fields, *labelled):
            features.field(name)
        return document
    if isinstance(symbology, UniqueValues):
        return _divide_values(symbology, features)
    return _divide_numbers(symbology, features)


def _divide_values(symbology: UniqueValues, features: FeatureSet[Any]) -> dict[str, Any]:
    field = features.field(symbology.field)
    texts, index = write_class_values(features.column(field.name))
    order = np.argsort(-np.bincount(index, minlength=len(texts)), kind="stable").tolist()
    frequent = (texts[place] for place in order)
    unnamed = (text for text in frequent if text not in symbology.colors and len(text) <= _MOST_LETTERS)
    others = _sort_values(list(islice(unnamed, MOST_VALUES)))
    names = [*symbology.colors, *others]
    colors = [*map(_read_color, symbology.colors.values()), *_choose_colors(len(others))]
    symbols = [_paint(features.geometry_type, color) for color in colors]
    renderer = build_unique_values([field.name], names, symbols)
    for info in renderer["uniqueValueInfos"]:
        info["label"] = symbology.labels.get(info["value"]) or _name_value(field, info["value"])
    return renderer if set(texts) <= set(names) else _add_others(renderer, features, "Other values")


def _name_value(field: Field, text: str) -> str:
    """Return the text of a value as people read it: dates are numbers of milliseconds otherwise."""
    is_date = field.type == DATE and text.removeprefix("-").isdecimal()
    return write_value_text(field, int(text)) if is_date else text


def _sort_values(names: list[str]) -> list[str]:
    """Return values as a legend lists them: numbers by size, then texts by the alphabet."""

    def rank(name: str) -> tuple[bool, float, str]:
        try:
            return False, float(name), name
        except ValueError:
            return True, 0.0, name

    return sorted(names, key=rank)


def _divide_numbers(
    symbology: GraduatedColors | GraduatedSymbols, features: FeatureSet[Any]
) -> dict[str, Any]:
    field = features.field(symbology.field)
    numbers = features.numbers(field.name)
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        raise InvalidValue(f"no feature has a number in '{field.name}'", "numbers")
    method = _METHODS[symbology.method]
    breaks = _find_breaks(known, method, symbology.classes)
    count = len(breaks) - 1
    if isinstance(symbology, GraduatedColors):
        colors = list_ramp_colors(_make_ramp(symbology.colors), count)
        symbols = [_paint(features.geometry_type, color[:3]) for color in colors]
    else:
        symbols = _grow_symbols(features.geometry_type, symbology.sizes, count)
    renderer = build_class_breaks(field.name, method, breaks, symbols)
    return renderer if len(known) == len(numbers) else _add_others(renderer, features, "No value")


def _find_breaks(numbers: NDArray[np.float64], method: str, classes: int) -> list[float]:
    """Return the breaks, rounded to three digits of their span if they stay apart: people read them.

    Many features can have the number of a break, so rounding may not move it past them.
    """
    breaks = find_breaks(numbers, BreakRule(method, classes))
    rounded = (_round_breaks(breaks, each) for each in (np.round, np.ceil))
    chosen = next((each for each in rounded if _keeps_classes(numbers, breaks, each)), breaks)
    return [float(each) for each in chosen.tolist()]


def _round_breaks(breaks: NDArray[np.float64], round_inner: Callable[[Any], Any]) -> NDArray[np.float64]:
    low, high = float(breaks[0]), float(breaks[-1])
    span = high - low
    if not _LEAST_SPAN < span < 1 / _LEAST_SPAN:
        return breaks
    digits = 2 - math.floor(math.log10(span))
    scaled = breaks * 10.0**digits
    whole = np.concatenate([np.floor(scaled[:1]), round_inner(scaled[1:-1]), np.ceil(scaled[-1:])])
    return np.round(whole / 10.0**digits, max(digits, 0))


def _keeps_classes(
    numbers: NDArray[np.float64], breaks: NDArray[np.float64], rounded: NDArray[np.float64]
) -> bool:
    """Return whether rounded breaks are breaks of the numbers, and nearly all stay in their classes."""
    if rounded[0] > breaks[0] or rounded[-1] < breaks[-1] or (rounded[1:] <= rounded[:-1]).any():
        return False
    classes, others = (np.searchsorted(each[1:-1], numbers) for each in (breaks, rounded))
    return bool(np.mean(classes != others) <= _MOST_MOVED)


def _make_ramp(colors: Sequence[str]) -> dict[str, Any]:
    ends = [[*_read_color(each), 255] for each in colors]
    parts = [
        {"type": "algorithmic", "algorithm": "esriCIELabAlgorithm", "fromColor": begin, "toColor": end}
        for begin, end in pairwise(ends)
    ]
    return {"type": "multipart", "colorRamps": parts}


def _choose_colors(count: int) -> list[list[int]]:
    """Return colours for values, each unlike the others."""
    if count <= len(_FEW_COLORS):
        return [_read_color(each) for each in _FEW_COLORS[:count]]
    return [each[:3] for each in list_different_colors(count)]


def _read_color(text: str) -> list[int]:
    return list(bytes.fromhex(text[1:]))


def _paint(geometry_type: str, color: Sequence[int]) -> dict[str, Any]:
    """Return the default symbol of a geometry type in another colour; polygons let the base shine through."""
    base: Mapping[str, Any] = SYMBOLS[geometry_type]
    if geometry_type != "esriGeometryPolygon":
        return {**base, "color": [*color, 255]}
    return {**base, "color": [*color, 220], "outline": {**base["outline"], **_EDGE}}


def _grow_symbols(geometry_type: str, sizes: tuple[float, float], count: int) -> list[dict[str, Any]]:
    base = SYMBOLS[geometry_type]
    if "size" not in base and "width" not in base:
        raise InvalidValue(f"sizes are not for {geometry_type}", "points and lines")
    member = "size" if "size" in base else "width"
    grown = np.linspace(*sizes, count) if count > 1 else np.array([sizes[0]])
    return [{**base, member: round(float(each), 2)} for each in grown]


def _add_others(renderer: dict[str, Any], features: FeatureSet[Any], label: str) -> dict[str, Any]:
    """Return the renderer with a symbol for the features that are in no class: all are drawn."""
    return {**renderer, "defaultSymbol": _paint(features.geometry_type, _GREY), "defaultLabel": label}
