"""Renderers of layers, made of the rows of a result as its tool declares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
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
from gpserverless.drawing.renderer import make_default_renderer, read_renderer, write_class_values
from gpserverless.errors import AuthoringError, InvalidValue
from gpserverless.featurelayers.class_breaks import BreakRule, find_breaks
from gpserverless.featurelayers.manifest import LABELS
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.feature_collection import SYMBOLS

MOST_VALUES = 24
"""Most values that have a colour of ours; the most frequent ones have it."""

MOST_RENDERER_BYTES = 100_000
"""Most bytes of a renderer of a tool's own, as JSON."""

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
    if len(orjson.dumps(symbology.document, default=dict)) > MOST_RENDERER_BYTES:
        raise AuthoringError(f"LayerRenderer takes at most {MOST_RENDERER_BYTES:,} bytes of JSON")
    problem = ""
    for geometry_type in getattr(data_type, "geometry_types", ()) or GEOMETRY_TYPES:
        try:
            read_renderer(symbology.document, geometry_type)
            return
        except InvalidValue as error:
            problem = error.problem
    raise AuthoringError(f"LayerRenderer cannot be drawn: {problem}")


def _make_classes(symbology: Any, features: FeatureSet[Any]) -> dict[str, Any]:
    if isinstance(symbology, LayerRenderer):
        for name in read_renderer(symbology.document, features.geometry_type).fields:
            features.field(name)
        return dict(symbology.document)
    if symbology is None or not len(features):
        return {}
    if isinstance(symbology, UniqueValues):
        return _divide_values(symbology, features)
    return _divide_numbers(symbology, features)


def _divide_values(symbology: UniqueValues, features: FeatureSet[Any]) -> dict[str, Any]:
    field = features.field(symbology.field).name
    texts, index = write_class_values(features.column(field))
    order = np.argsort(-np.bincount(index, minlength=len(texts)), kind="stable").tolist()
    others = [texts[place] for place in order if texts[place] not in symbology.colors][:MOST_VALUES]
    others = _sort_values(others)
    names = [*symbology.colors, *others]
    colors = [*map(_read_color, symbology.colors.values()), *_choose_colors(len(others))]
    symbols = [_paint(features.geometry_type, color) for color in colors]
    renderer = build_unique_values([field], names, symbols)
    for info in renderer["uniqueValueInfos"]:
        info["label"] = symbology.labels.get(info["value"], info["label"])
    return renderer if set(texts) <= set(names) else _add_others(renderer, features, "Other values")


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
    """Return the breaks, rounded to three digits of their span if they stay apart: people read them."""
    breaks = find_breaks(numbers, BreakRule(method, classes))
    span = breaks[-1] - breaks[0]
    if span > 0:
        digits = 2 - int(np.floor(np.log10(span)))
        scaled = breaks * 10.0**digits
        whole = np.concatenate([np.floor(scaled[:1]), np.round(scaled[1:-1]), np.ceil(scaled[-1:])])
        rounded = np.round(whole / 10.0**digits, max(digits, 0))
        if (np.diff(rounded) > 0).all() and rounded[0] <= breaks[0] and rounded[-1] >= breaks[-1]:
            breaks = rounded
    return [float(each) for each in breaks.tolist()]


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
