"""Queries of several layers at once: `layerDefs` in its three forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidParameter, MissingParameter
from gpserverless.protocols.featureserver.options import Options
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted

_NAME = "layerDefs"
_ACCEPTED = (
    '{"0": "POP > 5"}, 0:POP > 5;1:NAME = \'A\', or [{"layerId": 0, "where": "POP > 5", "outFields": "*"}]'
)
_MAX_TEXT = 200_000
_MAX_LAYERS = 100


@dataclass(frozen=True)
class LayerDefinition:
    """What is asked of one layer beside what is asked of all.

    Attributes:
        number: Number of the layer.
        fields: Its own fields of the request.
    """

    number: int
    fields: Mapping[str, str]


def read_layer_definitions(options: Options) -> list[LayerDefinition]:
    """Return what is asked of each layer.

    Args:
        options: The fields of the request.

    Raises:
        InvalidParameter: It cannot be read, or names a layer twice.
    """
    text = options.text(_NAME, _MAX_TEXT)
    if not text:
        raise MissingParameter(_NAME, _ACCEPTED)
    if text[0] in "[{":
        definitions = _read_json(options.json(_NAME, _ACCEPTED, _MAX_TEXT))
    else:
        definitions = _read_text(text)
    numbers = [definition.number for definition in definitions]
    if not numbers or len(numbers) > _MAX_LAYERS or len(set(numbers)) < len(numbers):
        raise InvalidParameter(_NAME, "it names no layer, too many, or one twice", _ACCEPTED)
    return definitions


def _read_json(document: Any) -> list[LayerDefinition]:
    if isinstance(document, Mapping):
        return [_define(number, {"where": where}) for number, where in document.items()]
    if not isinstance(document, list) or not all(isinstance(each, Mapping) for each in document):
        raise InvalidParameter(_NAME, "it is no list of objects", _ACCEPTED)
    return [
        _define(each.get("layerId"), {name: each[name] for name in ("where", "outFields") if name in each})
        for each in document
    ]


def _read_text(text: str) -> list[LayerDefinition]:
    """Read 0:POP > 5;1:NAME = 'A;B'; a semicolon in a text is none between layers."""
    definitions = []
    for piece in _split(text):
        number, colon, where = piece.partition(":")
        if not colon:
            raise InvalidParameter(_NAME, f"{quoted(piece)} has no colon behind the layer", _ACCEPTED)
        definitions.append(_define(number, {"where": where}))
    return definitions


def _split(text: str) -> list[str]:
    pieces, inside = [""], False
    for character in text:
        inside ^= character == "'"
        if character == ";" and not inside:
            pieces.append("")
        else:
            pieces[-1] += character
    return [piece for piece in pieces if piece.strip()]


def _define(number: Any, fields: Mapping[str, Any]) -> LayerDefinition:
    whole = read_whole(number)
    if whole is None or whole < 0:
        raise InvalidParameter(_NAME, f"{quoted(number)} is no number of a layer", _ACCEPTED)
    texts = {
        name: ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        for name, value in fields.items()
    }
    return LayerDefinition(whole, texts)
