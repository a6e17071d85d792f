"""The definition of classes that `generateRenderer` is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.drawing.color_ramps import list_ramp_colors
from gpserverless.drawing.symbols import read_symbol
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.class_breaks import METHODS, BreakRule
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.features.fields import Field
from gpserverless.protocols.featureserver.options import Options
from gpserverless.values.quotation import quoted

NAME = "classificationDef"

MAX_BREAKS = 32
"""Most classes of numbers."""

ACCEPTED = (
    '{"type": "classBreaksDef", "classificationField": "POP", "classificationMethod": '
    '"esriClassifyNaturalBreaks", "breakCount": 5} or '
    '{"type": "uniqueValueDef", "uniqueValueFields": ["KIND"]}'
)

_MOST_FIELDS = 3
_INTERVALS = (1.0, 0.5, 0.33, 0.333, 0.25)
_THIRD = 1 / 3
_NORMALIZATIONS = ("esriNormalizeByField", "esriNormalizeByLog", "esriNormalizeByPercentOfTotal")


@dataclass(frozen=True)
class Look:
    """What classes look like.

    Attributes:
        symbol: Esri JSON of a symbol whose colour each class changes, {} for that of the layer.
        ramp: Esri JSON of a ramp of colours, {} for ours.
    """

    symbol: Mapping[str, Any]
    ramp: Mapping[str, Any]


@dataclass(frozen=True)
class BreaksDefinition:
    """Classes of numbers.

    Attributes:
        field: Declared name of the field of the numbers.
        rule: How they are divided.
        normalization: How they are computed, "" for as they are.
        divisor: Declared name of the field by which they are divided, "" for none.
        look: Their symbols.
    """

    field: str
    rule: BreakRule
    normalization: str
    divisor: str
    look: Look


@dataclass(frozen=True)
class ValuesDefinition:
    """Classes of values.

    Attributes:
        fields: Declared names of the fields, at most three.
        delimiter: Text between the values of several.
        look: Their symbols.
    """

    fields: tuple[str, ...]
    delimiter: str
    look: Look


def read_classification(
    options: Options, manifest: LayerManifest
) -> BreaksDefinition | ValuesDefinition | None:
    """Return the classes that a request defines; None for none.

    Args:
        options: The fields of the request.
        manifest: The layer.

    Raises:
        InvalidParameter: The definition is wrong.
    """
    document = options.json(NAME, ACCEPTED)
    if document in (None, {}):
        return None
    if not isinstance(document, Mapping):
        raise InvalidParameter(NAME, "it is no object", ACCEPTED)
    fields = tuple(Field.from_json(each) for each in manifest.fields)
    look = _read_look(document, manifest)
    kind = document.get("type")
    if kind == "classBreaksDef":
        return _read_breaks(document, fields, look)
    if kind == "uniqueValueDef":
        return _read_values(document, fields, look)
    raise InvalidParameter(NAME, f"{quoted(kind)} is no type of definitions", ACCEPTED)


def _read_look(document: Mapping[str, Any], manifest: LayerManifest) -> Look:
    symbol, ramp = (document.get(name) or {} for name in ("baseSymbol", "colorRamp"))
    if not isinstance(symbol, Mapping) or not isinstance(ramp, Mapping):
        raise InvalidParameter(NAME, "baseSymbol or colorRamp is no object", ACCEPTED)
    try:
        if symbol and not manifest.is_table:
            read_symbol(symbol, manifest.geometry_type)
        if ramp:
            list_ramp_colors(ramp, 1)
    except InvalidValue as error:
        raise InvalidParameter(NAME, error.problem, error.accepted) from None
    return Look(symbol, ramp)


def _read_breaks(document: Mapping[str, Any], fields: tuple[Field, ...], look: Look) -> BreaksDefinition:
    field = _find_number(document.get("classificationField"), fields)
    method = document.get("classificationMethod") or "esriClassifyNaturalBreaks"
    if not isinstance(method, str) or method not in METHODS:
        raise InvalidParameter(NAME, f"the method {quoted(method)} is not supported", ", ".join(METHODS))
    count = document.get("breakCount", 5)
    if type(count) is not int or not 1 <= count <= MAX_BREAKS:
        raise InvalidParameter(NAME, f"breakCount {quoted(count)} is no such number", f"1 to {MAX_BREAKS}")
    interval = document.get("standardDeviationInterval", 1.0)
    if type(interval) not in (int, float) or interval not in _INTERVALS:
        known = "1, 0.5, 0.33, 0.25"
        raise InvalidParameter(NAME, f"standardDeviationInterval {quoted(interval)} is not supported", known)
    kind, divisor = _read_normalization(document, fields)
    width = _THIRD if 0.3 < interval < 0.4 else float(interval)
    return BreaksDefinition(field, BreakRule(method, count, width), kind, divisor, look)


def _read_normalization(document: Mapping[str, Any], fields: tuple[Field, ...]) -> tuple[str, str]:
    kind = document.get("normalizationType") or ""
    if kind in ("", "esriNormalizeNone"):
        return "", ""
    if kind not in _NORMALIZATIONS:
        raise InvalidParameter(
            NAME, f"the normalization {quoted(kind)} is not supported", ", ".join(_NORMALIZATIONS)
        )
    by_field = kind == "esriNormalizeByField"
    return kind, _find_number(document.get("normalizationField"), fields) if by_field else ""


def _read_values(document: Mapping[str, Any], fields: tuple[Field, ...], look: Look) -> ValuesDefinition:
    named = document.get("uniqueValueFields")
    if not isinstance(named, list) or not 1 <= len(named) <= _MOST_FIELDS:
        raise InvalidParameter(NAME, "uniqueValueFields is no list of one to three fields", ACCEPTED)
    names = tuple(dict.fromkeys(_find_field(each, fields).name for each in named))
    delimiter = document.get("fieldDelimiter", ",")
    if not isinstance(delimiter, str) or not 0 < len(delimiter) <= 10:
        raise InvalidParameter(
            NAME, "fieldDelimiter is no text of 1 to 10 characters", '"fieldDelimiter": ","'
        )
    return ValuesDefinition(names, delimiter, look)


def _find_field(name: Any, fields: tuple[Field, ...]) -> Field:
    text = name if isinstance(name, str) else ""
    found = next((field for field in fields if field.name.lower() == text.lower()), None)
    if found is None:
        raise InvalidParameter(
            NAME, f"there is no field {quoted(name)}", ", ".join(field.name for field in fields)
        )
    return found


def _find_number(name: Any, fields: tuple[Field, ...]) -> str:
    field = _find_field(name, fields)
    if not field.is_number:
        numbers = ", ".join(each.name for each in fields if each.is_number)
        raise InvalidParameter(NAME, f"the field '{field.name}' holds no numbers", numbers)
    return field.name
